#include "storage/export/dataset_writer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>

#include "storage/export/atomic_file.h"
#include "storage/export/datasheet.h"
#include "storage/export/verify_export.h"
#include "storage/formats/labels_json.h"
#include "storage/read_error.h"
#include "tests/storage/export/json_schema.h"
#include "tests/storage/export/sample_dataset.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;

namespace {

ExportOptions all_formats() {
    ExportOptions options;
    options.formats = {ExportFormat::mstcn, ExportFormat::activitynet};
    options.mstcn.track = tests::primitive_track;
    return options;
}

Dataset labelled_dataset() {
    Dataset dataset = tests::empty_dataset();
    dataset.clips = {tests::plain_clip(1, "walk", 10)};
    tests::add_segment(dataset, 0, tests::primitive_track, {2, 10}, "准备");
    return dataset;
}

}  // namespace

TEST_CASE("a dataset is the same bytes in whatever order its clips and segments come") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        Dataset dataset = tests::random_dataset(seed);
        const ExportReport first = plan_dataset(dataset, all_formats());
        std::mt19937 random(seed);
        std::shuffle(dataset.clips.begin(), dataset.clips.end(), random);
        std::shuffle(dataset.labels.begin(), dataset.labels.end(), random);
        for (DatasetClip& clip : dataset.clips) std::shuffle(clip.segments.begin(), clip.segments.end(), random);
        const ExportReport second = plan_dataset(dataset, all_formats());
        CHECK(first.files == second.files);
        CHECK(first.losses == second.losses);
    }
}

TEST_CASE("a dry run writes nothing and tells each file to the byte") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const Dataset dataset = tests::random_dataset(3);
    const ExportReport plan = plan_dataset(dataset, all_formats());
    CHECK(fs::is_empty(folder.path()));
    const ExportReport written = write_dataset(dataset, folder.path() / "out", all_formats());
    CHECK(plan.files == written.files);
    CHECK(plan.losses == written.losses);
    for (const auto& [path, file] : plan.files) CHECK(fs::file_size(folder.path() / "out" / path) == file.bytes);
}

TEST_CASE("labels.json holds everything and fits its schema") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    tests::JsonSchema schema(
        nlohmann::json::parse(std::ifstream(KINETOGRAPH_SOURCE_DIR "/schemas/json/labels.schema.json")));
    for (unsigned seed = 0; seed < 30; ++seed) {
        Dataset dataset = tests::random_dataset(seed);
        dataset.labels[0].merged_into = dataset.labels[1].id;
        dataset.models = {{"tcn", "snapshot f00d"}};
        dataset.clips[0].states = {{tests::arms_track, {}, {dataset.clips[0].span}, FrameState::proposed}};
        const fs::path file = folder.file("labels.json", labels_json_from(dataset));
        CHECK(schema.violations(nlohmann::json::parse(tests::text_in(file))) == std::vector<std::string>{});
        const Dataset back = read_labels_json(file);
        CHECK(back.labels == dataset.labels);
        CHECK(back.tracks == dataset.tracks);
        CHECK(back.split == dataset.split);
        REQUIRE(back.clips.size() == dataset.clips.size());
        for (std::size_t i = 0; i < back.clips.size(); ++i) {
            CHECK(back.clips[i].segments == dataset.clips[i].segments);
            CHECK(back.clips[i].key_poses == dataset.clips[i].key_poses);
            CHECK(back.clips[i].states == dataset.clips[i].states);
            CHECK(back.clips[i].performers == dataset.clips[i].performers);
        }
        CHECK(labels_json_from(back) == labels_json_from(dataset));
    }
}

TEST_CASE("ids of 63 bits survive labels.json") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    Dataset dataset = labelled_dataset();
    dataset.clips[0].segments[0].id = schemas::SegmentId{9'223'372'036'854'775'807};
    const Dataset back = read_labels_json(folder.file("labels.json", labels_json_from(dataset)));
    CHECK(back.clips[0].segments == dataset.clips[0].segments);
}

TEST_CASE("a labels.json that was changed names the place or is refused, and never crashes") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const std::string text = labels_json_from(labelled_dataset());
    const auto refused = [&](const std::string& from, const std::string& to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        CHECK_THROWS_WITH_AS(read_labels_json(folder.file("labels.json", changed)), doctest::Contains("field "),
                             ReadError);
    };
    refused("\"state\": \"drawn\"", "\"state\": \"guessed\"");
    refused("\"begin_frame\": 2", "\"begin_frame\": \"2\"");
    refused("kinetograph-labels", "coco");
    refused("\"version\": 1", "\"version\": 2");
    refused("\"clips\": [", "\"clip\": [");
    for (std::size_t i = 0; i < 64; ++i)
        CHECK_THROWS_AS(read_labels_json(folder.file("labels.json", text.substr(0, text.size() * i / 64))), ReadError);
}

TEST_CASE("sha256sum agrees with SHA256SUMS") {
    if (std::system("command -v sha256sum >/dev/null 2>&1") != 0) {
        MESSAGE("sha256sum is not installed: skipped");
        return;
    }
    const tests::TemporaryFolder folder(tests::Place::memory);
    write_dataset(tests::random_dataset(3), folder.path() / "out", all_formats());
    const std::string command =
        "cd '" + (folder.path() / "out").string() + "' && sha256sum --check --strict --quiet SHA256SUMS";
    CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("an earlier export is replaced, but not once somebody worked in it") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path out = folder.path() / "out";
    write_dataset(labelled_dataset(), out, all_formats());
    write_dataset(tests::random_dataset(1), out, all_formats());
    CHECK(verify_export(out).empty());
    folder.file("out/datasheet.md", "our own words");
    CHECK_THROWS_WITH_AS(write_dataset(labelled_dataset(), out, all_formats()),
                         doctest::Contains("holds 'datasheet.md', which was changed"), WriteError);
    CHECK(tests::text_in(out / "datasheet.md") == "our own words");
    fs::remove_all(out);
    write_dataset(labelled_dataset(), out, all_formats());
    folder.file("out/results/best.pt", "x");
    CHECK_THROWS_WITH_AS(write_dataset(labelled_dataset(), out, all_formats()),
                         doctest::Contains("holds 'results/best.pt', which the earlier export did not write"),
                         WriteError);
}

TEST_CASE("a dataset with problems is not exported and names them") {
    Dataset dataset = labelled_dataset();
    dataset.clips[0].segments[0].end_frame = 11;
    CHECK_THROWS_WITH_AS(plan_dataset(dataset, all_formats()),
                         doctest::Contains("clip walk: frames [2, 11) do not lie within"), std::invalid_argument);
}

TEST_CASE("a dataset without clips is an export that verifies") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    write_dataset(tests::empty_dataset(), folder.path() / "out", all_formats());
    CHECK(verify_export(folder.path() / "out") == std::vector<Finding>{});
}

TEST_CASE("the datasheet says plainly that no licence was chosen, and counts labels, performers and states") {
    Dataset dataset = labelled_dataset();
    dataset.clips[0].performers = {{schemas::PerformerId{1}, "Ana | Co"}};
    ExportOptions options = all_formats();
    const std::string sheet = datasheet_from(dataset, options, {{"mstcn", "key poses", "clip walk", 3}});
    for (const char* part :
         {"NO LICENCE HAS BEEN CHOSEN", "| primitive: 准备 | 1 | 1 | 8 |", "| primitive: دوران | 0 | 0 | 0 |",
          "| Ana \\| Co | 1 | 1 | 10 |", "| drawn | 1 | 1 | 8 |", "20.0 % of the frames", "2023-11-14T22:13:20Z",
          "| mstcn | key poses | clip walk | 3 |", "Fête de la danse"})
        CHECK_MESSAGE(sheet.find(part) != std::string::npos, part);
    options.licence = "CC BY 4.0";
    CHECK(datasheet_from(dataset, options, {}).find("NO LICENCE") == std::string::npos);
}

TEST_CASE("the Croissant description names every file with its hash") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const ExportReport report = write_dataset(tests::random_dataset(3), folder.path() / "out", all_formats());
    const nlohmann::json croissant = nlohmann::json::parse(tests::text_in(folder.path() / "out/croissant.json"));
    CHECK(croissant["conformsTo"] == "http://mlcommons.org/croissant/1.0");
    // All but itself and the two files that hold its own hash.
    CHECK(croissant["distribution"].size() == report.files.size() - 3);
    for (const auto& file : croissant["distribution"])
        CHECK(file["sha256"] == report.files.at(file["contentUrl"].get<std::string>()).sha256);
    for (const auto& set : croissant["recordSet"])
        for (const auto& field : set["field"]) {
            const std::string header =
                tests::text_in(folder.path() / "out" / field["source"]["fileObject"]["@id"].get<std::string>());
            CHECK(header.substr(0, header.find('\n')).find(field["source"]["extract"]["column"].get<std::string>()) !=
                  std::string::npos);
        }
}
