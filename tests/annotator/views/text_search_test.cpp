#include "annotator/views/text_search.h"

#include <doctest/doctest.h>

using namespace annotator;

TEST_CASE("names are found by any part, upper and lower case alike") {
    CHECK(has_text("Take10.mp4", "KE1"));
    CHECK(has_text("anything", ""));
    CHECK_FALSE(has_text("Take10", "20"));
}

TEST_CASE("a name begins with a text whatever its case, and no name with more than it has") {
    CHECK(begins_with_text("Turn left", "tURN"));
    CHECK(begins_with_text("turn", ""));
    CHECK_FALSE(begins_with_text("a turn", "turn"));
    CHECK_FALSE(begins_with_text("tu", "turn"));
}
