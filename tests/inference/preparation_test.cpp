#include "inference/preparation.h"

#include <doctest/doctest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;
using doctest::Approx;
using schemas::SkeletonSequence;

namespace {

constexpr std::size_t pelvis = 6;
constexpr std::size_t neck = 2;

std::shared_ptr<SkeletonSequence> changeable(const Sample& sample) {
    return std::make_shared<SkeletonSequence>(*sample.skeleton);
}

Eigen::Vector3f at(const PreparedMotion& motion, std::size_t row, std::size_t joint) {
    return Eigen::Map<const Eigen::Vector3f>(&motion.positions[3 * (row * 20 + joint)]);
}

void kill_joint(SkeletonSequence& sequence, schemas::FrameIndex frame, std::size_t joint) {
    sequence.set(frame, joint, Eigen::Vector3f::Zero());
    sequence.confidence[static_cast<std::size_t>(frame) * 20 + joint] = 0;
}

// Turned about y, moved and scaled.
Sample elsewhere(const Sample& sample, float angle, float scale) {
    auto sequence = changeable(sample);
    const Eigen::Matrix3f turn = Eigen::AngleAxisf(angle, Eigen::Vector3f::UnitY()).toRotationMatrix();
    for (schemas::FrameIndex frame = 0; frame < sequence->frames(); ++frame)
        for (std::size_t joint = 0; joint < 20; ++joint)
            sequence->set(frame, joint, scale * (turn * sequence->at(frame, joint)) + Eigen::Vector3f(1, 2, 3));
    return {sequence, sample.span, sample.label};
}

}  // namespace

TEST_CASE("a prepared motion has its median pelvis at the origin and a torso of one half") {
    const PreparedMotion motion = prepared(synthetic_motion(0, 1), Heading::camera);
    std::vector<float> torsos;
    for (std::size_t row = 0; row < motion.rows(); ++row)
        torsos.push_back((at(motion, row, neck) - at(motion, row, pelvis)).norm());
    std::sort(torsos.begin(), torsos.end());
    CHECK((torsos[19] + torsos[20]) / 2 == Approx(0.5));
}

TEST_CASE("where a body stands, how large it is and which way it faces does not matter by the shoulders") {
    const Sample sample = synthetic_motion(0, 1);
    const PreparedMotion here = prepared(sample, Heading::shoulders);
    const PreparedMotion there = prepared(elsewhere(sample, 1.1F, 1.7F), Heading::shoulders);
    for (std::size_t i = 0; i < here.positions.size(); ++i)
        REQUIRE(here.positions[i] == Approx(there.positions[i]).epsilon(0.005));
    const Eigen::Vector3f line = at(there, 0, 1) - at(there, 0, 0);
    CHECK(line.x() > 0.9F * line.norm());
}

TEST_CASE("the camera's heading is kept where asked for") {
    const Sample sample = synthetic_motion(0, 1);
    const PreparedMotion turned = prepared(elsewhere(sample, 1.5F, 1), Heading::camera);
    const Eigen::Vector3f line = at(turned, 0, 1) - at(turned, 0, 0);
    CHECK(std::abs(line.z()) > 0.8F * line.norm());
}

TEST_CASE("performers who face one way keep the camera's heading, others are turned") {
    std::vector<Sample> samples;
    for (int i = 0; i < 8; ++i)
        samples.push_back(elsewhere(synthetic_motion(0, 1), 0.1F * static_cast<float>(i % 2), 1));
    CHECK(suggested_heading(samples) == Heading::camera);
    for (int i = 0; i < 8; ++i) samples.push_back(elsewhere(synthetic_motion(0, 1), 0.8F * static_cast<float>(i), 1));
    CHECK(suggested_heading(samples) == Heading::shoulders);
}

TEST_CASE("travel through the room is kept") {
    auto sequence = changeable(synthetic_motion(0, 1));
    for (schemas::FrameIndex frame = 0; frame < sequence->frames(); ++frame)
        for (std::size_t joint = 0; joint < 20; ++joint)
            sequence->set(frame, joint,
                          sequence->at(frame, joint) + Eigen::Vector3f(0.05F * static_cast<float>(frame), 0, 0));
    const PreparedMotion motion = prepared({sequence, {0, 40}}, Heading::camera);
    CHECK(at(motion, 39, pelvis).x() - at(motion, 0, pelvis).x() > 1);
}

TEST_CASE("a dead joint takes the nearest living frame, the earlier of two as near") {
    auto sequence = changeable(synthetic_motion(0, 1));
    const Eigen::Vector3f before = sequence->at(9, 11);
    for (const schemas::FrameIndex frame : {10, 11, 12}) kill_joint(*sequence, frame, 11);
    const PreparedMotion motion = prepared({sequence, {0, 40}}, Heading::camera);
    CHECK(at(motion, 10, 11) == at(motion, 9, 11));
    CHECK(at(motion, 11, 11) == at(motion, 9, 11));
    CHECK(at(motion, 12, 11) == at(motion, 13, 11));
    CHECK(before == sequence->at(9, 11));
}

TEST_CASE("dead frames are left out and the others know where they came from") {
    auto sequence = changeable(synthetic_motion(0, 1));
    for (std::size_t joint = 0; joint < 20; ++joint) kill_joint(*sequence, 5, joint);
    const PreparedMotion motion = prepared({sequence, {2, 10}}, Heading::camera);
    CHECK(motion.frames == std::vector<schemas::FrameIndex>{2, 3, 4, 6, 7, 8, 9});
    CHECK_FALSE(motion.dead);
}

TEST_CASE("inferred joints of a depth camera, of confidence zero, are used") {
    auto sequence = changeable(synthetic_motion(0, 1));
    std::fill(sequence->confidence.begin(), sequence->confidence.end(), 0.0F);
    const PreparedMotion motion = prepared({sequence, {0, 40}}, Heading::camera);
    CHECK_FALSE(motion.dead);
    CHECK(motion.rows() == 40);
}

TEST_CASE("key points in pixels without confidence are not used") {
    auto sequence = changeable(synthetic_motion(0, 1));
    sequence->space = schemas::CoordinateSpace::pixels;
    std::fill(sequence->confidence.begin(), sequence->confidence.end(), 0.0F);
    CHECK(prepared({sequence, {0, 40}}, Heading::camera).dead);
}

TEST_CASE("a sample in which nothing was seen is a row of zeros and says so") {
    const auto sequence = std::make_shared<SkeletonSequence>(SkeletonSequence::empty(msr_layout(), 10));
    const PreparedMotion motion = prepared({sequence, {3, 7}}, Heading::shoulders);
    CHECK(motion.dead);
    CHECK(motion.rows() == 1);
    CHECK(motion.positions == std::vector<float>(60, 0.0F));
    CHECK(resampled(motion, 4) == std::vector<float>(240, 0.0F));
}

TEST_CASE("numbers that are none count as unseen") {
    auto sequence = changeable(synthetic_motion(0, 1));
    sequence->set(3, 11, Eigen::Vector3f::Constant(std::numeric_limits<float>::quiet_NaN()));
    sequence->set(4, 12, Eigen::Vector3f::Constant(std::numeric_limits<float>::infinity()));
    for (const float value : prepared({sequence, {0, 40}}, Heading::shoulders).positions) REQUIRE(std::isfinite(value));
}

TEST_CASE("a span that is not of the skeleton is refused") {
    const Sample sample = synthetic_motion(0, 1);
    CHECK_THROWS_AS(prepared({sample.skeleton, {0, 41}}, Heading::camera), std::invalid_argument);
    CHECK_THROWS_AS(prepared({sample.skeleton, {5, 5}}, Heading::camera), std::invalid_argument);
    CHECK_THROWS_AS(prepared({nullptr, {0, 1}}, Heading::camera), std::invalid_argument);
}

TEST_CASE("resampling keeps first and last row and is linear between") {
    PreparedMotion motion;
    motion.layout = msr_layout();
    motion.frames = {0, 1, 2};
    for (const float value : {0.0F, 1.0F, 4.0F}) motion.positions.insert(motion.positions.end(), 60, value);
    const std::vector<float> five = resampled(motion, 5);
    for (const auto& [row, value] : {std::pair<std::size_t, float>{0, 0}, {1, 0.5F}, {2, 1}, {3, 2.5F}, {4, 4}})
        CHECK(five[row * 60] == Approx(value));
    CHECK(resampled(motion, 1)[0] == 0);
}

TEST_CASE("features are joints, bones and five times the velocity") {
    const PreparedMotion motion = prepared(synthetic_motion(0, 1), Heading::camera);
    const std::vector<float> features = motion_features(motion.positions, *motion.layout);
    REQUIRE(features.size() == 40 * 180);
    const float* row = &features[7 * 180];
    CHECK(row[3 * 11] == at(motion, 7, 11).x());
    CHECK(row[60 + 3 * 11] == Approx(at(motion, 7, 11).x() - at(motion, 7, 9).x()));
    CHECK(row[60 + 3 * pelvis] == 0);
    CHECK(row[120 + 3 * 11 + 1] == Approx(5 * (at(motion, 7, 11).y() - at(motion, 6, 11).y())));
    CHECK(features[120] == 0);
}
