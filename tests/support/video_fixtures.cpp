#include "tests/support/video_fixtures.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>

#include "annotator/workflows/synth/choreography.h"
#include "annotator/workflows/synth/dancer.h"
#include "annotator/workflows/synth/frame_number.h"
#include "annotator/workflows/synth/recording.h"
#include "annotator/workflows/synth/video_renderer.h"
#include "storage/media/video_writer.h"
#include "storage/skeleton/layout_registry.h"
#include "tests/support/temporary_folder.h"

namespace tests {

namespace {

namespace synth = annotator::synth;
using schemas::FrameRate;
using schemas::Picture;
using storage::VideoWriterOptions;

constexpr int width = 128;
constexpr int height = 96;
constexpr int usual_frames = 300;

// What a fixture is made by. `pts` in ticks of the options' time base.
struct Recipe {
    std::string name, file;
    VideoWriterOptions options;
    std::vector<std::int64_t> pts;
    VideoFixture::End end = VideoFixture::End::whole;
    VideoFixture::Times times = VideoFixture::Times::exact;
};

std::vector<std::int64_t> even(std::int64_t first, std::int64_t step, int frames = usual_frames) {
    std::vector<std::int64_t> pts(static_cast<std::size_t>(frames));
    for (std::size_t i = 0; i < pts.size(); ++i) pts[i] = first + step * static_cast<std::int64_t>(i);
    return pts;
}

std::vector<std::int64_t> uneven(std::int64_t shortest, std::int64_t longest) {
    std::mt19937_64 random(7);
    std::vector<std::int64_t> pts = even(0, 0);
    for (std::size_t i = 1; i < pts.size(); ++i)
        pts[i] = pts[i - 1] + shortest +
                 static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(longest - shortest + 1));
    return pts;
}

VideoWriterOptions usual(const std::string& codec, int b_frames = 0) {
    VideoWriterOptions options;
    options.codec = codec;
    options.width = width;
    options.height = height;
    options.group_length = 24;
    options.b_frames = b_frames;
    options.time_base_denominator = 25;
    options.declared_rate = FrameRate{25, 1};
    if (codec == "h264" || codec == "hevc") options.preset = codec == "hevc" ? "ultrafast" : "veryfast";
    if (codec == "vp8" || codec == "vp9") options.preset = "8";
    return options;
}

Recipe plain(std::string name, std::string file, VideoWriterOptions options) {
    return {std::move(name), std::move(file), std::move(options), even(0, 1)};
}

Recipe at_rate(std::string name, std::string file, FrameRate rate) {
    VideoWriterOptions options = usual("h264", 2);
    options.time_base_numerator = rate.denominator;
    options.time_base_denominator = rate.numerator;
    options.declared_rate = rate;
    return {std::move(name), std::move(file), std::move(options), even(0, 1)};
}

template <class Change>
Recipe changed(Recipe recipe, const Change& change) {
    change(recipe);
    return recipe;
}

std::vector<Recipe> of_codecs() {
    const auto open = [](Recipe& recipe) { recipe.options.groups = VideoWriterOptions::Groups::open; };
    return {
        plain("H.264, closed groups", "h264-closed.mp4", usual("h264", 3)),
        changed(plain("H.264, open groups", "h264-open.mp4", usual("h264", 3)), open),
        changed(plain("HEVC, open groups", "hevc-open.mp4", usual("hevc", 3)), open),
        plain("HEVC, closed groups", "hevc-closed.mkv", usual("hevc", 2)),
        plain("VP8", "vp8.webm", usual("vp8")),
        plain("VP9", "vp9.webm", usual("vp9")),
        plain("AV1", "av1.mp4", usual("av1")),
        changed(plain("MPEG-4 ASP in AVI", "asp.avi", usual("mpeg4", 2)),
                [](Recipe& recipe) { recipe.times = VideoFixture::Times::from_the_first_on; }),
        plain("MPEG-4 ASP in MP4", "asp.mp4", usual("mpeg4", 2)),
        plain("MJPEG", "mjpeg.avi", usual("mjpeg")),
        changed(plain("FFV1 gray16", "ffv1.mkv", usual("ffv1")),
                [](Recipe& recipe) { recipe.options.pixel_format = "gray16le"; }),
        changed(plain("HEVC of 10 bits", "hevc10.mp4", usual("hevc", 2)),
                [](Recipe& recipe) { recipe.options.pixel_format = "yuv420p10le"; }),
        changed(plain("VP9 with alpha", "vp9-alpha.webm", usual("vp9")),
                [](Recipe& recipe) { recipe.options.pixel_format = "yuva420p"; }),
    };
}

std::vector<Recipe> of_times() {
    const auto in_ticks = [](std::int64_t denominator, std::vector<std::int64_t> pts) {
        return [denominator, pts = std::move(pts)](Recipe& recipe) {
            recipe.options.time_base_denominator = denominator;
            recipe.pts = pts;
        };
    };
    const auto undeclared = [](Recipe& recipe) { recipe.options.declared_rate.reset(); };
    return {
        changed(plain("MPEG-TS", "stream.ts", usual("h264", 2)), in_ticks(90000, even(126000, 3600))),
        changed(changed(plain("variable rate in MP4", "variable.mp4", usual("h264", 3)),
                        in_ticks(90000, uneven(900, 9000))),
                undeclared),
        changed(changed(plain("variable rate in Matroska", "variable.mkv", usual("h264", 2)),
                        in_ticks(1000, uneven(5, 120))),
                undeclared),
        changed(plain("edit list into a group", "edit.mp4", usual("h264", 3)), in_ticks(25, even(-21, 1))),
        changed(plain("edit list over whole groups", "edit-groups.mov", usual("h264", 2)), in_ticks(25, even(-101, 1))),
        changed(plain("start after zero", "late.mov", usual("h264", 2)), in_ticks(600, even(2227, 24))),
        at_rate("23.976 a second", "23976.mp4", {24000, 1001}),
        at_rate("29.97 a second", "2997.mov", {30000, 1001}),
        at_rate("59.94 a second", "5994.mp4", {60000, 1001}),
        at_rate("120 a second", "120.mp4", {120, 1}),
        at_rate("240 a second", "240.mov", {240, 1}),
    };
}

std::vector<Recipe> of_files() {
    const auto rotated = [](int degrees) {
        return [degrees](Recipe& recipe) { recipe.options.rotation_degrees = degrees; };
    };
    const auto cut_off = [](Recipe& recipe) { recipe.end = VideoFixture::End::cut_off; };
    return {
        changed(plain("shown turned by 90 degrees", "turned90.mp4", usual("h264", 2)), rotated(90)),
        changed(plain("shown turned by 180 degrees", "turned180.mov", usual("h264", 2)), rotated(180)),
        changed(plain("shown turned by 270 degrees", "turned270.mp4", usual("hevc", 2)), rotated(270)),
        changed(plain("cut off Matroska", "cut.mkv", usual("h264", 3)), cut_off),
        changed(changed(plain("cut off MPEG-TS", "cut.ts", usual("h264", 2)),
                        [](Recipe& recipe) {
                            recipe.options.time_base_denominator = 90000;
                            recipe.pts = even(900000, 3003);
                        }),
                cut_off),
        changed(plain("with sound", "sound.mp4", usual("h264", 3)),
                [](Recipe& recipe) { recipe.options.sound = VideoWriterOptions::Sound{}; }),
        changed(plain("one group", "long-group.mp4", usual("h264", 3)),
                [](Recipe& recipe) { recipe.options.group_length = 1000; }),
    };
}

// The dancer in small pictures, to paint numbers into.
std::vector<Picture> danced_pictures(int count) {
    const synth::Dancer dancer = synth::dancer_of(1, 0);
    const synth::DanceTake take = synth::dance_stream(dancer, 12, synth::Random(1));
    const synth::Viewpoint viewpoint = synth::viewpoint_of(dancer.body);
    const schemas::SkeletonSequence seen = synth::seen_from(viewpoint, take.figures, storage::layout_named("msr20"));
    const synth::VideoRenderer renderer(seen.layout, {.camera_height_metres = viewpoint.height_metres,
                                                      .girth = dancer.body.girth,
                                                      .camera = synth::camera_of_size(width, height)});
    std::vector<Picture> pictures;
    for (schemas::FrameIndex frame = 0; frame < std::min<schemas::FrameIndex>(count, seen.frames()); ++frame)
        pictures.push_back(renderer.render(seen, frame));
    return pictures;
}

// A quarter turn to the left, so that a quarter turn clockwise shows it upright again.
Picture turned_left(const Picture& picture) {
    Picture turned = schemas::blank_picture(picture.height, picture.width);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            std::copy_n(picture.pixel(x, y), 4, turned.pixel(y, picture.width - 1 - x));
    return turned;
}

// The dancer without legs, where the picture is to stand on its side.
Picture cropped_to_portrait(const Picture& picture) {
    Picture cropped = schemas::blank_picture(picture.height, picture.width);
    for (int y = 0; y < cropped.height; ++y)
        for (int x = 0; x < cropped.width; ++x)
            std::copy_n(picture.pixel(x + (picture.width - cropped.width) / 2, y * picture.height / cropped.height), 4,
                        cropped.pixel(x, y));
    return cropped;
}

Picture stored_picture(const Picture& dancer, int number, int rotation_degrees) {
    Picture picture = rotation_degrees % 180 == 0 ? dancer : cropped_to_portrait(dancer);
    synth::paint_frame_number(picture, number);
    for (int turn = 0; turn < rotation_degrees; turn += 90) picture = turned_left(picture);
    return picture;
}

void write(const Recipe& recipe, const std::filesystem::path& file, const std::vector<Picture>& dancer) {
    storage::VideoWriter writer(file, recipe.options);
    for (std::size_t i = 0; i < recipe.pts.size(); ++i) {
        const int number = static_cast<int>(i);
        if (recipe.options.pixel_format == "gray16le") {
            storage::DepthFrame depth{width, height, std::vector<std::uint16_t>(width * height, 2900)};
            synth::paint_frame_number(depth, number);
            writer.add(depth, recipe.pts[i]);
        } else {
            writer.add(stored_picture(dancer[i % dancer.size()], number, recipe.options.rotation_degrees),
                       recipe.pts[i]);
        }
        if (recipe.options.sound) writer.add_sound(std::vector<float>(1920, 0.1F));
    }
    writer.close();
}

VideoFixture fixture_from(const Recipe& recipe, const std::filesystem::path& folder,
                          const std::vector<Picture>& dancer) {
    const std::filesystem::path file = folder / recipe.file;
    write(recipe, file, dancer);
    if (recipe.end == VideoFixture::End::cut_off) resize_file(file, file_size(file) * 3 / 5);
    VideoFixture fixture;
    fixture.name = recipe.name;
    fixture.file = file;
    fixture.time_base_numerator = recipe.options.time_base_numerator;
    fixture.time_base_denominator = recipe.options.time_base_denominator;
    fixture.end = recipe.end;
    fixture.times = recipe.times;
    fixture.group_length = recipe.options.group_length;
    fixture.sound = recipe.options.sound.has_value();
    for (std::size_t i = 0; i < recipe.pts.size(); ++i) {
        if (recipe.pts[i] < 0) continue;
        fixture.numbers.push_back(static_cast<int>(i));
        fixture.pts.push_back(recipe.pts[i]);
    }
    return fixture;
}

class Fixtures {
public:
    Fixtures() {
        std::vector<Recipe> recipes = of_codecs();
        std::ranges::move(of_times(), std::back_inserter(recipes));
        std::ranges::move(of_files(), std::back_inserter(recipes));
        const std::vector<Picture> dancer = danced_pictures(usual_frames);
        all.resize(recipes.size());
        std::vector<std::exception_ptr> failures(recipes.size());
        std::atomic<std::size_t> next = 0;
        {
            std::vector<std::jthread> workers;
            for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
                workers.emplace_back([&] {
                    for (std::size_t job; (job = next++) < recipes.size();) try {
                            all[job] = fixture_from(recipes[job], folder_.path(), dancer);
                        } catch (...) {
                            failures[job] = std::current_exception();
                        }
                });
        }
        for (const std::exception_ptr& failure : failures)
            if (failure) std::rethrow_exception(failure);
    }

    std::vector<VideoFixture> all;

private:
    TemporaryFolder folder_{Place::memory};
};

}  // namespace

int VideoFixture::number_at(const storage::VideoIndex& index, schemas::FrameIndex frame) const {
    const std::int64_t shift = times == Times::exact ? 0 : index.frames.front().pts;
    const std::int64_t found = (index.frames.at(static_cast<std::size_t>(frame)).pts - shift) *
                               index.properties.time_base_numerator * time_base_denominator;
    const std::int64_t tick = time_base_numerator * index.properties.time_base_denominator;
    const auto place = std::ranges::lower_bound(pts, found / tick);
    if (found % tick != 0 || place == pts.end() || *place != found / tick) return -1;
    return numbers[static_cast<std::size_t>(place - pts.begin())];
}

const std::vector<VideoFixture>& video_fixtures() {
    static const Fixtures fixtures;
    return fixtures.all;
}

const VideoFixture& video_fixture(const std::string& name) {
    const auto found = std::ranges::find(video_fixtures(), name, &VideoFixture::name);
    if (found == video_fixtures().end()) throw std::out_of_range("there is no video fixture called " + name);
    return *found;
}

storage::VideoIndex index_of(const std::filesystem::path& file) {
    return storage::scan_video(file, {}, [](double) {}, {}).value();
}

int painted_number(const schemas::Picture& picture) { return synth::read_frame_number(picture).value_or(-1); }
int painted_number(const storage::VideoFrame& frame) { return painted_number(frame.picture()); }

}  // namespace tests
