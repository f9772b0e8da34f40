#include "storage/skeleton/joint_names.h"

#include <doctest/doctest.h>

using storage::left_right_pairs;
using storage::shared_names;
using Pairs = std::vector<std::pair<int, int>>;

TEST_CASE("partners are found by their words and by their letters") {
    CHECK(left_right_pairs({"LeftHip", "RightHip"}) == Pairs{{0, 1}});
    CHECK(left_right_pairs({"rfemur", "lfemur"}) == Pairs{{1, 0}});
    CHECK(left_right_pairs({"LThumb", "RThumb", "LThumb_end", "RThumb_end"}) == Pairs{{0, 1}, {2, 3}});
    CHECK(left_right_pairs({"hand.L", "hand.R"}) == Pairs{{0, 1}});
    CHECK(left_right_pairs({"toe_l_end", "toe_r_end"}) == Pairs{{0, 1}});
}

TEST_CASE("a name that merely begins with l has no partner") {
    CHECK(left_right_pairs({"lowerback", "root", "leg"}).empty());
}

TEST_CASE("joint names of common programs mean the same joints") {
    const std::vector<std::string> legs = {"left_hip", "left_knee", "left_ankle"};
    CHECK(shared_names({"LeftUpLeg", "LeftLeg", "LeftFoot"}) == legs);
    CHECK(shared_names({"LeftHip", "LeftKnee", "LeftAnkle"}) == legs);
    CHECK(shared_names({"thigh.L", "shin.L", "foot.L"}) == legs);
    CHECK(shared_names({"l_thigh", "l_calf", "l_ankle"}) == legs);
}

TEST_CASE("a shoulder beside an arm is a collar, alone it is a shoulder") {
    CHECK(shared_names({"LeftShoulder", "LeftArm"}) == std::vector<std::string>{"left_collar", "left_shoulder"});
    CHECK(shared_names({"LeftCollar", "LeftShoulder"}) == std::vector<std::string>{"left_collar", "left_shoulder"});
}

TEST_CASE("no shared name is given twice") {
    CHECK(shared_names({"Hips", "pelvis"}) == std::vector<std::string>{"pelvis", ""});
}

TEST_CASE("a joint without a name is nobody") { CHECK(shared_names({"", "_"}) == std::vector<std::string>{"", ""}); }
