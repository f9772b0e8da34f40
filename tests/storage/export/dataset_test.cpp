#include "storage/export/dataset.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/storage/export/sample_dataset.h"

using namespace storage;

TEST_CASE("random datasets have no problems") {
    for (unsigned seed = 0; seed < 50; ++seed)
        CHECK(problems_of(tests::random_dataset(seed)) == std::vector<std::string>{});
}

TEST_CASE("each way in which a dataset is wrong is named with its clip") {
    const auto problems_after = [](auto change) {
        Dataset dataset = tests::empty_dataset();
        dataset.clips = {tests::plain_clip(1, "walk", 10)};
        change(dataset);
        return problems_of(dataset);
    };
    using Problems = std::vector<std::string>;
    CHECK(problems_after([](Dataset&) {}).empty());
    CHECK(problems_after([](Dataset& d) { d.clips[0].span.end = 11; }) ==
          Problems{"clip walk: its frame table has 10 rows, its span 11 frames."});
    CHECK(problems_after([](Dataset& d) { d.clips[0].table.seconds[3] = 9; }) ==
          Problems{"clip walk: its times run backwards."});
    CHECK(problems_after([](Dataset& d) { d.clips[0].table.seconds[3] = std::nan(""); }).size() == 1);
    CHECK(problems_after([](Dataset& d) { d.clips[0].end_seconds = 0.1; }) ==
          Problems{"clip walk: it ends before its last frame is shown."});
    CHECK(problems_after([](Dataset& d) { d.clips.push_back(d.clips[0]); }).size() == 2);
    CHECK(problems_after([](Dataset& d) { d.clips[0].span = {5, 5}; }).size() == 1);
    CHECK(problems_after([](Dataset& d) {
              tests::add_segment(d, 0, tests::arms_track, {8, 11}, "up");
          }) == Problems{"clip walk: frames [8, 11) do not lie within its span [0, 10)."});
    CHECK(problems_after([](Dataset& d) { tests::add_segment(d, 0, tests::arms_track, {8, 9}, "apex"); }).size() == 1);
    CHECK(problems_after([](Dataset& d) {
              tests::add_segment(d, 0, tests::arms_track, {8, 9}, "up", schemas::PerformerId{1});
          }).size() == 1);
}

TEST_CASE("the last frame lasts as long as the one before it, a single frame one period") {
    CHECK(end_seconds_of({{0, 0.5, 2}, {}}, {30, 1}) == doctest::Approx(3.5));
    CHECK(end_seconds_of({{1}, {}}, {25, 1}) == doctest::Approx(1.04));
    CHECK(end_seconds_of({{1, 1}, {}}, {25, 1}) == doctest::Approx(1.04));
    CHECK(end_seconds_of({{1}, {}}, {0, 1}) == doctest::Approx(2));
}

TEST_CASE("a label merged several times ends at the last one, a ring of merges ends") {
    Dataset dataset = tests::empty_dataset();
    dataset.labels[0].merged_into = dataset.labels[1].id;
    CHECK(final_label(dataset, dataset.labels[0].id) == dataset.labels[1].id);
    dataset.labels[1].merged_into = dataset.labels[0].id;
    CHECK(final_label(dataset, dataset.labels[0].id) == dataset.labels[0].id);
}
