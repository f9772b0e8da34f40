#include "storage/formats/cmu_segments.h"

#include <doctest/doctest.h>

#include "tests/storage/formats/import_builders.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
using schemas::FrameSpan;

namespace {

ImportedLabels read(const std::string& text, const LabelImportOptions& options = {}) {
    const tests::TemporaryFolder folder(tests::Place::memory);
    return read_cmu_segments(folder.file("segments.txt", text), options);
}

}  // namespace

TEST_CASE("end frames counted from one become half-open spans, with their tolerance") {
    const ImportedLabels labels = read("86 01\nwalk 500 550 600\njump 1100 1150 1200\n\n86 02\nrun 9 10 11\n");
    CHECK(labels.problems.empty());
    REQUIRE(labels.clips.size() == 2);
    CHECK(labels.clips[0].key == "86_01");
    CHECK(labels.clips[0].spans ==
          std::vector<ImportedSpan>{{{0, 550}, "walk", {}, {}, BoundaryTolerance{500, 600}},
                                    {{550, 1150}, "jump", {}, {}, BoundaryTolerance{1100, 1200}}});
    CHECK(labels.clips[1].spans.at(0).span == FrameSpan{0, 10});
}

TEST_CASE("a tolerance out of order is listed by line, the best kept, the interval widened") {
    const ImportedLabels labels = read("86 05\njump 3881 3840 4000\n");
    CHECK(tests::mentions(labels.problems,
                          "segments.txt: line 2: earliest 3881, best 3840, latest 4000 are not in order"));
    CHECK(labels.clips[0].spans[0].span.end == 3840);
    CHECK(labels.clips[0].spans[0].tolerance == BoundaryTolerance{3840, 4000});
}

TEST_CASE("every wrong row is listed by line and left out, and the others come in") {
    const std::pair<const char*, const char*> cases[] = {
        {"86 01\nwalk 5 5\nrun 7 8 9\n", "line 2: expected 'label earliest best latest', found 'walk 5 5'"},
        {"86 01\nwalk 5 x 5\nrun 7 8 9\n", "line 2: expected 'label"},
        {"86 01\nwalk 5 5,0 5\nrun 7 8 9\n", "line 2: expected 'label"},
        {"86 01\nwalk 5 5 5 5\nrun 7 8 9\n", "line 2: expected 'label"},
        {"86 01\nwalk -9 -5 -1\nrun 7 8 9\n", "line 2: frames [0, -5) hold nothing"},
        {"86 01\nrun 7 8 9\nwalk 3 4 5\n", "line 3: frames [8, 4) hold nothing"},
        {"86 01\nrun 7 8 9\nwalk 8 8 8\n", "line 3: frames [8, 8) hold nothing"},
        {"walk 1 2 3\n86 01\nrun 7 8 9\n", "line 1: expected 'subject trial' before the segments"},
        {"86 01\nrun 7 8 9\n\nwalk 10 11 12\n", "line 4: expected 'subject trial' before the segments"},
        {"86 01\nrun 7 8 9\n\n86 01\nrun 1 2 3\n", "line 4: trial 86_01 has a second block"},
    };
    for (const auto& [text, expected] : cases) {
        const ImportedLabels labels = read(text);
        CHECK_MESSAGE(tests::mentions(labels.problems, expected), std::string(expected), "\n",
                      tests::text_of(labels.problems));
        REQUIRE(labels.clips.size() == 1);
        REQUIRE(labels.clips[0].spans.size() == 1);
        CHECK(labels.clips[0].spans[0].span == FrameSpan{0, 8});
    }
}

TEST_CASE("a segment beyond the clip's end is cut there") {
    const ImportedLabels labels = read("86 01\nrun 7 8 9\nwalk 10 12 20\njump 21 22 23\n",
                                       tests::knowing({{"86_01", tests::constant_rate(10, 120)}}));
    CHECK(tests::mentions(labels.problems,
                          "line 3: frames [8, 12) reach beyond the clip (the clip has frames 0 to 9); cut there"));
    CHECK(tests::mentions(labels.problems, "line 4: frames [10, 22) lie outside of the clip"));
    CHECK(labels.clips[0].spans.back().span == FrameSpan{8, 10});
}

TEST_CASE("a file without a block is refused") {
    CHECK_THROWS_AS(read(""), ReadError);
    CHECK_THROWS_AS(read("walk 1 2 3\n"), ReadError);
}

TEST_CASE("the published segments come in whole, their two rows out of order listed") {
    const std::filesystem::path file = tests::recordings() / "cmu86_segments/segments.txt";
    if (!std::filesystem::exists(file)) {
        MESSAGE("no recordings here: skipped");
        return;
    }
    CHECK(looks_like_cmu_segments(file));
    const ImportedLabels labels = read_cmu_segments(file, tests::knowing({{"86_01", tests::constant_rate(4579, 120)}}));
    REQUIRE(labels.clips.size() == 3);
    CHECK(labels.clips[0].spans.size() == 7);
    CHECK(labels.clips[0].spans.back().span == FrameSpan{4065, 4579});
    CHECK(labels.clips[1].spans.size() == 10);
    CHECK(labels.clips[2].spans.size() == 12);
    CHECK(labels.problems.size() == 2);
    CHECK(tests::mentions(labels.problems, "segments.txt: line 14: earliest 3881, best 3840"));
    CHECK(tests::mentions(labels.problems, "segments.txt: line 24: earliest 1540, best 1685, latest 1628"));
}
