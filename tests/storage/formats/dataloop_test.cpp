#include <doctest/doctest.h>

#include "storage/formats/dataloop_import.h"
#include "storage/formats/label_formats.h"
#include "tests/storage/formats/import_builders.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
using schemas::FrameSpan;

namespace {

std::string annotation(const std::string& label, int first, int last, const std::string& times = "") {
    return R"({"label": ")" + label + R"(", "metadata": {"system": {"frame": )" + std::to_string(first) +
           R"(, "endFrame": )" + std::to_string(last) + times + "}}}";
}

ImportedLabels read(const std::string& annotations, const std::string& video = "walk.webm") {
    const tests::TemporaryFolder folder;
    return read_dataloop(
        folder.file("walk.json", R"({"name": ")" + video + R"(", "annotations": [)" + annotations + "]}"),
        tests::knowing({{"walk", tests::constant_rate(10, 10)}}));
}

}  // namespace

TEST_CASE("Dataloop's last frame is part of the span") {
    const ImportedLabels labels = read(annotation("step", 2, 5) + "," + annotation("turn", 6, 9));
    REQUIRE(labels.clips.size() == 1);
    CHECK(labels.clips[0].key == "walk");
    REQUIRE(labels.clips[0].spans.size() == 2);
    CHECK(labels.clips[0].spans[0].span == FrameSpan{2, 6});
    CHECK(labels.clips[0].spans[1].span == FrameSpan{6, 10});
    CHECK(labels.problems.empty());
}

TEST_CASE("Dataloop labels of one frame, to the clip's end and beyond it are spans of the clip") {
    CHECK(read(annotation("step", 3, 3)).clips[0].spans[0].span == FrameSpan{3, 4});
    CHECK(read(annotation("step", 0, 9)).clips[0].spans[0].span == FrameSpan{0, 10});
    const ImportedLabels beyond = read(annotation("step", 8, 12));
    CHECK(beyond.clips[0].spans[0].span == FrameSpan{8, 10});
    CHECK(tests::mentions(beyond.problems, "reach beyond the clip"));
}

TEST_CASE("Dataloop labels that overlap are all kept") {
    CHECK(read(annotation("step", 2, 5) + "," + annotation("weight", 2, 5)).clips[0].spans.size() == 2);
    const ImportedLabels twice = read(annotation("step", 2, 5) + "," + annotation("step", 2, 5));
    CHECK(twice.clips[0].spans.size() == 1);
    CHECK(tests::mentions(twice.problems, "annotations[1]: repeats"));
}

TEST_CASE("Dataloop's seconds tell whether it is the same recording") {
    CHECK(read(annotation("step", 2, 5, R"(, "startTime": 0.2, "endTime": 0.5)")).problems.empty());
    const ImportedLabels other = read(annotation("step", 2, 5, R"(, "startTime": 0.4, "endTime": 1.0)"));
    CHECK(other.clips[0].spans[0].span == FrameSpan{2, 6});
    CHECK(tests::mentions(other.problems, "up to 5 frames off"));
}

TEST_CASE("a Dataloop file may be named after the clip instead of the video") {
    const ImportedLabels labels = read(annotation("step", 2, 5), "example_video.webm");
    CHECK(labels.clips[0].key == "walk");
    CHECK(tests::mentions(labels.problems, "which the file is named after"));
}

TEST_CASE("Dataloop annotations without a label or frames are listed and left out") {
    const ImportedLabels labels = read(R"(7, {"label": "x"}, {"label": "", "metadata": 3}, )" +
                                       annotation("step", 5, 2) + "," + annotation("step", -1, 2));
    CHECK(labels.clips[0].spans.empty());
    CHECK(labels.problems.size() == 5);
    CHECK(tests::mentions(labels.problems, "annotations[3].metadata.system: expected frame and endFrame"));
}

TEST_CASE("the twelve labels of the steps clip are read, in two families that overlap") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "steps_clip");
    if (folder.empty()) return tests::no_recordings();
    REQUIRE(label_format_of(folder / "steps.json") != nullptr);
    CHECK(label_format_of(folder / "steps.json")->name == "dataloop");
    const ImportedLabels labels = read_dataloop(folder / "steps.json", {});
    REQUIRE(labels.clips.size() == 1);
    CHECK(labels.clips[0].key == "example_video");
    REQUIRE(labels.clips[0].spans.size() == 12);
    CHECK(labels.clips[0].spans[0].span == FrameSpan{7, 50});
    CHECK(labels.clips[0].spans[0].label == "Right Step");
    CHECK(labels.clips[0].spans[1].span == FrameSpan{7, 50});
    CHECK(labels.problems.empty());
}
