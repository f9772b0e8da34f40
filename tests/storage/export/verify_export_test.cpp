#include "storage/export/verify_export.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "storage/export/dataset_writer.h"
#include "storage/export/export_manifest.h"
#include "storage/hash.h"
#include "tests/storage/export/sample_dataset.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;

namespace {

ExportOptions options_with_features() {
    ExportOptions options;
    options.formats = {ExportFormat::mstcn, ExportFormat::activitynet};
    options.mstcn.track = tests::primitive_track;
    options.mstcn.features = [](const DatasetClip& clip, std::optional<schemas::PerformerId>) {
        const schemas::FrameIndex frames = clip.span.length();
        return FeatureMatrix{2, frames, std::vector<float>(static_cast<std::size_t>(2 * frames), 0.5F)};
    };
    return options;
}

// Two performers' clips, one each in train and test.
Dataset split_dataset() {
    Dataset dataset = tests::empty_dataset();
    dataset.clips = {tests::plain_clip(1, "walk", 10), tests::plain_clip(2, "turn", 5)};
    tests::add_segment(dataset, 0, tests::primitive_track, {2, 10}, "准备");
    tests::add_segment(dataset, 1, tests::primitive_track, {0, 5}, "دوران");
    dataset.clips[0].groups = {{"performer", "Ana"}};
    dataset.clips[1].groups = {{"performer", "Li"}};
    dataset.split = schemas::Split{schemas::SplitId{1}, "main", "60/20/20", "take, performer", 0, 0, {}};
    dataset.split->members = {{dataset.clips[0].id, 0, schemas::Subset::train},
                              {dataset.clips[1].id, 0, schemas::Subset::test}};
    return dataset;
}

// Changes one file and makes the sums agree, so that only its contents can give it away.
void change(const fs::path& out, const std::string& path, const std::string& from, const std::string& to) {
    const auto replace = [](const fs::path& file, const std::string& what, const std::string& by) {
        std::string text = tests::text_in(file);
        const std::size_t at = text.find(what);
        REQUIRE(at != std::string::npos);
        std::ofstream(file, std::ios::binary) << text.replace(at, what.size(), by);
    };
    const std::string before = sha256_of_file(out / path), manifest_before = sha256_of_file(out / manifest_name);
    replace(out / path, from, to);
    replace(out / sums_name, before, sha256_of_file(out / path));
    if (path == manifest_name) return;
    replace(out / manifest_name, before, sha256_of_file(out / path));
    replace(out / sums_name, manifest_before, sha256_of_file(out / manifest_name));
}

std::string text_of(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings)
        text += std::string(schemas::to_text(finding.severity)) + " " + finding.where + ": " + finding.what + "\n";
    return text;
}

}  // namespace

TEST_CASE("exports of random datasets verify without a finding") {
    for (unsigned seed = 0; seed < 30; ++seed) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        write_dataset(tests::random_dataset(seed), folder.path() / "out", options_with_features());
        CHECK(text_of(verify_export(folder.path() / "out")) == "");
    }
}

TEST_CASE("a file that was changed, removed, added or linked is found") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path out = folder.path() / "out";
    write_dataset(split_dataset(), out, options_with_features());
    folder.file("out/datasheet.md", "x");
    folder.file("out/notes.txt", "x");
    fs::remove(out / "croissant.json");
    fs::remove(out / "clips.csv");
    fs::create_symlink("/etc/passwd", out / "clips.csv");
    const std::string found = text_of(verify_export(out));
    CHECK(found.find("error datasheet.md: was changed") != std::string::npos);
    CHECK(found.find("warning notes.txt: was added") != std::string::npos);
    CHECK(found.find("error croissant.json: is missing") != std::string::npos);
    CHECK(found.find("error clips.csv: is a link") != std::string::npos);
}

TEST_CASE("each way in which the files of an export can disagree is found") {
    struct Change {
        const char *path, *from, *to, *expected;
    };
    const Change changes[] = {
        {"groundTruth/walk.txt", "准备\n", "", "groundTruth/walk.txt: has 9 lines, its frame table 10 rows"},
        {"groundTruth/walk.txt", "准备", "jump", "groundTruth/walk.txt: line 3: label 'jump' is not in mapping.txt"},
        {"groundTruth/walk.txt", "准备\n准备\n准备\n准备\n准备\n准备\n准备\n准备\n",
         "准备\n准备\n准备\n准备\n准备\n准备\n准备\n准备", "does not end with exactly one line end"},
        {"groundTruth/walk.txt", "准备\n", "准备\r\n", "has line ends of Windows"},
        {"mask/walk.txt", "0\n", "1\n",
         "mask/walk.txt: line 1: says '1' of a frame that groundTruth calls 'unlabelled'"},
        {"mapping.txt", "1 ", "7 ", "mapping.txt: line 2: expected '1 word'"},
        {"frames/walk.csv", "3,100000,0.1,1", "3,100000,0.05,1", "the time runs backwards"},
        {"frames/walk.csv", "3,100000", "4,100000", "expected index 3"},
        {"segments.csv", ",2,10,", ",2,11,", "do not lie in the clip"},
        {"segments.csv", ",2,10,", ",3,10,", "the seconds are not those of frames [3, 10)"},
        {"activitynet.json", "\"frames\": [\n      2,", "\"frames\": [\n      1,",
         "activitynet.json: database.walk.annotations[0]: the seconds are not"},
        {"activitynet.json", "\"duration\": 0.3", "\"duration\": 0.4", "database.walk.duration: is not that"},
        {"splits/test.split1.bundle", "turn.txt", "walk.txt", "is in t"},
        {"splits/test.split1.bundle", "turn.txt", "gone.txt", "names 'gone.txt', which is not in groundTruth"},
        {"groups.csv", "Li", "Ana", "splits.csv: performer 'Ana' is in several subsets of fold 0"},
        {"features/walk.npy", "(2, 10)", "(2, 11)", "does not have a column for each"},
        {"clips.csv", ",10,30/1", ",9,30/1", "rows, clips.csv: line 3 says otherwise"},
    };
    for (const Change& c : changes) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        write_dataset(split_dataset(), folder.path() / "out", options_with_features());
        CAPTURE(c.path);
        CAPTURE(c.to);
        change(folder.path() / "out", c.path, c.from, c.to);
        const std::string found = text_of(verify_export(folder.path() / "out"));
        CHECK_MESSAGE(found.find(c.expected) != std::string::npos, found);
        CHECK(found.find("was changed") == std::string::npos);
    }
}

TEST_CASE("what is no export of ours gives one finding") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    CHECK(verify_export(folder.path()).size() == 1);
    CHECK(verify_export(folder.path() / "missing").size() == 1);
    folder.file("export.json", "[]");
    CHECK(verify_export(folder.path()).size() == 1);
}

TEST_CASE("an export cut off at any place of any file is found and never crashes") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path out = folder.path() / "out";
    write_dataset(split_dataset(), out, options_with_features());
    for (const std::string& path : files_in(out)) {
        const std::string text = tests::text_in(out / path);
        for (std::size_t i = 0; i < 8; ++i) {
            folder.file("out/" + path, text.substr(0, text.size() * i / 8));
            CHECK_MESSAGE((text.empty() || !verify_export(out).empty()), path);
        }
        folder.file("out/" + path, text);
    }
    CHECK(text_of(verify_export(out)) == "");
}

TEST_CASE("pts and seconds that tell different times are found, whatever the time base") {
    const tests::TemporaryFolder folder;
    Dataset dataset = split_dataset();
    schemas::FrameTable& table = dataset.clips[0].table;
    table.tick = {1, 90'000};
    table.ticks.clear();
    for (const double seconds : table.seconds)
        table.ticks.push_back(-4'500 + static_cast<std::int64_t>(std::llround(seconds * 90'000)));
    for (std::size_t i = 0; i < table.ticks.size(); ++i)
        table.seconds[i] = static_cast<double>(table.ticks[i] + 4'500) / 90'000;
    write_dataset(dataset, folder.path() / "out", {});
    CHECK(verify_export(folder.path() / "out").empty());
    const std::string pts = "\n3," + std::to_string(table.ticks[3]) + ",";
    change(folder.path() / "out", "frames/walk.csv", pts, "\n3," + std::to_string(table.ticks[3] + 1) + ",");
    CHECK(text_of(verify_export(folder.path() / "out")).find("pts and seconds tell different times") !=
          std::string::npos);
}
