#include "annotator/workflows/synth/depth_renderer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace annotator::synth {
namespace {

using Eigen::Vector3f;
using schemas::PinholeCamera;
using storage::DepthFrame;

constexpr float nearest_metres = 0.1F;
constexpr float millimetres_per_metre = 1000;

struct LimbShape {
    std::string_view from, to;
    double radius_metres;
};

// Limbs between shoulders, waist and hips fill the trunk; a joint with itself is a ball.
constexpr std::array limb_shapes{
    LimbShape{"head", "head", 0.105},
    LimbShape{"head", "shoulder_centre", 0.060},
    LimbShape{"left_shoulder", "right_shoulder", 0.062},
    LimbShape{"shoulder_centre", "spine", 0.110},
    LimbShape{"spine", "hip_centre", 0.115},
    LimbShape{"left_shoulder", "spine", 0.085},
    LimbShape{"right_shoulder", "spine", 0.085},
    LimbShape{"left_shoulder", "left_hip", 0.060},
    LimbShape{"right_shoulder", "right_hip", 0.060},
    LimbShape{"spine", "left_hip", 0.090},
    LimbShape{"spine", "right_hip", 0.090},
    LimbShape{"left_hip", "right_hip", 0.100},
    LimbShape{"left_shoulder", "left_elbow", 0.050},
    LimbShape{"right_shoulder", "right_elbow", 0.050},
    LimbShape{"left_elbow", "left_wrist", 0.042},
    LimbShape{"right_elbow", "right_wrist", 0.042},
    LimbShape{"left_wrist", "left_hand", 0.045},
    LimbShape{"right_wrist", "right_hand", 0.045},
    LimbShape{"left_hip", "left_knee", 0.080},
    LimbShape{"right_hip", "right_knee", 0.080},
    LimbShape{"left_knee", "left_ankle", 0.056},
    LimbShape{"right_knee", "right_ankle", 0.056},
    LimbShape{"left_ankle", "left_foot", 0.042},
    LimbShape{"right_ankle", "right_foot", 0.042},
};

struct Capsule {
    Vector3f from, to;
    float radius;
};

// The nearer solution t of |origin + t * ray - centre| = radius, for a ray from the
// camera.
std::optional<float> distance_to_ball(const Vector3f& ray, float ray_squared, const Vector3f& centre, float radius) {
    const float along = ray.dot(centre);
    const float discriminant = along * along - ray_squared * (centre.squaredNorm() - radius * radius);
    if (discriminant < 0) return std::nullopt;
    return (along - std::sqrt(discriminant)) / ray_squared;
}

// What does not depend on the pixel; after https://iquilezles.org/articles/intersectors
// (capsule), with the camera at the origin.
class CapsuleIntersector {
public:
    explicit CapsuleIntersector(const Capsule& capsule)
        : capsule_(capsule),
          axis_(capsule.to - capsule.from),
          axis_squared_(axis_.squaredNorm()),
          axis_from_(axis_.dot(capsule.from)),
          outside_(axis_squared_ * (capsule.from.squaredNorm() - capsule.radius * capsule.radius) -
                   axis_from_ * axis_from_) {}

    // Of the first point that the ray meets, in units of the ray; its z is 1, so it is the
    // depth.
    [[nodiscard]] std::optional<float> depth(const Vector3f& ray) const {
        const float ray_squared = ray.squaredNorm();
        if (axis_squared_ == 0) return distance_to_ball(ray, ray_squared, capsule_.from, capsule_.radius);
        const float axis_ray = axis_.dot(ray);
        const float a = axis_squared_ * ray_squared - axis_ray * axis_ray;
        const float b = axis_ray * axis_from_ - axis_squared_ * ray.dot(capsule_.from);
        const float discriminant = b * b - a * outside_;
        if (discriminant < 0) return std::nullopt;
        const float t = a > 0 ? (-b - std::sqrt(discriminant)) / a : 0;
        const float along = t * axis_ray - axis_from_;
        if (a > 0 && along > 0 && along < axis_squared_) return t;
        const Vector3f& end = along <= 0 ? capsule_.from : capsule_.to;
        return distance_to_ball(ray, ray_squared, end, capsule_.radius);
    }

private:
    Capsule capsule_;
    Vector3f axis_;
    float axis_squared_, axis_from_, outside_;
};

// Columns and rows [begin, end) that a capsule can touch.
struct PixelBox {
    int begin_column, end_column, begin_row, end_row;
};

PixelBox box_of(const Capsule& capsule, const PinholeCamera& camera) {
    const float nearest = std::max(nearest_metres, std::min(capsule.from.z(), capsule.to.z()) - capsule.radius);
    Eigen::Vector2f low = Eigen::Vector2f::Constant(std::numeric_limits<float>::max());
    Eigen::Vector2f high = -low;
    for (const Vector3f& end : {capsule.from, capsule.to}) {
        for (const float depth : {nearest, std::max(end.z() + capsule.radius, nearest)}) {
            for (const float side : {-capsule.radius, capsule.radius}) {
                const Eigen::Vector2f pixel = camera.pixel_from({end.x() + side, end.y() + side, depth});
                low = low.cwiseMin(pixel);
                high = high.cwiseMax(pixel);
            }
        }
    }
    const auto clamped = [](float value, int limit) {
        return static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(limit)));
    };
    return {clamped(low.x(), camera.width), clamped(high.x() + 2, camera.width), clamped(low.y(), camera.height),
            clamped(high.y() + 2, camera.height)};
}

void draw(const Capsule& capsule, const PinholeCamera& camera, DepthFrame& picture) {
    if (!capsule.from.allFinite() || !capsule.to.allFinite()) return;
    if (std::min(capsule.from.z(), capsule.to.z()) < nearest_metres + capsule.radius) return;
    const CapsuleIntersector intersector(capsule);
    const PixelBox box = box_of(capsule, camera);
    for (int row = box.begin_row; row < box.end_row; ++row) {
        for (int column = box.begin_column; column < box.end_column; ++column) {
            const Eigen::Vector2f centre(static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F);
            const std::optional<float> depth = intersector.depth(camera.point_from(centre, 1));
            if (!depth) continue;
            const float limited = std::min(*depth * millimetres_per_metre, 65535.0F);
            const auto value = static_cast<std::uint16_t>(std::lround(limited));
            std::uint16_t& pixel = picture.values[static_cast<std::size_t>(row * camera.width + column)];
            if (pixel == 0 || value < pixel) pixel = value;
        }
    }
}

}  // namespace

DepthRenderer::DepthRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth,
                             schemas::PinholeCamera camera)
    : layout_(std::move(layout)), camera_(camera) {
    for (const LimbShape& shape : limb_shapes) {
        const auto from = layout_->joint_named(shape.from);
        const auto to = layout_->joint_named(shape.to);
        if (from && to)
            limbs_.push_back({static_cast<std::size_t>(*from), static_cast<std::size_t>(*to),
                              static_cast<float>(shape.radius_metres * girth)});
    }
}

DepthFrame DepthRenderer::render(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame) const {
    if (sequence.space != schemas::CoordinateSpace::metres || sequence.joints() != layout_->size())
        throw std::invalid_argument("a depth picture needs a skeleton in metres, of the layout " + layout_->name);
    DepthFrame picture{camera_.width, camera_.height, {}};
    picture.values.assign(static_cast<std::size_t>(camera_.width) * static_cast<std::size_t>(camera_.height), 0);
    for (const Limb& limb : limbs_) {
        if (sequence.confidence_at(frame, limb.from) <= 0 || sequence.confidence_at(frame, limb.to) <= 0) continue;
        draw({sequence.at(frame, limb.from), sequence.at(frame, limb.to), limb.radius_metres}, camera_, picture);
    }
    return picture;
}

}  // namespace annotator::synth
