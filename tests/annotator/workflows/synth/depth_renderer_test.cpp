#include "annotator/workflows/synth/depth_renderer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "annotator/workflows/synth/recording.h"
#include "tests/annotator/workflows/synth/msr20_layout.h"

namespace annotator::synth {
namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;

SkeletonSequence clip_seen(const Dancer& dancer, std::size_t category) {
    const DanceTake take = dance_clip(dancer, category, Random(3, {category}));
    return seen_from(viewpoint_of(dancer.body), take.figures, msr20_layout());
}

std::optional<std::uint16_t> depth_at(const storage::DepthFrame& picture, const Eigen::Vector2f& pixel) {
    const int column = static_cast<int>(std::floor(pixel.x()));
    const int row = static_cast<int>(std::floor(pixel.y()));
    if (column < 0 || column >= picture.width || row < 0 || row >= picture.height) return std::nullopt;
    return picture.values[static_cast<std::size_t>(row * picture.width + column)];
}

SkeletonSequence only_head(const Eigen::Vector3f& place) {
    SkeletonSequence sequence = SkeletonSequence::empty(msr20_layout(), 1);
    const auto head = static_cast<std::size_t>(Joint::head);
    sequence.set(0, head, place);
    sequence.confidence[head] = 1;
    return sequence;
}

}  // namespace

TEST_CASE("the nearest point of a ball on the axis is its centre less its radius") {
    const SkeletonSequence sequence = only_head({0, 0, 2});
    const storage::DepthFrame picture = DepthRenderer(sequence.layout, 1).render(sequence, 0);
    CHECK(picture.values[120 * 320 + 160] == doctest::Approx(2000 - 105).epsilon(0.001));
    CHECK(picture.values[0] == 0);
}

TEST_CASE("every joint in the picture lies within the silhouette, at about its depth") {
    constexpr int tolerance_millimetres = 250;
    for (std::size_t category = 0; category < category_names().size(); ++category) {
        const Dancer dancer = dancer_of(5, category % 4);
        const SkeletonSequence seen = clip_seen(dancer, category);
        const DepthRenderer renderer(seen.layout, dancer.body.girth);
        for (FrameIndex frame = 0; frame < seen.frames(); frame += 5) {
            const storage::DepthFrame picture = renderer.render(seen, frame);
            for (std::size_t joint = 0; joint < seen.joints(); ++joint) {
                const auto depth = depth_at(picture, renderer.camera().pixel_from(seen.at(frame, joint)));
                if (!depth) continue;
                CHECK(*depth > 0);
                CHECK(*depth < seen.at(frame, joint).z() * 1000);
            }
            const Eigen::Vector3f torso = seen.at(frame, static_cast<std::size_t>(Joint::hip_centre));
            const auto depth = depth_at(picture, renderer.camera().pixel_from(torso));
            REQUIRE(depth);
            const bool arm_before_torso = *depth + tolerance_millimetres < torso.z() * 1000;
            if (!arm_before_torso) CHECK(std::abs(*depth - torso.z() * 1000) < tolerance_millimetres);
        }
    }
}

TEST_CASE("a dancer's own left is on the left of the picture, as in a mirror") {
    const Dancer dancer = dancer_of(5, 0);
    const SkeletonSequence seen = clip_seen(dancer, 0);
    const schemas::PinholeCamera camera = schemas::msr_camera;
    CHECK(camera.pixel_from(seen.at(0, static_cast<std::size_t>(Joint::left_shoulder))).x() <
          camera.pixel_from(seen.at(0, static_cast<std::size_t>(Joint::right_shoulder))).x());
}

TEST_CASE("a figure behind, around, far from the camera or nowhere is no trouble") {
    for (const Eigen::Vector3f& place :
         {Eigen::Vector3f(0, 0, -2), Eigen::Vector3f(0, 0, 0), Eigen::Vector3f(0, 0, 0.12F),
          Eigen::Vector3f(1e6F, 0, 1), Eigen::Vector3f(0, 0, 1e6F), Eigen::Vector3f::Constant(std::nanf("")).eval()}) {
        const SkeletonSequence sequence = only_head(place);
        CHECK(DepthRenderer(sequence.layout, 1).render(sequence, 0).values.size() == 320 * 240);
    }
}

TEST_CASE("depth of a skeleton in pixels is refused") {
    SkeletonSequence sequence = only_head({0, 0, 2});
    sequence.space = schemas::CoordinateSpace::pixels;
    CHECK_THROWS_AS((void)DepthRenderer(sequence.layout, 1).render(sequence, 0), std::invalid_argument);
}

}  // namespace annotator::synth
