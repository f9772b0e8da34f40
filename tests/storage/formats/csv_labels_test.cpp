#include "storage/formats/csv_labels.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "storage/export/export_tables.h"
#include "tests/storage/export/sample_dataset.h"
#include "tests/storage/formats/import_builders.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
using schemas::FrameSpan;

namespace {

ImportedLabels read(const std::string& text, const LabelImportOptions& options = {}) {
    const tests::TemporaryFolder folder(tests::Place::memory);
    return read_csv_labels(folder.file("labels.csv", text), options);
}

LabelImportOptions knowing_walk() { return tests::knowing({{"walk", tests::constant_rate(10, 10)}}); }

}  // namespace

TEST_CASE("the table of segments of random datasets comes back row by row") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        const Dataset dataset = tests::random_dataset(seed);
        const ImportedLabels back = read(segments_csv(dataset), tests::knowing(dataset));
        for (const ReadProblem& problem : back.problems)
            CHECK_MESSAGE((problem.what.find("column 'state' is not known") != std::string::npos ||
                           problem.what.find("repeats an earlier row") != std::string::npos),
                          problem.what);
        for (const DatasetClip& clip : dataset.clips) {
            const auto imported = std::find_if(back.clips.begin(), back.clips.end(),
                                               [&](const ImportedClip& c) { return c.key == clip.name; });
            CHECK((imported == back.clips.end()) == clip.segments.empty());
            for (const schemas::Segment& segment : clip.segments) {
                ImportedSpan expected{local_span(clip, segment.span()),
                                      find_label(dataset, segment.label)->name,
                                      find_track(dataset, segment.track)->name,
                                      {},
                                      {}};
                if (segment.performer) expected.performer = find_performer(clip, *segment.performer)->name;
                CHECK(std::count(imported->spans.begin(), imported->spans.end(), expected) == 1);
            }
        }
    }
}

TEST_CASE(
    "columns may come in any order and case, parted by commas, semicolons or tabs, with a byte order mark and CRLF") {
    for (const char* text : {"clip,label,begin,end\nwalk,准备,1,3\n",
                             "\xEF\xBB\xBF"
                             "End;Begin;LABEL;clip\r\n3;1; 准备 ;walk\r\n",
                             "clip\ttrack\tbegin\tend\tlabel\nwalk\t\t1\t3\t准备"}) {
        const ImportedLabels labels = read(text);
        CHECK(labels.problems.empty());
        REQUIRE(labels.clips.size() == 1);
        CHECK(labels.clips[0].spans == std::vector<ImportedSpan>{{{1, 3}, "准备", {}, {}, {}}});
    }
}

TEST_CASE("seconds become frames of the clip") {
    const ImportedLabels labels =
        read("clip,begin_seconds,end_seconds,label\nwalk,0.2,0.5,a\nrun,0,1,a\n", knowing_walk());
    CHECK(labels.clips.at(0).spans.at(0).span == FrameSpan{2, 5});
    CHECK(tests::mentions(labels.problems,
                          "labels.csv: line 3: clip 'run' is not in the project, so its seconds have no frames"));
}

TEST_CASE("every wrong row is listed by line and field, and the others come in") {
    const std::pair<const char*, const char*> cases[] = {
        {"walk,1,3", "line 2: expected 4 fields, found 3"},
        {"walk,1,3,a,b", "line 2: expected 4 fields, found 5"},
        {",1,3,a", "line 2: field clip is empty"},
        {"walk,1,3,", "line 2: field label is empty"},
        {"walk,x,3,a", "line 2: field begin: expected a whole number of frames, found 'x'"},
        {"walk,1,3.0,a", "line 2: field end: expected a whole number of frames, found '3.0'"},
        {"walk,\"1,5\",3,a", "found '1,5' (write 1.5, not 1,5)"},
        {"walk,3,3,a", "line 2: frames [3, 3) hold nothing"},
        {"walk,5,3,a", "line 2: frames [5, 3) hold nothing"},
        {"walk,-5,-1,a", "line 2: frames [-5, -1) lie outside of the clip"},
        {"walk,-5,3,a", "line 2: frames [-5, 3) reach beyond the clip"},
        {"walk,8,11,a", "line 2: frames [8, 11) reach beyond the clip (the clip has frames 0 to 9); cut there"},
        {"walk,10,12,a", "line 2: frames [10, 12) lie outside of the clip"},
        {"walk,1,99999999999999999999,a", "line 2: field end: expected a whole number"},
        {"walk,0,9,last", "line 3: repeats an earlier row"},
    };
    for (const auto& [row, expected] : cases) {
        const ImportedLabels labels =
            read("clip,begin,end,label\n" + std::string(row) + "\nwalk,0,9,last\n", knowing_walk());
        CHECK_MESSAGE(tests::mentions(labels.problems, expected), std::string(expected), "\n",
                      tests::text_of(labels.problems));
        CHECK(labels.clips.at(0).spans.back().label == "last");
    }
    CHECK(tests::mentions(read("clip,begin_seconds,end_seconds,label\nwalk,0,1,0,5,a\n", knowing_walk()).problems,
                          "(a decimal comma? write 1.5, not 1,5)"));
    CHECK(tests::mentions(read("clip;begin_seconds;end_seconds;label\nwalk;0,1;0,5;a\n", knowing_walk()).problems,
                          "field begin_seconds: expected seconds with a decimal point, found '0,1' (write 1.5"));
    CHECK(tests::mentions(read("clip,begin,end,label\nwalk,1,3,\"a\nb").problems,
                          "line 2: a quote is opened and never closed"));
}

TEST_CASE("a header that lacks a column, or has one twice, is refused") {
    for (const char* text : {"", "\n", "clip,label\n", "walk,1,3,a\n", "clip,begin,end\n",
                             "clip,begin,end_seconds,label\n", "clip,clip,begin,end,label\n"})
        CHECK_THROWS_AS(read(text), ReadError);
    CHECK(tests::mentions(read("clip,begin,end,label,mood\nwalk,1,3,a,x\n").problems,
                          "line 1: column 'mood' is not known and was ignored"));
}

TEST_CASE("a million rows come in, a million bad ones stay a short list") {
    std::string good = "clip,begin,end,label\n", bad = good;
    for (int i = 0; i < 1'000'000; ++i) {
        good += "walk," + std::to_string(i) + "," + std::to_string(i + 1) + ",a\n";
        bad += "walk,x,1,a\n";
    }
    CHECK(read(good).clips.at(0).spans.size() == 1'000'000);
    CHECK(read(bad).problems.size() == 1001);
}
