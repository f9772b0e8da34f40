#include "storage/media/frame_comparison.h"

#include <doctest/doctest.h>

namespace storage {
namespace {

VideoIndex scanned() {
    VideoIndex index;
    index.properties.time_base_numerator = 1;
    index.properties.time_base_denominator = 1'000;
    index.frames = {{0, 40, 0, true}, {40, 40, 1, false}, {90, 10, 2, false}, {100, 40, 3, true}};
    return index;
}

}  // namespace

TEST_CASE("a table of a video, or of a part of it, is that of a scan") {
    CHECK(differences(scanned(), scanned().table(), 0).empty());
    CHECK(differences(scanned(), {{0.04, 0.09}, {0, 0}, {40, 90}, {1, 1'000}}, 1).empty());
    CHECK(differences(scanned(), {{0.04, 0.09}, {0, 0}, {20, 45}, {2, 1'000}}, 1).size() == 1);
}

TEST_CASE("the first frame that differs is named") {
    schemas::FrameTable noted = scanned().table();
    noted.ticks[2] = 91;
    noted.key[3] = 0;
    CHECK(differences(scanned(), noted, 0) ==
          std::vector<std::string>{"frame 2 has the pts 90, and 91 was noted down",
                                   "frame 3 is a key frame, and the opposite was noted down"});
}

TEST_CASE("frames that the video does not have, other ticks and no pts at all are differences") {
    CHECK(differences(scanned(), scanned().table(), 1).at(0) == "its frames end with 3, and frame 4 was noted down");
    schemas::FrameTable noted = scanned().table();
    noted.tick = {1, 90'000};
    CHECK(differences(scanned(), noted, 0).at(0) == "its time base is 1/1000, and 1/90000 was noted down");
    CHECK(differences(scanned(), {{0, 1}, {}}, 0).at(0) == "its pts were not noted down");
}

}  // namespace storage
