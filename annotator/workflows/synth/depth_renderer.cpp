#include "annotator/workflows/synth/depth_renderer.h"

#include <algorithm>
#include <cmath>

namespace annotator::synth {

namespace {

constexpr float millimetres_per_metre = 1000;

}  // namespace

DepthRenderer::DepthRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth, Camera camera)
    : figure_(std::move(layout), girth), camera_(camera) {}

storage::DepthFrame DepthRenderer::render(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame) const {
    storage::DepthFrame picture{camera_.width, camera_.height, {}};
    picture.values.assign(static_cast<std::size_t>(camera_.width) * static_cast<std::size_t>(camera_.height), 0);
    for (const Capsule& capsule : figure_.at(sequence, frame)) {
        for_each_pixel_on(capsule, camera_, [&](int column, int row, const Eigen::Vector3f&, float depth) {
            const float limited = std::min(depth * millimetres_per_metre, 65535.0F);
            const auto value = static_cast<std::uint16_t>(std::lround(limited));
            std::uint16_t& pixel = picture.values[static_cast<std::size_t>(row * camera_.width + column)];
            if (pixel == 0 || value < pixel) pixel = value;
        });
    }
    return picture;
}

}  // namespace annotator::synth
