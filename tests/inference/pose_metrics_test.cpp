#include "inference/pose_metrics.h"

#include <doctest/doctest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "tests/inference/motions.h"

using namespace inference;
using schemas::SkeletonSequence;

namespace {

SkeletonSequence truth() { return *inference_tests::synthetic_motion(1, 3, 12).skeleton; }

SkeletonSequence changed(const SkeletonSequence& from,
                         const std::function<Eigen::Vector3f(const Eigen::Vector3f& position)>& change) {
    SkeletonSequence to = from;
    for (schemas::FrameIndex frame = 0; frame < from.frames(); ++frame)
        for (std::size_t joint = 0; joint < from.joints(); ++joint) to.set(frame, joint, change(from.at(frame, joint)));
    return to;
}

}  // namespace

TEST_CASE("the truth has no error") {
    const PoseErrors none = pose_errors(truth(), truth());
    CHECK(none.frames == 12);
    CHECK(none.joints == 240);
    CHECK(none.rmse == 0);
    CHECK(none.mpjpe == 0);
    CHECK(none.median == 0);
    CHECK(none.n_mpjpe == doctest::Approx(0).epsilon(1e-9));
    CHECK(none.p_mpjpe < 1e-6);
}

TEST_CASE("a shift is an error of every joint, of none once centres or bodies are laid over each other") {
    const PoseErrors shifted = pose_errors(
        changed(truth(), [](const auto& at) -> Eigen::Vector3f { return at + Eigen::Vector3f(0.3F, 0, 0.4F); }),
        truth());
    CHECK(shifted.mpjpe == doctest::Approx(0.5).epsilon(1e-5));
    CHECK(shifted.median == doctest::Approx(0.5).epsilon(1e-5));
    CHECK(shifted.rmse == doctest::Approx(0.5 / std::sqrt(3)).epsilon(1e-5));
    CHECK(shifted.rmse_n < 1e-5);
    CHECK(shifted.p_mpjpe < 1e-5);
}

TEST_CASE("a larger body has no error after scaling, a turned one only after turning") {
    const SkeletonSequence body = truth();
    const PoseErrors larger =
        pose_errors(changed(body, [](const auto& at) -> Eigen::Vector3f { return 1.5F * at; }), body);
    CHECK(larger.mpjpe > 0.1);
    CHECK(larger.n_mpjpe < 1e-5);
    CHECK(larger.p_mpjpe < 1e-5);
    const Eigen::Matrix3f turn = Eigen::AngleAxisf(0.7F, Eigen::Vector3f(1, 2, 3).normalized()).toRotationMatrix();
    const PoseErrors turned =
        pose_errors(changed(body, [&](const auto& at) -> Eigen::Vector3f { return turn * at; }), body);
    CHECK(turned.n_mpjpe > 0.05);
    CHECK(turned.p_mpjpe < 1e-5);
}

TEST_CASE("what either does not see is not compared, and the torso is the truth's") {
    SkeletonSequence body = truth();
    SkeletonSequence found = body;
    const auto joints = body.joints();
    for (std::size_t value = 0; value < 3 * joints; ++value) body.positions[value] = 0;
    for (std::size_t joint = 0; joint < joints; ++joint) body.confidence[joint] = 0;
    found.set(1, 4, {0, 0, 0});
    found.confidence[joints + 4] = 0;
    found.set(2, 5, found.at(2, 5) + Eigen::Vector3f(0, 0.6F, 0));
    const PoseErrors errors = pose_errors(found, body);
    CHECK(errors.frames == 11);
    CHECK(errors.joints == 11 * 20 - 1);
    CHECK(errors.mpjpe == doctest::Approx(0.6 / (11 * 20 - 1)).epsilon(1e-4));
    CHECK(errors.median == 0);
    const auto& layout = *body.layout;
    const double torso = static_cast<double>(
        (body.at(5, static_cast<std::size_t>(layout.neck)) - body.at(5, static_cast<std::size_t>(layout.centre)))
            .norm());
    CHECK(errors.rmse_n == doctest::Approx(0.6 / std::sqrt(3 * (11 * 20 - 1.0)) / torso).epsilon(0.2));
}

TEST_CASE("other joints, other spaces and other lengths are refused") {
    SkeletonSequence other = truth();
    CHECK_THROWS_AS((void)pose_errors(other.slice({0, 5}), truth()), std::invalid_argument);
    other.space = schemas::CoordinateSpace::pixels;
    CHECK_THROWS_AS((void)pose_errors(other, truth()), std::invalid_argument);
    CHECK(pose_errors(SkeletonSequence::empty(truth().layout, 12), truth()).joints == 0);
}
