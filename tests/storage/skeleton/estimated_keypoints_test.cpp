#include "storage/skeleton/estimated_keypoints.h"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

#include "storage/formats/safetensors.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/readers.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using schemas::SkeletonSequence;
using tests::TemporaryFolder;

// Joint j of frame f at (10 f + j, j / 4) with the score (j + 1) / 17.
SkeletonSequence sequence_of(schemas::FrameIndex frames) {
    auto sequence = SkeletonSequence::empty(storage::layout_named("coco17"), frames, schemas::CoordinateSpace::pixels);
    for (schemas::FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < 17; ++joint) {
            sequence.set(
                frame, joint,
                {static_cast<float>(10 * frame) + static_cast<float>(joint), static_cast<float>(joint) / 4, 0});
            sequence.confidence[static_cast<std::size_t>(frame) * 17 + joint] = static_cast<float>(joint + 1) / 17;
        }
    return sequence;
}

const storage::EstimateSource source{"dots.pt", "12ab", R"({"name": "点"})", "34cd", "r/walk.mkv", "56ef", "0"};

// What is refused after a change to a sound file.
template <class Change>
std::string refusal_after(const TemporaryFolder& folder, Change change) {
    storage::write_estimated_keypoints(sequence_of(3), source, folder.path() / "good.safetensors");
    schemas::TensorSet set = storage::read_safetensors(folder.path() / "good.safetensors");
    change(set);
    storage::write_safetensors(set, folder.path() / "bad.safetensors");
    return tests::read_error_of([&] { (void)storage::read_estimated_keypoints(folder.path() / "bad.safetensors"); });
}

}  // namespace

TEST_CASE("key-points of an estimator come back with where they came from") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "a.safetensors";
    const SkeletonSequence sequence = sequence_of(5);
    storage::write_estimated_keypoints(sequence, source, file);
    const auto recording = storage::read_estimated_keypoints(file);
    CHECK(recording.sequence.layout == sequence.layout);
    CHECK(recording.sequence.space == schemas::CoordinateSpace::pixels);
    CHECK(recording.sequence.positions == sequence.positions);
    CHECK(recording.sequence.confidence == sequence.confidence);
    CHECK(recording.problems.empty());
    CHECK(storage::source_of_estimate(file) == source);
    CHECK(storage::skeleton_format_of(file)->name == "estimated-keypoints");
}

TEST_CASE("a point of no score, or that is no number, was not seen, and frames without any are listed") {
    const TemporaryFolder folder;
    SkeletonSequence sequence = sequence_of(4);
    for (std::size_t joint = 0; joint < 17; ++joint) sequence.confidence[2 * 17 + joint] = 0;
    sequence.set(1, 3, {std::numeric_limits<float>::quiet_NaN(), 5, 0});
    sequence.confidence[17 + 4] = std::numeric_limits<float>::quiet_NaN();
    sequence.confidence[17 + 5] = 3;
    storage::write_estimated_keypoints(sequence, source, folder.path() / "a.safetensors");
    const auto recording = storage::read_estimated_keypoints(folder.path() / "a.safetensors");
    CHECK(recording.sequence.confidence_at(1, 3) == 0);
    CHECK(recording.sequence.confidence_at(1, 4) == 0);
    CHECK(recording.sequence.confidence_at(1, 5) == 1);
    REQUIRE(recording.problems.size() == 1);
    CHECK(recording.problems[0].frames == schemas::FrameSpan{2, 3});
}

TEST_CASE("tensors that are no key-points are told from them and refused") {
    const TemporaryFolder folder;
    using schemas::TensorSet;
    CHECK(refusal_after(folder, [](TensorSet&) {}).empty());
    CHECK(refusal_after(folder, [](TensorSet& set) { set.metadata.clear(); }).find("no key-points") !=
          std::string::npos);
    CHECK_FALSE(storage::is_estimated_keypoints(folder.path() / "bad.safetensors"));
    CHECK(refusal_after(folder, [](TensorSet& set) {
              set.metadata["kinetograph"] = "estimated-keypoints 2";
          }).find("estimated-keypoints 2, where estimated-keypoints 1 is read") != std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) { set.metadata["layout"] = "cat40"; }).find("'cat40'") !=
          std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) { set.metadata["layout"] = "h36m18"; }).find("h36m18") !=
          std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) { set.metadata["layout"] = "msr20"; }).find("[3, 20]") !=
          std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) { set.tensors.erase("points"); }).find("'points'") !=
          std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) { set.tensors.erase("scores"); }).find("'scores'") !=
          std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) {
              set.tensors["scores"] = schemas::tensor_from(std::vector<float>(17), {1, 17});
          }).find("'points', F32 of the shape [1, 17, 2]") != std::string::npos);
    CHECK(refusal_after(folder, [](TensorSet& set) {
              set.tensors["scores"].shape = {0, std::int64_t{1} << 40U};
              set.tensors["scores"].bytes.clear();
          }).find("'scores'") != std::string::npos);
    SkeletonSequence metres = sequence_of(2);
    metres.space = schemas::CoordinateSpace::metres;
    CHECK_THROWS_AS(storage::write_estimated_keypoints(metres, source, folder.path() / "m.safetensors"),
                    std::invalid_argument);
}

TEST_CASE("key-points of an estimator that are cut off anywhere are an error") {
    const TemporaryFolder folder(tests::Place::memory);
    storage::write_estimated_keypoints(sequence_of(3), source, folder.path() / "a.safetensors");
    const std::string whole = tests::bytes_of(folder.path() / "a.safetensors");
    for (std::size_t length = 0; length < whole.size(); length += 7) {
        const auto file = tests::write_file(folder, "cut.safetensors", whole.substr(0, length));
        CHECK_FALSE(tests::read_error_of([&] { (void)storage::read_estimated_keypoints(file); }).empty());
        CHECK_FALSE(storage::is_estimated_keypoints(file));
    }
}
