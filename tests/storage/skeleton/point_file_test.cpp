#include "storage/skeleton/point_file.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/readers.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using storage::SkeletonRecording;
using tests::bytes_of;
using tests::read_error_of;
using tests::TemporaryFolder;
using tests::write_file;

SkeletonRecording some_recording(schemas::FrameIndex frames = 3) {
    SkeletonRecording recording;
    recording.rate = {30000, 1001};
    recording.sequence = schemas::SkeletonSequence::empty(storage::layout_named("msr20"), frames);
    for (schemas::FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < 20; ++joint) {
            const auto number = static_cast<float>(20 * frame + static_cast<schemas::FrameIndex>(joint));
            recording.sequence.set(frame, joint, {number / 7, -1e-7F * number, 1 / (number + 3)});
            recording.sequence.confidence[static_cast<std::size_t>(number)] = 1 / (number + 1);
        }
    recording.sequence.set(1, 4, Eigen::Vector3f::Zero());
    recording.sequence.confidence[24] = 0;
    return recording;
}

std::filesystem::path written(const TemporaryFolder& folder, const std::vector<std::string>& notes = {}) {
    storage::write_point_file(some_recording(), notes, folder.path() / "步.points");
    return folder.path() / "步.points";
}

std::string with(std::string text, const std::string& before, const std::string& after) {
    return text.replace(text.find(before), before.size(), after);
}

}  // namespace

TEST_CASE("a file of key-points gives back the same floats, rate and unseen joints") {
    const TemporaryFolder folder;
    const auto file = written(folder, {"found by a model", "in two\nlines"});
    REQUIRE(storage::skeleton_format_of(file) != nullptr);
    CHECK(storage::skeleton_format_of(file)->name == "kinetograph-points");
    const SkeletonRecording read = storage::skeleton_format_of(file)->read(file);
    const SkeletonRecording before = some_recording();
    CHECK(read.sequence.positions == before.sequence.positions);
    CHECK(read.sequence.confidence == before.sequence.confidence);
    CHECK(read.sequence.layout->name == "msr20");
    CHECK(read.rate == before.rate);
    CHECK(read.problems.empty());
    CHECK_FALSE(schemas::has_position(read.sequence, 1, 4));
    CHECK(bytes_of(file).find("\nnote in two lines\n") != std::string::npos);
}

TEST_CASE("a file of key-points that ends in a frame keeps the frames before, and says so") {
    const TemporaryFolder folder;
    const std::string whole = bytes_of(written(folder));
    const auto cut = write_file(folder, "cut.points", whole.substr(0, whole.size() - 30));
    const SkeletonRecording read = storage::read_point_file(cut);
    CHECK(read.sequence.frames() == 2);
    REQUIRE(read.problems.size() == 2);
    CHECK(read.problems[0].what.find("ends in the middle of a frame") != std::string::npos);
    CHECK(read.problems[1].what.find("declares 3 frames and holds 2") != std::string::npos);
}

TEST_CASE("a value of a key-point that is no number makes its joint unseen, with the line") {
    const TemporaryFolder folder;
    const std::string whole = bytes_of(written(folder));
    const auto first = whole.find('\n', whole.find("\nframes ") + 1) + 1;
    const auto file = write_file(folder, "nan.points", whole.substr(0, first) + "nan" + whole.substr(first + 1));
    const SkeletonRecording read = storage::read_point_file(file);
    CHECK_FALSE(schemas::has_position(read.sequence, 0, 0));
    CHECK(schemas::has_position(read.sequence, 0, 1));
    REQUIRE(read.problems.size() == 1);
    CHECK(read.problems[0].what.find("line 6") != std::string::npos);
}

TEST_CASE("what is wrong with a file of key-points is named with its line") {
    const TemporaryFolder folder;
    const std::string whole = bytes_of(written(folder));
    const auto error_of = [&](const std::string& text) {
        const auto file = write_file(folder, "wrong.points", text);
        return read_error_of([&] { (void)storage::read_point_file(file); });
    };
    const auto says = [&](const std::string& text, const char* what) {
        CAPTURE(what);
        CHECK(error_of(text).find(what) != std::string::npos);
    };
    says(with(whole, "points 1", "points 2"), "line 1: it was written by a newer version");
    says(with(whole, "layout msr20", "layout msr21"), "line 2: ");
    says(with(whole, "rate 30000/1001", "rate 30"), "line 3: expected a rate such as 30/1");
    says(with(whole, "rate 30000/1001", "rate 0/1"), "line 3: '0' is no number that can stand here");
    says(with(whole, "left_shoulder ", ""), "line 4: its joints are not those of the layout msr20");
    says(with(whole, "frames 3", "frames -3"), "line 5: ");
    says(with(whole, "frames 3", "frames 999999999999"), "are more than this program holds");
    says(whole.substr(0, whole.find("joints")), "it ends before 'joints'");
    says(whole.substr(0, whole.find("\nframes") + 10), "it holds no frames");
    says(whole + "1 2 3\n0 0 0 0\n", "line 9: expected 80 numbers, found 3");
    says(with(whole, "\nframes 3\n", "\nframes 3\n7 "), "line 6: expected 80 numbers, found more");
}

TEST_CASE("key-points without a known layout, in pixels or without a rate are not written") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "no.points";
    SkeletonRecording recording = some_recording();
    recording.rate = {0, 1};
    CHECK_THROWS_AS(storage::write_point_file(recording, {}, file), std::invalid_argument);
    recording = some_recording();
    recording.sequence.space = schemas::CoordinateSpace::pixels;
    CHECK_THROWS_AS(storage::write_point_file(recording, {}, file), std::invalid_argument);
    recording = some_recording();
    auto layout = std::make_shared<schemas::SkeletonLayout>(*recording.sequence.layout);
    layout->name = "bvh-1234";
    recording.sequence.layout = layout;
    CHECK_THROWS_AS(storage::write_point_file(recording, {}, file), std::invalid_argument);
    CHECK_FALSE(std::filesystem::exists(file));
}
