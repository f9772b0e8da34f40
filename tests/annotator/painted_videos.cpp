#include "tests/annotator/painted_videos.h"

#include <algorithm>
#include <cmath>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/synth/frame_number.h"
#include "storage/media/video_reader.h"
#include "tests/support/recording_files.h"

namespace tests {

namespace {

using schemas::Picture;

Picture picture_of(const PaintedVideo& video, int number) {
    Picture picture = schemas::blank_picture(video.options.width, video.options.height);
    const bool street = video.scene == PaintedVideo::Scene::street;
    const double turn = (street ? 0.11 : 0.07) * number;
    const double centre_x = 0.5 + 0.3 * std::sin(turn), centre_y = 0.65 + 0.15 * std::cos(1.7 * turn);
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            const double u = (x + 0.5) / picture.width, v = (y + 0.5) / picture.height;
            const double wall = street ? 130 + 60 * std::sin(19 * u) * std::sin(13 * v) : 90 + 60 * u - 40 * v;
            const double inside = (0.13 - std::hypot(u - centre_x, v - centre_y)) * picture.height;
            const double level = wall + std::clamp(inside + 0.5, 0.0, 1.0) * (230 - wall) + video.brightness;
            std::uint8_t* pixel = picture.pixel(x, y);
            std::fill_n(pixel, 3, static_cast<std::uint8_t>(std::clamp(level, 0.0, 255.0)));
            pixel[3] = 255;
        }
    annotator::synth::paint_frame_number(picture, number);
    return picture;
}

}  // namespace

std::vector<int> numbers_from(int begin, int end, int step) {
    std::vector<int> numbers;
    for (int number = begin; number < end; number += step) numbers.push_back(number);
    return numbers;
}

PaintedVideo painted(std::vector<int> numbers) {
    PaintedVideo video;
    video.numbers = std::move(numbers);
    video.options.width = 160;
    video.options.height = 120;
    video.options.time_base_denominator = 30;
    video.options.declared_rate = schemas::FrameRate{30, 1};
    video.options.preset = "ultrafast";
    return video;
}

std::filesystem::path write_video(const TemporaryFolder& folder, const std::string& name, const PaintedVideo& video) {
    const std::filesystem::path file = write_file(folder, name, "");
    storage::VideoWriter writer(file, video.options);
    for (std::size_t i = 0; i < video.numbers.size(); ++i)
        writer.add(picture_of(video, video.numbers[i]),
                   video.pts.empty() ? static_cast<std::int64_t>(i) : video.pts[i]);
    if (const auto& sound = video.options.sound) {
        const std::size_t samples = video.numbers.size() * static_cast<std::size_t>(sound->sample_rate) / 30;
        writer.add_sound(std::vector<float>(samples * static_cast<std::size_t>(sound->channels), 0.1F));
    }
    writer.close();
    return file;
}

std::vector<int> painted_numbers(const std::filesystem::path& video) {
    auto index = storage::scan_video(video, {}, [](double) {}, {});
    storage::VideoReader reader(video, std::make_shared<const storage::VideoIndex>(std::move(index.value())));
    std::vector<int> numbers;
    for (schemas::FrameIndex i = 0; i < reader.index().size(); ++i)
        numbers.push_back(annotator::synth::read_frame_number(reader.frame(i)->picture()).value_or(-1));
    return numbers;
}

void draw(annotator::ProjectSession& session, const std::string& clip, schemas::FrameSpan span,
          const std::string& label) {
    using namespace annotator;
    const schemas::LayerId layer = layer_of(session, session.author().name, schemas::LayerKind::person);
    const schemas::Track& track = *track_of_kind(session.document(), schemas::TrackKind::category);
    schemas::LabelId id{};
    session.commit([&](const EditStamp&) {
        schemas::Edit edit{"Add label", {}};
        id = LabelMaker(session.document(), session.ids()).label(edit, track.id, label);
        return edit;
    });
    session.commit([&](const EditStamp& stamp) {
        NewSegment segment;
        segment.line = {clip_named(session.document(), clip)->id, layer, track.id, std::nullopt};
        segment.span = span;
        segment.label = id;
        return draw_segment(session.document(), stamp, segment, WhereLabelled::refuse, session.ids());
    });
}

std::map<std::string, schemas::FrameSpan> label_spans(const annotator::Document& document, const std::string& clip) {
    std::map<std::string, schemas::FrameSpan> found;
    for (const auto& [id, segment] : document.rows<schemas::Segment>())
        if (document.at<schemas::Clip>(segment.clip).name == clip)
            found[document.at<schemas::Label>(segment.label).name] = segment.span();
    return found;
}

}  // namespace tests
