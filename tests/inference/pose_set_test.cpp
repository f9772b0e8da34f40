#include "inference/pose_set.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/inference/depth_takes.h"

using namespace inference;
using doctest::Approx;
using doctest::Contains;
using inference_tests::painted_take;
using inference_tests::painted_takes;
using inference_tests::synthetic_motion;

namespace {

constexpr std::size_t cells = std::size_t{depth_crop_side} * depth_crop_side;

std::shared_ptr<schemas::SkeletonSequence> some_motion(schemas::FrameIndex frames = 6) {
    return std::make_shared<schemas::SkeletonSequence>(*synthetic_motion(0, 1, frames).skeleton);
}

// A disc around a point of the square, and the one joint that lies in the middle of it.
PoseTake disc(float x, float y, float depth) {
    auto layout = std::make_shared<schemas::SkeletonLayout>();
    layout->name = "dot";
    layout->joints = {"dot"};
    layout->parents = {-1};
    PoseTake take;
    take.camera = schemas::msr_camera;
    take.crop = DepthCrop{.left = 60, .top = 20, .side = 200, .median_metres = 2.5};
    take.pictures.assign(cells, 1);
    for (std::size_t row = 0; row < depth_crop_side; ++row)
        for (std::size_t column = 0; column < depth_crop_side; ++column)
            if (std::hypot((static_cast<float>(column) + 0.5F) / 16 - 1 - x,
                           (static_cast<float>(row) + 0.5F) / 16 - 1 - y) < 0.25F)
                take.pictures[row * depth_crop_side + column] = depth;
    auto truth = schemas::SkeletonSequence::empty(layout, 1);
    truth.set(0, 0, take.crop->point_from_crop({x, y, depth}, take.camera));
    truth.confidence[0] = 1;
    take.truth = std::make_shared<schemas::SkeletonSequence>(truth);
    return take;
}

struct Blob {
    float x = 0, y = 0, depth = 0;
    int cells = 0;
};

Blob blob_of(std::span<const float> picture) {
    Blob blob;
    for (std::size_t i = 0; i < cells; ++i) {
        if (picture[i] >= 1) continue;
        blob.x += (static_cast<float>(i % depth_crop_side) + 0.5F) / 16 - 1;
        blob.y += (static_cast<float>(i / depth_crop_side) + 0.5F) / 16 - 1;
        blob.depth += picture[i];
        ++blob.cells;
    }
    const auto count = static_cast<float>(std::max(blob.cells, 1));
    return {blob.x / count, blob.y / count, blob.depth / count, blob.cells};
}

}  // namespace

TEST_CASE("windows without augmentation are the pictures and the key-points of a take") {
    const std::vector<PoseTake> takes{painted_take(some_motion())};
    const PoseSet set(takes);
    CHECK(set.labelled_frames() == 6);
    Random random(1);
    const PoseWindows drawn = set.draw(1, 6, no_pose_augmentation(), random);
    REQUIRE(drawn.pictures.size() == takes[0].pictures.size());
    for (std::size_t i = 0; i < drawn.pictures.size(); ++i)
        REQUIRE(drawn.pictures[i] == Approx(takes[0].pictures[i]).epsilon(1e-4));
    for (std::size_t joint = 0; joint < 20; ++joint) {
        const Eigen::Vector3f place = Eigen::Map<const Eigen::Vector3f>(&drawn.places[3 * (2 * 20 + joint)]);
        const Eigen::Vector3f point = takes[0].crop->point_from_crop(place, takes[0].camera);
        CHECK((point - takes[0].truth->at(2, joint)).norm() < 1e-4F);
    }
}

TEST_CASE("the square of a take is found without its key-points") {
    const auto with = painted_take(some_motion());
    auto elsewhere = some_motion();
    for (float& value : elsewhere->positions) value += 1;
    const auto values = inference_tests::painted_depth(*some_motion());
    const DepthClip clip{values, 320, 240, 0.001};
    const PoseTake without = pose_take(clip, schemas::msr_camera, elsewhere);
    CHECK(without.crop->left == with.crop->left);
    CHECK(without.crop->side == with.crop->side);
    CHECK(without.pictures == with.pictures);
}

TEST_CASE("a take shorter than a window keeps its last frame") {
    const std::vector<PoseTake> takes{painted_take(some_motion(3))};
    Random random(1);
    const PoseWindows drawn = PoseSet(takes).draw(1, 5, no_pose_augmentation(), random);
    for (const std::size_t frame : {3, 4})
        for (std::size_t i = 0; i < 60; ++i) CHECK(drawn.places[frame * 60 + i] == drawn.places[2 * 60 + i]);
}

TEST_CASE("a mirrored window has left and right joints swapped and its pictures turned round") {
    const std::vector<PoseTake> takes{painted_take(some_motion(1))};
    const PoseSet set(takes);
    PoseAugmentation mirror = no_pose_augmentation();
    mirror.mirror_probability = 1;
    Random random(1);
    const PoseWindows plain = set.draw(1, 1, no_pose_augmentation(), random);
    const PoseWindows turned = set.draw(1, 1, mirror, random);
    const std::vector<int> partner = takes[0].truth->layout->mirrored();
    for (std::size_t joint = 0; joint < 20; ++joint) {
        const auto other = static_cast<std::size_t>(partner[joint]);
        CHECK(turned.places[3 * joint] == Approx(-plain.places[3 * other]));
        CHECK(turned.places[3 * joint + 1] == Approx(plain.places[3 * other + 1]));
        CHECK(turned.places[3 * joint + 2] == Approx(plain.places[3 * other + 2]));
    }
    for (std::size_t i = 0; i < cells; ++i) {
        const std::size_t row = i / depth_crop_side, column = i % depth_crop_side;
        REQUIRE(turned.pictures[i] ==
                Approx(plain.pictures[row * depth_crop_side + depth_crop_side - 1 - column]).epsilon(1e-4));
    }
}

TEST_CASE("whatever is done to a window, its key-points stay on what they lie on") {
    PoseAugmentation strong;
    strong.turn_degrees = 30;
    strong.depth_noise = 0;
    strong.holes = 0;
    Random random(7);
    const std::vector<PoseTake> takes{disc(0.3F, -0.4F, 0.2F)};
    const PoseSet set(takes);
    for (int i = 0; i < 50; ++i) {
        const PoseWindows drawn = set.draw(1, 1, strong, random);
        const Blob blob = blob_of(drawn.pictures);
        REQUIRE(blob.cells > 20);
        CHECK(std::abs(blob.x - drawn.places[0]) < 0.04F);
        CHECK(std::abs(blob.y - drawn.places[1]) < 0.04F);
        CHECK(std::abs(blob.depth - drawn.places[2]) < 0.02F);
    }
}

TEST_CASE("a joint that was not seen is not learnt from, and has no place") {
    auto motion = some_motion(2);
    motion->confidence[3] = 0;
    motion->set(0, 3, Eigen::Vector3f::Zero());
    const std::vector<PoseTake> takes{painted_take(some_motion(2))};
    std::vector<PoseTake> lacking = takes;
    lacking[0].truth = motion;
    Random random(1);
    const PoseWindows drawn = PoseSet(lacking).draw(1, 2, no_pose_augmentation(), random);
    CHECK(drawn.visible[3] == 0);
    CHECK(drawn.visible[2] == 1);
    CHECK(drawn.visible[20 + 3] == 1);
}

TEST_CASE("takes without key-points or without a person are never drawn") {
    std::vector<PoseTake> takes = painted_takes(3, 4);
    takes[0].truth = nullptr;
    takes[2].crop.reset();
    Random random(1);
    const PoseSet set(takes);
    CHECK(set.labelled_frames() == 4);
    for (const std::size_t take : set.draw(20, 2, PoseAugmentation{}, random).takes) CHECK(take == 1);
}

TEST_CASE("takes that cannot be learnt from are refused by number and frame") {
    std::vector<PoseTake> takes = painted_takes(2, 4);
    SUBCASE("a depth that is no number") {
        takes[1].pictures[2 * cells + 5] = std::numeric_limits<float>::quiet_NaN();
        CHECK_THROWS_WITH_AS(PoseSet{takes}, Contains("take 1, frame 2: its depth is no number"),
                             std::invalid_argument);
    }
    SUBCASE("a position that is no number") {
        auto motion = some_motion(4);
        motion->set(3, 2, Eigen::Vector3f(0, std::numeric_limits<float>::infinity(), 2));
        takes[0].truth = motion;
        CHECK_THROWS_WITH_AS(PoseSet{takes}, Contains("take 0, frame 3: the position of joint 2 is no number"),
                             std::invalid_argument);
    }
    SUBCASE("key-points of another number of frames") {
        takes[1].truth = some_motion(5);
        CHECK_THROWS_WITH_AS(PoseSet{takes}, Contains("take 1: 5 frames of key-points stand beside 4 depth pictures"),
                             std::invalid_argument);
    }
    SUBCASE("key-points in pixels") {
        auto motion = some_motion(4);
        motion->space = schemas::CoordinateSpace::pixels;
        takes[1].truth = motion;
        CHECK_THROWS_WITH_AS(PoseSet{takes}, Contains("must be in metres"), std::invalid_argument);
    }
    SUBCASE("two layouts") {
        auto motion = some_motion(4);
        auto layout = std::make_shared<schemas::SkeletonLayout>(*motion->layout);
        layout->name = "other";
        layout->joints[0] = "something else";
        motion->layout = layout;
        takes[1].truth = motion;
        CHECK_THROWS_WITH_AS(PoseSet{takes}, Contains("take 1: its key-points have the layout other"),
                             std::invalid_argument);
    }
    SUBCASE("nothing to learn from") {
        takes[0].truth = takes[1].truth = nullptr;
        CHECK_THROWS_WITH_AS(PoseSet{takes}, Contains("there is nothing to learn from"), std::invalid_argument);
    }
}
