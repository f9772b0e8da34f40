#include "storage/formats/label_formats.h"

#include <doctest/doctest.h>

#include <random>

#include "storage/export/dataset_writer.h"
#include "tests/storage/export/sample_dataset.h"
#include "tests/storage/formats/import_builders.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;

namespace {

// A good file of each format that is one file.
const std::map<std::string, std::pair<std::string, std::string>>& samples() {
    static const std::map<std::string, std::pair<std::string, std::string>> texts{
        {"activitynet",
         {"a.json",
          R"({"database": {"walk": {"subset": "training", "duration": 1.0, "annotations": [{"segment": [0.1, 0.5], "label": "准备"}]}}, "taxonomy": [], "version": "1"})"}},
        {"cmu-segments", {"segments.txt", "86 01\nwalk 5 6 7\nrun 8 9 10\n"}},
        {"csv", {"labels.csv", "clip,track,performer,begin,end,label\nwalk,arms,Ana,1,5,\"a, b\"\n"}},
        {"dataloop",
         {"walk.json",
          R"({"name": "walk.webm", "annotations": [{"label": "准备", "metadata": {"system": {"startTime": 0.1, "endTime": 0.3, "frame": 1, "endFrame": 3}}}]})"}},
        {"frame-labels", {"13_29.txt", "1 1 1 2 2 3\n"}},
        {"mstcn", {"groundTruth/walk.txt", "walk\nwalk\njump\n"}},
    };
    return texts;
}

LabelImportOptions options() { return tests::knowing({{"walk", tests::constant_rate(10, 10)}}); }

// Whatever stands in the file: labels that are valid spans, or a ReadError that names it.
void read_survives(const LabelFormat& format, const fs::path& file) {
    try {
        for (const ImportedClip& clip : format.read(file, options()).clips)
            for (const ImportedSpan& span : clip.spans) CHECK(schemas::is_valid(span.span));
    } catch (const ReadError& error) {
        CHECK(std::string(error.what()).find(file.filename().string()) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("each format is known by name and by its file, and no other takes it") {
    CHECK(label_formats().size() == 6);
    CHECK(label_format_named("coco") == nullptr);
    for (const auto& [name, sample] : samples()) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        const fs::path file = folder.file(sample.first, sample.second);
        REQUIRE(label_format_of(file) != nullptr);
        CHECK(label_format_of(file)->name == name);
        CHECK(label_format_named(name)->read(file, options()).format == name);
        CHECK_FALSE(label_format_named(name)->read(file, options()).clips.at(0).spans.empty());
    }
}

TEST_CASE("other files and missing ones are recognised by none") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    for (const auto& [name, text] : {std::pair{"a.txt", "hello world\n"},
                                     {"b.json", "{\"images\": []}"},
                                     {"c.csv", "x,y\n1,2\n"},
                                     {"d.txt", ""},
                                     {"e.bin", "1 2 3"}})
        CHECK(label_format_of(folder.file(name, text)) == nullptr);
    CHECK(label_format_of(folder.path()) == nullptr);
    CHECK(label_format_of(folder.path() / "missing.csv") == nullptr);
}

TEST_CASE("a label file cut off at any place never crashes") {
    for (const auto& [name, sample] : samples()) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        for (std::size_t i = 0; i <= 64; ++i)
            read_survives(*label_format_named(name),
                          folder.file(sample.first, sample.second.substr(0, sample.second.size() * i / 64)));
    }
}

TEST_CASE("a label file with wrong bytes anywhere never crashes") {
    std::mt19937 random(4);
    const std::string bytes = "\n\r\t ,;\"'{}[]:.-+0195eE\\\xff\xe9\x01xN";
    for (const auto& [name, sample] : samples()) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        for (int round = 0; round < 400; ++round) {
            std::string text = sample.second;
            for (int n = 0; n < 3; ++n) text[random() % text.size()] = bytes[random() % bytes.size()];
            read_survives(*label_format_named(name), folder.file(sample.first, text));
        }
    }
}

TEST_CASE("UTF-16, Latin-1 and binary files are refused or listed by every format") {
    const std::string wrong[] = {std::string("\xFF\xFE"
                                             "8\0"
                                             "6\0",
                                             6),
                                 "86 01\npiqu\xe9 1 2 3\n", std::string("\0\1\2", 3)};
    for (const auto& [name, sample] : samples())
        for (const std::string& bytes : wrong) {
            const tests::TemporaryFolder folder(tests::Place::memory);
            CHECK_THROWS_WITH_AS(label_format_named(name)->read(folder.file(sample.first, bytes), options()),
                                 doctest::Contains(fs::path(sample.first).filename().c_str()), ReadError);
        }
}

TEST_CASE("byte order marks and CRLF change nothing in any format") {
    for (const auto& [name, sample] : samples()) {
        const tests::TemporaryFolder folder(tests::Place::memory);
        std::string text = "\xEF\xBB\xBF";
        for (const char c : sample.second) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
        const auto plain = label_format_named(name)->read(folder.file(sample.first, sample.second), options());
        const fs::path file = folder.file(sample.first, text);
        CHECK(label_format_of(file)->name == name);
        CHECK(label_format_named(name)->read(file, options()).clips.at(0).spans == plain.clips.at(0).spans);
    }
}

TEST_CASE("a million frames or rows are read by every text format") {
    std::string cmu = "86 01\n", ids, truth;
    for (int i = 1; i <= 1'000'000; ++i) {
        cmu += "walk " + std::to_string(i) + " " + std::to_string(i) + " " + std::to_string(i) + "\n";
        ids += std::to_string(i % 7) + "\n";
        truth += i % 3 == 0 ? "walk\n" : "jump\n";
    }
    const tests::TemporaryFolder folder(tests::Place::memory);
    for (const auto& [name, file] : {std::pair{"cmu-segments", folder.file("segments.txt", cmu)},
                                     {"frame-labels", folder.file("ids.txt", ids)},
                                     {"mstcn", folder.file("groundTruth/walk.txt", truth)}}) {
        CHECK_FALSE(label_format_named(name)->read(file, {}).clips.empty());
    }
}
