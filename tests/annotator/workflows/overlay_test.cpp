#include "annotator/workflows/overlay.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "storage/media/matlab_depth.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/msr_skeleton.h"
#include "tests/support/depth_files.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"

namespace annotator {
namespace {

using schemas::CoordinateSpace;
using schemas::FrameIndex;
using schemas::Picture;
using schemas::SkeletonSequence;

constexpr std::size_t left_wrist = 9, right_wrist = 10, left_elbow = 7, nose = 0;

// A grey picture and a skeleton of which nothing was seen.
Picture grey_picture(int width, int height) {
    Picture picture = schemas::blank_picture(width, height);
    for (std::uint8_t& part : picture.rgba) part = 100;
    return picture;
}

SkeletonSequence unseen(FrameIndex frames = 1) {
    return SkeletonSequence::empty(storage::layout_named("coco17"), frames, CoordinateSpace::pixels);
}

void place(SkeletonSequence& sequence, std::size_t joint, float u, float v, float confidence = 1) {
    sequence.set(0, joint, {u, v, 0});
    sequence.confidence[joint] = confidence;
}

std::array<int, 3> colour_at(const Picture& picture, int x, int y) {
    const std::uint8_t* rgba = picture.pixel(x, y);
    return {rgba[0], rgba[1], rgba[2]};
}

std::string take_of(const std::filesystem::path& file) { return file.filename().string().substr(0, 11); }

bool on_body(const storage::DepthFrame& depth, int u, int v, int reach) {
    for (int y = std::max(0, v - reach); y <= std::min(depth.height - 1, v + reach); ++y)
        for (int x = std::max(0, u - reach); x <= std::min(depth.width - 1, u + reach); ++x)
            if (depth.values[static_cast<std::size_t>(y * depth.width + x)] != 0) return true;
    return false;
}

// How many heads lie within so many pixels of the body.
struct HeadCount {
    int frames = 0;
    std::array<int, 3> within{};

    void add(const storage::DepthFrame& depth, const Eigen::Vector3f& head) {
        const int u = static_cast<int>(std::lround(head.x())), v = static_cast<int>(std::lround(head.y()));
        ++frames;
        for (int reach = 0; reach < 3; ++reach)
            if (on_body(depth, u, v, reach)) ++within[static_cast<std::size_t>(reach)];
    }
    [[nodiscard]] double share(std::size_t reach) const { return static_cast<double>(within[reach]) / frames; }
};

}  // namespace

TEST_CASE("left of the body is blue, right orange, the middle white") {
    Picture picture = grey_picture(400, 400);
    SkeletonSequence sequence = unseen();
    place(sequence, left_wrist, 50, 50);
    place(sequence, right_wrist, 150, 50);
    place(sequence, nose, 100, 50);
    draw_skeleton(picture, sequence, 0);
    CHECK(colour_at(picture, 50, 50) == std::array{86, 180, 233});
    CHECK(colour_at(picture, 150, 50) == std::array{230, 159, 0});
    CHECK(colour_at(picture, 100, 50) == std::array{255, 255, 255});
    CHECK(colour_at(picture, 75, 50) == std::array{100, 100, 100});
}

TEST_CASE("a bone is drawn between joints that were both seen, as opaque as the less confident one") {
    Picture picture = grey_picture(200, 200);
    SkeletonSequence sequence = unseen();
    place(sequence, left_elbow, 50, 100);
    place(sequence, left_wrist, 150, 100, 0.5F);
    draw_skeleton(picture, sequence, 0);
    const auto halfway = colour_at(picture, 100, 100);
    CHECK(halfway[2] > 120);
    CHECK(halfway[2] < 200);
    place(sequence, left_wrist, 150, 100, 0);
    Picture without = grey_picture(200, 200);
    draw_skeleton(without, sequence, 0);
    CHECK(colour_at(without, 100, 100) == std::array{100, 100, 100});
    CHECK(colour_at(without, 150, 100) == std::array{100, 100, 100});
}

TEST_CASE("what is drawn grows with the picture") {
    const auto covered = [](int size) {
        Picture picture = grey_picture(size, size);
        SkeletonSequence sequence = unseen();
        place(sequence, left_wrist, static_cast<float>(size) / 2, static_cast<float>(size) / 2);
        draw_skeleton(picture, sequence, 0);
        int count = 0;
        for (int y = 0; y < size; ++y)
            for (int x = 0; x < size; ++x) count += colour_at(picture, x, y) == std::array{86, 180, 233} ? 1 : 0;
        return count;
    };
    CHECK(covered(2000) > 3 * covered(1000));
}

TEST_CASE("joints outside of the picture, at no number and without end are no trouble") {
    Picture picture = grey_picture(500, 500);
    SkeletonSequence sequence = unseen();
    place(sequence, left_elbow, 25, 25);
    place(sequence, left_wrist, -30, 25);
    place(sequence, right_wrist, std::nanf(""), 3);
    place(sequence, nose, 1e30F, -1e30F);
    draw_skeleton(picture, sequence, 0);
    CHECK(colour_at(picture, 0, 25) == std::array{86, 180, 233});
    CHECK_THROWS_AS(draw_skeleton(picture, sequence, 1), std::out_of_range);
    sequence.space = CoordinateSpace::metres;
    CHECK_THROWS_AS(draw_skeleton(picture, sequence, 0), std::invalid_argument);
}

TEST_CASE("an overlay of depth and a skeleton in pixels shows both at the same frame") {
    const tests::TemporaryFolder folder;
    std::vector<std::int32_t> values{2, 320, 240};
    values.resize(3 + 2 * 320 * 240, 0);
    for (int i = 0; i < 320 * 240; ++i) values[static_cast<std::size_t>(3 + 320 * 240 + i)] = 500 + i % 100;
    OverlayRequest wanted;
    wanted.recording = tests::write_file(folder, "a01_s01_e01_sdepth.bin", tests::little_endian(values));
    std::string joints;
    for (const int frame : {0, 1})
        for (int joint = 0; joint < 20; ++joint) joints += std::to_string(20 + 200 * frame) + " 100 650 1\n";
    wanted.skeletons = {tests::write_file(folder, "a01_s01_e01_skeleton.txt", joints)};
    wanted.frame = 1;
    wanted.scale = 2;
    const auto drawn = overlay(wanted, {});
    REQUIRE(drawn);
    CHECK(drawn->picture.width == 640);
    CHECK(drawn->joints == 20);
    CHECK(drawn->without_skeleton.empty());
    const auto joint = colour_at(drawn->picture, 440, 200);
    CHECK(joint != colour_at(drawn->picture, 40, 200));
    CHECK(colour_at(drawn->picture, 40, 200) != std::array{0, 0, 0});
    wanted.frame = 2;
    CHECK_THROWS_WITH_AS((void)overlay(wanted, {}), "a01_s01_e01_sdepth.bin: there is no frame 2; it has frames 0 to 1",
                         std::out_of_range);
}

TEST_CASE("a skeleton in metres whose camera nobody knows has no place in a picture") {
    const tests::TemporaryFolder folder;
    OverlayRequest wanted;
    wanted.recording = tests::write_file(folder, "a_depth.bin", tests::little_endian({1, 1, 1, 500}));
    std::string joints;
    for (int joint = 0; joint < 20; ++joint) joints += "0 0 2 1\n";
    wanted.skeletons = {tests::write_file(folder, "a01_s01_e01_skeleton3D.txt", joints)};
    CHECK_THROWS_AS((void)overlay(wanted, {}), std::invalid_argument);
}

// A head counts as on the body when a pixel with a value lies at most one pixel away from the pixel that
// the recording names, each way: positions are rounded to whole pixels there.
TEST_CASE("slow: the head lies on the body in at least 95 % of all frames of the MSR takes") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d");
    if (folder.empty()) return tests::no_recordings();
    std::map<std::string, std::filesystem::path> depth_of;
    for (const auto& file : tests::files_below(folder / "depth_mat", ".mat")) depth_of[take_of(file)] = file;
    HeadCount screen, world;
    int takes = 0;
    for (const auto& file : tests::files_below(folder / "skeleton_screen", ".txt")) {
        const auto found = depth_of.find(take_of(file));
        if (found == depth_of.end()) continue;
        ++takes;
        const auto recording = storage::open_matlab_depth(found->second);
        const SkeletonSequence pixels = storage::read_msr_skeleton_screen(file).sequence;
        const SkeletonSequence metres = seen_by(
            schemas::msr_camera,
            storage::read_msr_skeleton(folder / "skeleton_world" / (take_of(file) + "_skeleton3D.txt")).sequence);
        const auto head = static_cast<std::size_t>(*pixels.layout->joint_named("head"));
        REQUIRE(pixels.frames() == recording->frames());
        REQUIRE(metres.frames() == recording->frames());
        for (FrameIndex frame = 0; frame < recording->frames(); ++frame) {
            const storage::DepthFrame depth = recording->frame(frame);
            if (!schemas::is_dead_frame(pixels, frame)) screen.add(depth, pixels.at(frame, head));
            if (!schemas::is_dead_frame(metres, frame)) world.add(depth, metres.at(frame, head));
        }
    }
    CHECK(takes == 283);
    CHECK(screen.share(1) >= 0.95);
    for (std::size_t reach = 0; reach < 3; ++reach)
        MESSAGE("heads within " << reach << " pixels of the body: " << screen.share(reach) << " of " << screen.frames
                                << " frames by screen skeletons, " << world.share(reach) << " of " << world.frames
                                << " by projected world skeletons");
}

}  // namespace annotator
