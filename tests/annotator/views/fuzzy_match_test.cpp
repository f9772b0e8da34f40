#include "annotator/views/fuzzy_match.h"

#include <doctest/doctest.h>

using namespace annotator;

TEST_CASE("letters match in their order, whatever their case, spaces apart") {
    CHECK(fuzzy_match("spl", "Split at the playhead"));
    CHECK(fuzzy_match("SP PLAY", "Split at the playhead"));
    CHECK(fuzzy_match("", "anything"));
    CHECK_FALSE(fuzzy_match("lps", "Split"));
    CHECK_FALSE(fuzzy_match("splitt", "Split"));
    CHECK_FALSE(fuzzy_match("a", ""));
}

TEST_CASE("what stands together or begins a word counts more") {
    CHECK(fuzzy_match("spl", "Split")->score > fuzzy_match("spl", "Stop playing")->score);
    CHECK(fuzzy_match("mn", "Merge next")->score > fuzzy_match("mn", "Command")->score);
}

TEST_CASE("the best fit is told, not the first") {
    CHECK(fuzzy_match("play", "p l a y play")->positions == std::vector<std::size_t>{8, 9, 10, 11});
}
