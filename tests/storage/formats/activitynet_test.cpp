#include "storage/formats/activitynet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "storage/export/dataset_writer.h"
#include "storage/formats/activitynet_import.h"
#include "storage/formats/json_file.h"
#include "storage/formats/label_formats.h"
#include "tests/storage/export/sample_dataset.h"
#include "tests/storage/formats/import_builders.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

// Keeps what is written.
class MemorySink final : public FileSink {
public:
    std::map<std::string, std::string> texts;

private:
    void store(const std::string& path, std::string_view bytes) override { texts.emplace(path, bytes); }
};

using Row = std::tuple<std::string, schemas::FrameIndex, schemas::FrameIndex, std::string, std::string, std::string>;

std::vector<Row> rows_of(const Dataset& dataset) {
    std::vector<Row> rows;
    for (const DatasetClip& clip : dataset.clips)
        for (const schemas::Segment& segment : clip.segments)
            rows.emplace_back(clip.name, segment.begin_frame - clip.span.begin, segment.end_frame - clip.span.begin,
                              find_label(dataset, segment.label)->name, find_track(dataset, segment.track)->name,
                              segment.performer ? find_performer(clip, *segment.performer)->name : "");
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

std::vector<Row> rows_of(const ImportedLabels& labels) {
    std::vector<Row> rows;
    for (const ImportedClip& clip : labels.clips)
        for (const ImportedSpan& span : clip.spans)
            rows.emplace_back(clip.key, span.span.begin, span.span.end, span.label, span.track.value_or(""),
                              span.performer.value_or(""));
    std::sort(rows.begin(), rows.end());
    return rows;
}

// Ten frames at 10 per second.
ImportedLabels read(const std::string& text) {
    const tests::TemporaryFolder folder(tests::Place::memory);
    return read_activitynet(folder.file("a.json", text), tests::knowing({{"walk", tests::constant_rate(10, 10)}}));
}

std::string with_annotation(const std::string& annotation) {
    return R"({"database": {"walk": {"subset": "training", "duration": 1, "annotations": [)" + annotation +
           R"(]}}, "taxonomy": [], "version": ""})";
}

}  // namespace

TEST_CASE("ActivityNet files of random datasets come back segment by segment") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        const Dataset dataset = tests::random_dataset(seed);
        MemorySink sink;
        write_activitynet(dataset, {}, sink);
        CHECK(sink.texts.size() == std::max<std::size_t>(1, folds_of(dataset).size()));
        const fs::path file = folder.file("activitynet.json", sink.texts.begin()->second);
        CHECK(label_format_of(file)->name == "activitynet");
        const ImportedLabels back = read_activitynet(file, tests::knowing(dataset));
        CHECK(rows_of(back) == rows_of(dataset));
        for (const ReadProblem& problem : back.problems)
            CHECK(problem.what.find("repeats an earlier annotation") != std::string::npos);
    }
}

TEST_CASE("segments come back from their seconds alone wherever no two frames share a time") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        Dataset dataset = tests::random_dataset(seed);
        for (DatasetClip& clip : dataset.clips) {
            for (std::size_t i = 0; i < clip.table.seconds.size(); ++i)
                clip.table.seconds[i] += 0.001 * static_cast<double>(i);
            clip.end_seconds = clip.table.seconds.back() + 0.02;
        }
        MemorySink sink;
        write_activitynet(dataset, {}, sink);
        json root = json::parse(sink.texts.begin()->second);
        for (auto& video : root["database"])
            for (auto& annotation : video["annotations"]) annotation.erase("frames");
        CHECK(rows_of(read_activitynet(folder.file("a.json", root.dump()), tests::knowing(dataset))) ==
              rows_of(dataset));
    }
}

TEST_CASE("an ActivityNet file has what the evaluator asks for, and the end of the clip is when its last frame ends") {
    Dataset dataset = tests::empty_dataset();
    dataset.clips = {tests::plain_clip(1, "walk 1", 10, 10)};
    dataset.clips[0].span = {100, 110};
    for (double& seconds : dataset.clips[0].table.seconds) seconds += 10;
    dataset.clips[0].end_seconds = 11.5;
    tests::add_segment(dataset, 0, tests::arms_track, {105, 110}, "up");
    MemorySink sink;
    const LossReport losses = write_activitynet(dataset, {{tests::arms_track}}, sink);
    const json root = json::parse(sink.texts.at("activitynet.json"));
    CHECK(root.contains("version"));
    CHECK(root["taxonomy"].size() == 2);
    const json video = root["database"]["walk_1"];
    CHECK(video["clip"] == "walk 1");
    CHECK(video["subset"] == "unassigned");
    CHECK(video["duration"] == 1.5);
    CHECK(video["start_seconds"] == 10);
    CHECK(video["annotations"][0]["segment"] == json({0.5, 1.5}));
    CHECK(video["annotations"][0]["frames"] == json({5, 10}));
    CHECK(video["labelled"]["arms"] == json::array({json({5, 10})}));
    CHECK(losses.front().what.starts_with("no split was chosen"));
    CHECK_THROWS_AS(write_activitynet(dataset, {{schemas::TrackId{99}}}, sink), std::invalid_argument);
}

TEST_CASE("subsets have the evaluator's words, a file for each fold") {
    Dataset dataset = tests::empty_dataset();
    dataset.clips = {tests::plain_clip(1, "walk", 10)};
    dataset.split = schemas::Split{schemas::SplitId{1}, "main", "kfold:2", "", 0, 0, {}};
    dataset.split->members = {{schemas::ClipId{1}, 0, schemas::Subset::validation},
                              {schemas::ClipId{1}, 1, schemas::Subset::test}};
    MemorySink sink;
    write_activitynet(dataset, {}, sink);
    CHECK(json::parse(sink.texts.at("activitynet.split1.json"))["database"]["walk"]["subset"] == "validation");
    CHECK(json::parse(sink.texts.at("activitynet.split2.json"))["database"]["walk"]["subset"] == "testing");
}

TEST_CASE("any subset is kept and overlaps are allowed") {
    const ImportedLabels labels = read(R"({"database": {"walk": {"subset": "holdout", "annotations": [
        {"segment": [0, 0.5], "label": "a"}, {"segment": [0.2, 1], "label": "b"}]}}})");
    CHECK(labels.problems.empty());
    CHECK(labels.clips.at(0).subset == "holdout");
    CHECK(labels.clips[0].spans.size() == 2);
}

TEST_CASE("every wrong annotation is listed with its field and the others come in") {
    const std::pair<const char*, const char*> cases[] = {
        {R"(3)", "field database.walk.annotations[0]: expected an object"},
        {R"({"segment": [0, 1]})", "annotations[0].label: expected a name"},
        {R"({"segment": [0, 1], "label": 5})", "annotations[0].label: expected a name"},
        {R"({"label": "a"})", "annotations[0].segment: expected [begin, end]"},
        {R"({"segment": ["0", "1"], "label": "a"})", "annotations[0].segment: expected [begin, end]"},
        {R"({"segment": [0.5, 0.2], "label": "a"})",
         "field database.walk.annotations[0].segment: seconds 0.5 to 0.2 hold nothing"},
        {R"({"segment": [5, 6], "label": "a"})", "seconds 5 to 6 lie outside of the clip"},
        {R"({"segment": [-1, 0.5], "label": "a"})", "seconds -1 to 0.5 reach beyond the clip"},
        {R"({"segment": [0.25, 0.5], "label": "a"})",
         "field database.walk: 1 of 4 boundaries lie more than a quarter of a frame"},
        {R"({"segment": [0.2, 0.5], "frames": [1, 5], "label": "a"})",
         "annotations[0].frames: do not agree with the seconds"},
        {R"({"segment": [0, 1], "label": "a"}, {"segment": [0, 1], "label": "a"})",
         "annotations[1]: repeats an earlier annotation"},
    };
    for (const auto& [annotation, expected] : cases) {
        const ImportedLabels labels =
            read(with_annotation(std::string(annotation) + R"(, {"segment": [0.5, 1], "label": "good"})"));
        CHECK_MESSAGE(tests::mentions(labels.problems, expected), std::string(expected), "\n",
                      tests::text_of(labels.problems));
        CHECK(labels.clips.at(0).spans.back().label == "good");
    }
}

TEST_CASE("a clip that the project has not, or of another length, is listed") {
    const ImportedLabels unknown = read(
        R"({"database": {"run": {"annotations": [{"segment": [0, 1], "label": "a"}, {"segment": [0, 1], "frames": [0, 9], "label": "a"}]}}})");
    CHECK(tests::mentions(unknown.problems, "clip 'run' is not in the project, so its seconds have no frames"));
    CHECK(unknown.clips.at(0).spans.size() == 1);
    CHECK(tests::mentions(read(R"({"database": {"walk": {"duration": 7, "annotations": []}}})").problems,
                          "field database.walk.duration: is 7 s, the clip lasts 1.0 s"));
    CHECK(tests::mentions(read(R"({"database": {"walk": 1, "run": {}}})").problems,
                          "field database.walk: expected an object"));
    CHECK(tests::mentions(
        read(R"({"database": {"walk": {"annotations": []}, "x": {"clip": "walk", "annotations": []}}})").problems,
        "another video is of clip 'walk' too"));
}

TEST_CASE("files of predictions and other JSON are refused") {
    CHECK_THROWS_WITH_AS(read(R"({"version": "", "results": {}})"), doctest::Contains("this is a file of predictions"),
                         ReadError);
    for (const char* text : {"[]", "3", "{}", R"({"database": []})"})
        CHECK_THROWS_WITH_AS(read(text), doctest::Contains("field database"), ReadError);
}

TEST_CASE("the published samples are told apart: predictions are refused by name") {
    const fs::path sample = tests::recordings() / "annotation_samples/activitynet/sample_detection_prediction.json";
    if (!fs::exists(sample)) {
        MESSAGE("no recordings here: skipped");
        return;
    }
    CHECK_THROWS_WITH_AS(read_activitynet(sample, {}),
                         doctest::Contains("field results: this is a file of predictions"), ReadError);
}
