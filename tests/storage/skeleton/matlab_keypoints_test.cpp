#include "storage/skeleton/matlab_keypoints.h"

#include <doctest/doctest.h>

#include <limits>

#include "storage/media/matlab_depth.h"
#include "storage/skeleton/readers.h"
#include "tests/support/depth_files.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

constexpr std::size_t frames = 40;

// Joint j of frame f at (100 f + j, 7 j).
std::vector<double> points() {
    std::vector<double> values;
    for (const bool vertical : {false, true})
        for (std::size_t joint = 0; joint < 17; ++joint)
            for (std::size_t frame = 0; frame < frames; ++frame)
                values.push_back(static_cast<double>(vertical ? 7 * joint : 100 * frame + joint));
    return values;
}

}  // namespace

TEST_CASE("MATLAB key-points are frames x joints x columns and rows") {
    const tests::TemporaryFolder folder;
    tests::write_mat(folder.path() / "a.mat", "points", {frames, 17, 2}, points());
    const auto recording = storage::read_matlab_keypoints(folder.path() / "a.mat");
    CHECK(recording.sequence.frames() == 40);
    CHECK(recording.sequence.layout->name == "coco17");
    CHECK(recording.sequence.space == schemas::CoordinateSpace::pixels);
    CHECK(recording.sequence.at(3, 5) == Eigen::Vector3f(305, 35, 0));
    CHECK(recording.sequence.confidence_at(3, 5) == 1);
}

TEST_CASE("a MATLAB point that is no number was not seen") {
    const tests::TemporaryFolder folder;
    auto values = points();
    values[frames] = std::numeric_limits<double>::quiet_NaN();
    tests::write_mat(folder.path() / "a.mat", "points", {frames, 17, 2}, values);
    const auto recording = storage::read_matlab_keypoints(folder.path() / "a.mat");
    CHECK(recording.sequence.confidence_at(0, 1) == 0);
    CHECK(recording.sequence.confidence_at(1, 1) == 1);
}

TEST_CASE("MATLAB files of key-points and of depth are told apart by what they hold") {
    const tests::TemporaryFolder folder;
    const auto keypoints = folder.path() / "keypoints.mat", depth = folder.path() / "take.mat";
    tests::write_mat(keypoints, "points", {frames, 17, 2}, points());
    tests::write_mat(depth, "points", {32, 32, 2}, std::vector<std::uint16_t>(2048, 5));
    CHECK(storage::is_matlab_keypoints(keypoints));
    CHECK_FALSE(storage::is_matlab_depth(keypoints));
    CHECK(storage::is_matlab_depth(depth));
    CHECK_FALSE(storage::is_matlab_keypoints(depth));
    CHECK(tests::read_error_of([&] { (void)storage::read_matlab_keypoints(depth); }).starts_with("take.mat: expected"));
}

TEST_CASE("MATLAB key-points cut off anywhere are an error") {
    const tests::TemporaryFolder folder;
    tests::write_mat(folder.path() / "a.mat", "points", {frames, 17, 2}, points());
    const std::string bytes = tests::bytes_of(folder.path() / "a.mat");
    for (std::size_t part = 0; part < 32; ++part) {
        const auto file = tests::write_file(folder, "cut.mat", bytes.substr(0, bytes.size() * part / 32));
        CHECK_FALSE(tests::read_error_of([&] { (void)storage::read_matlab_keypoints(file); }).empty());
    }
}
