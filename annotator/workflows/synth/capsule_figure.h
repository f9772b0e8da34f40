#pragma once

#include <Eigen/Core>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "schemas/camera.h"
#include "schemas/skeleton.h"

// The dancer's shape, which depth pictures and videos share: a skeleton dressed in capsules, and
// where a camera sees them. Camera coordinates: metres, the camera at the origin, y up, z away.
namespace annotator::synth {

using Camera = schemas::PinholeCamera;

// Of that size, with at least the view of MSR-Action3D's.
Camera camera_of_size(int width, int height);

enum class BodyPart { head, neck, trunk, pelvis, upper_arm, forearm, hand, thigh, shin, foot };

struct Capsule {
    Eigen::Vector3f from, to;
    float radius = 0;
    BodyPart part = BodyPart::trunk;
};

class CapsuleFigure {
public:
    // `girth` scales the thickness of every limb; 1 suits an adult of 1.7 m. Joints that the
    // layout lacks, by the names of msr20, are left out.
    CapsuleFigure(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth);

    // Without limbs that were not seen or are nearer than the lens. Throws std::invalid_argument
    // for a sequence in pixels or with another number of joints.
    [[nodiscard]] std::vector<Capsule> at(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame) const;

private:
    struct Limb {
        std::size_t from = 0, to = 0;
        float radius_metres = 0;
        BodyPart part = BodyPart::trunk;
    };

    std::shared_ptr<const schemas::SkeletonLayout> layout_;
    std::vector<Limb> limbs_;
};

// The nearer solution t of |origin + t * ray - centre| = radius, for a ray from the
// camera.
inline std::optional<float> distance_to_ball(const Eigen::Vector3f& ray, float ray_squared,
                                             const Eigen::Vector3f& centre, float radius) {
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
    [[nodiscard]] std::optional<float> depth(const Eigen::Vector3f& ray) const {
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
        const Eigen::Vector3f& end = along <= 0 ? capsule_.from : capsule_.to;
        return distance_to_ball(ray, ray_squared, end, capsule_.radius);
    }

private:
    Capsule capsule_;
    Eigen::Vector3f axis_;
    float axis_squared_, axis_from_, outside_;
};

// Columns and rows [begin, end) that a capsule can touch.
struct PixelBox {
    int begin_column = 0, end_column = 0, begin_row = 0, end_row = 0;
};

PixelBox box_of(const Capsule& capsule, const Camera& camera);

// Calls visit(column, row, ray, depth) for each pixel in which the capsule is seen.
template <class Visit>
void for_each_pixel_on(const Capsule& capsule, const Camera& camera, const Visit& visit) {
    const CapsuleIntersector intersector(capsule);
    const PixelBox box = box_of(capsule, camera);
    for (int row = box.begin_row; row < box.end_row; ++row) {
        for (int column = box.begin_column; column < box.end_column; ++column) {
            const Eigen::Vector3f ray = camera.ray_to(column, row);
            if (const std::optional<float> depth = intersector.depth(ray)) visit(column, row, ray, *depth);
        }
    }
}

}  // namespace annotator::synth
