#include "annotator/workflows/shown_size.h"

#include <doctest/doctest.h>

using namespace annotator;

TEST_CASE("square pixels leave the size as it is") {
    CHECK(shown_size({1280, 720}, 0, 1, 1) == PictureSize{1280, 720});
}

TEST_CASE("wide pixels make a picture wider, and taller when it was turned") {
    CHECK(shown_size({1440, 1080}, 0, 4, 3) == PictureSize{1920, 1080});
    CHECK(shown_size({1080, 1440}, 90, 4, 3) == PictureSize{1080, 1920});
}

TEST_CASE("narrow pixels make a picture taller") { CHECK(shown_size({720, 576}, 0, 8, 9) == PictureSize{720, 648}); }

TEST_CASE("an aspect without sense is none") { CHECK(shown_size({10, 20}, 0, 0, 0) == PictureSize{10, 20}); }

TEST_CASE("a larger picture shrinks to the standard, upright or lying") {
    CHECK(standard_size({1920, 1080}, 720, Enlarge::never) == PictureSize{1280, 720});
    CHECK(standard_size({1080, 1920}, 720, Enlarge::never) == PictureSize{720, 1280});
}

TEST_CASE("a smaller picture grows only if it may") {
    CHECK(standard_size({640, 480}, 720, Enlarge::never) == PictureSize{640, 480});
    CHECK(standard_size({640, 480}, 720, Enlarge::allowed) == PictureSize{960, 720});
}

TEST_CASE("sides are even and never nothing") {
    CHECK(standard_size({853, 481}, 720, Enlarge::never) == PictureSize{854, 482});
    CHECK(standard_size({4000, 2}, 720, Enlarge::never) == PictureSize{4000, 2});
    CHECK(standard_size({1, 1}, 720, Enlarge::never) == PictureSize{2, 2});
}
