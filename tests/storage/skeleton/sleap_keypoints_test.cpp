#include "storage/skeleton/sleap_keypoints.h"

#include <doctest/doctest.h>

#include <limits>

#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/matlab_keypoints.h"
#include "storage/skeleton/readers.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"
#include "tests/support/sleap_file.h"

namespace {

using storage::SkeletonRecording;
using tests::SleapContents;
using tests::SleapInstance;
using tests::TemporaryFolder;

// Two joints that no known layout has, one instance on each of frames 0 to 2: node n of frame f at (10 f + n, 50).
SleapContents two_joints() {
    SleapContents contents;
    contents.nodes = {"tail", "snout"};
    contents.edges = {{1, 0}};
    for (std::uint64_t frame = 0; frame < 3; ++frame) {
        const auto x = static_cast<double>(10 * frame);
        contents.frames.push_back({frame, frame, 0});
        contents.instances.push_back({SleapInstance::predicted, frame, 0, 1, {{x, 50}, {x + 1, 50, true, 0.5}}});
    }
    return contents;
}

std::filesystem::path written(const TemporaryFolder& folder, const SleapContents& contents) {
    tests::write_sleap(folder.path() / "a.slp", contents);
    return folder.path() / "a.slp";
}

SkeletonRecording read(const SleapContents& contents) {
    const TemporaryFolder folder;
    return storage::read_sleap_keypoints(written(folder, contents));
}

}  // namespace

TEST_CASE("SLEAP key-points are pixels of the video's frames, scores their confidence") {
    const SkeletonRecording recording = read(two_joints());
    CHECK(recording.sequence.space == schemas::CoordinateSpace::pixels);
    CHECK(recording.sequence.frames() == 3);
    CHECK(recording.sequence.layout->joints == std::vector<std::string>{"tail", "snout"});
    CHECK(recording.sequence.layout->parents == std::vector<int>{1, -1});
    CHECK(recording.sequence.at(2, 1) == Eigen::Vector3f(21, 50, 0));
    CHECK(recording.sequence.confidence_at(2, 1) == 0.5F);
    CHECK(recording.problems.empty());
    CHECK_FALSE(schemas::is_valid(recording.rate));
}

TEST_CASE("however HDF5 stores and packs the tables, they hold the same") {
    SleapContents contents = two_joints();
    for (std::uint64_t frame = 3; frame < 5000; ++frame) {
        contents.frames.push_back({frame, frame, 0});
        const auto x = static_cast<double>(frame);
        contents.instances.push_back({SleapInstance::predicted, frame, 0, 1, {{x, x / 3}, {2 * x, 7, true, 0.25}}});
    }
    const SkeletonRecording plain = read(contents);
    CHECK(plain.sequence.at(4999, 1) == Eigen::Vector3f(9998, 7, 0));
    for (const auto storage : {tests::SleapStorage::packed_chunks, tests::SleapStorage::contiguous}) {
        contents.storage = storage;
        const SkeletonRecording other = read(contents);
        CHECK(other.sequence.positions == plain.sequence.positions);
        CHECK(other.sequence.confidence == plain.sequence.confidence);
    }
}

TEST_CASE("frames that SLEAP did not label have no skeleton, and later ones keep their number") {
    SleapContents contents = two_joints();
    contents.frames[1].index = 7;
    contents.frames[2].index = 9;
    const SkeletonRecording recording = read(contents);
    CHECK(recording.sequence.frames() == 10);
    CHECK(recording.sequence.at(7, 0) == Eigen::Vector3f(10, 50, 0));
    CHECK(schemas::is_dead_frame(recording.sequence, 1));
    CHECK(recording.problems.size() == 2);
    CHECK(recording.problems[0].frames == schemas::FrameSpan{1, 7});
}

TEST_CASE("joints go by their names into a known layout, whatever their order in the file") {
    const auto coco = storage::layout_named("coco17");
    SleapContents contents;
    contents.nodes.assign(coco->joints.rbegin(), coco->joints.rend());
    contents.frames = {{0, 0, 0}};
    contents.instances = {{SleapInstance::predicted, 0, 0, 1, std::vector<tests::SleapPoint>(17, {3, 4})}};
    contents.instances[0].points[0] = {90, 91};
    const SkeletonRecording recording = read(contents);
    CHECK(recording.sequence.layout == coco);
    CHECK(recording.sequence.at(0, 16) == Eigen::Vector3f(90, 91, 0));
}

TEST_CASE("before format 1.1 SLEAP counted pixels from the corner of the first") {
    SleapContents contents = two_joints();
    contents.format_id = 1.0;
    CHECK(read(contents).sequence.at(0, 1) == Eigen::Vector3f(0.5F, 49.5F, 0));
}

TEST_CASE("what people placed goes before what a model predicted") {
    SleapContents contents = two_joints();
    contents.instances.push_back({SleapInstance::placed, 1, 0, 0, {{5, 6}, {7, 8, false}}});
    const SkeletonRecording recording = read(contents);
    CHECK(recording.sequence.at(1, 0) == Eigen::Vector3f(5, 6, 0));
    CHECK(recording.sequence.confidence_at(1, 0) == 1);
    CHECK(recording.sequence.confidence_at(1, 1) == 0);
    CHECK(recording.problems.empty());
}

TEST_CASE("of several tracks, instances and videos one is read, and the rest is a problem") {
    SleapContents contents = two_joints();
    contents.instances.push_back({SleapInstance::predicted, 0, 4, 1, {{1, 1}, {1, 1}}});
    contents.instances.push_back({SleapInstance::predicted, 2, 0, 2, {{8, 8}, {9, 9}}});
    contents.frames.push_back({3, 0, 1});
    const SkeletonRecording recording = read(contents);
    CHECK(recording.sequence.at(0, 0) == Eigen::Vector3f(0, 50, 0));
    CHECK(recording.sequence.at(2, 0) == Eigen::Vector3f(8, 8, 0));
    CHECK(tests::mentions(recording.problems, "2 tracks"));
    CHECK(tests::mentions(recording.problems, "2 videos"));
    CHECK(tests::mentions(recording.problems, "further ones of their frame"));
}

TEST_CASE("points that are not there or not numbers are not seen") {
    SleapContents contents = two_joints();
    contents.instances[0].points[0].x = std::numeric_limits<double>::quiet_NaN();
    contents.instances[1].points[1].score = 7;
    contents.instances[2].points.pop_back();
    const SkeletonRecording recording = read(contents);
    CHECK(recording.sequence.confidence_at(0, 0) == 0);
    CHECK(recording.sequence.confidence_at(1, 1) == 1);
    CHECK(schemas::is_dead_frame(recording.sequence, 2));
    CHECK(tests::mentions(recording.problems, "1 instances refer to points"));
}

TEST_CASE("a SLEAP file that speaks of frames beyond all reason takes no memory") {
    SleapContents contents = two_joints();
    contents.frames[2].index = std::uint64_t{1} << 60;
    CHECK(tests::read_error_of([&] { (void)read(contents); }).starts_with("a.slp: it speaks of frame 11529"));
}

TEST_CASE("a SLEAP file without frames, skeleton or joints is refused") {
    SleapContents contents = two_joints();
    contents.frames.clear();
    CHECK(tests::read_error_of([&] { (void)read(contents); }) == "a.slp: it holds no frame.");
    contents = two_joints();
    contents.nodes = {"same", "same"};
    CHECK(tests::read_error_of([&] { (void)read(contents); }).find("metadata is not SLEAP's") != std::string::npos);
    contents.nodes.clear();
    CHECK_FALSE(tests::read_error_of([&] { (void)read(contents); }).empty());
}

TEST_CASE("a SLEAP file cut off anywhere is an error that names it, never a crash") {
    const TemporaryFolder folder;
    const std::string bytes = tests::bytes_of(written(folder, two_joints()));
    for (std::size_t part = 0; part < 64; ++part) {
        const auto file = tests::write_file(folder, "cut.slp", bytes.substr(0, bytes.size() * part / 64));
        CHECK(tests::read_error_of([&] { (void)storage::read_sleap_keypoints(file); }).starts_with("cut.slp: "));
    }
}

TEST_CASE("the key-points of the contemporary phrase are the same in SLEAP's and MATLAB's file") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "contemporary_clip");
    if (folder.empty()) return tests::no_recordings();
    const auto file = folder / "phrase.keypoints.slp";
    REQUIRE(storage::skeleton_format_of(file) != nullptr);
    CHECK(storage::skeleton_format_of(file)->name == "sleap-keypoints");
    CHECK(storage::skeleton_format_of(folder / "phrase.keypoints.mat")->name == "matlab-keypoints");
    const SkeletonRecording sleap = storage::read_sleap_keypoints(file);
    const SkeletonRecording matlab = storage::read_matlab_keypoints(folder / "phrase.keypoints.mat");
    CHECK(sleap.sequence.frames() == 545);
    CHECK(sleap.sequence.layout->name == "coco17");
    CHECK(sleap.sequence.layout == matlab.sequence.layout);
    CHECK(sleap.sequence.positions == matlab.sequence.positions);
    CHECK(sleap.sequence.confidence == matlab.sequence.confidence);
    CHECK(sleap.problems.empty());
    CHECK(sleap.sequence.at(0, 0).x() == doctest::Approx(198.131));
    CHECK(sleap.sequence.at(0, 0).y() == doctest::Approx(90.885));
    CHECK(sleap.sequence.confidence_at(0, 0) == doctest::Approx(0.7175));
}
