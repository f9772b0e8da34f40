#include "annotator/workflows/synth/capsule_figure.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace annotator::synth {
namespace {

using Eigen::Vector3f;

constexpr float nearest_metres = 0.1F;

struct LimbShape {
    std::string_view from, to;
    BodyPart part;
    double radius_metres;
};

// Limbs between shoulders, waist and hips fill the trunk; a joint with itself is a ball.
constexpr std::array limb_shapes{
    LimbShape{"head", "head", BodyPart::head, 0.105},
    LimbShape{"head", "shoulder_centre", BodyPart::neck, 0.060},
    LimbShape{"left_shoulder", "right_shoulder", BodyPart::trunk, 0.062},
    LimbShape{"shoulder_centre", "spine", BodyPart::trunk, 0.110},
    LimbShape{"spine", "hip_centre", BodyPart::trunk, 0.115},
    LimbShape{"left_shoulder", "spine", BodyPart::trunk, 0.085},
    LimbShape{"right_shoulder", "spine", BodyPart::trunk, 0.085},
    LimbShape{"left_shoulder", "left_hip", BodyPart::trunk, 0.060},
    LimbShape{"right_shoulder", "right_hip", BodyPart::trunk, 0.060},
    LimbShape{"spine", "left_hip", BodyPart::trunk, 0.090},
    LimbShape{"spine", "right_hip", BodyPart::trunk, 0.090},
    LimbShape{"left_hip", "right_hip", BodyPart::pelvis, 0.100},
    LimbShape{"left_shoulder", "left_elbow", BodyPart::upper_arm, 0.050},
    LimbShape{"right_shoulder", "right_elbow", BodyPart::upper_arm, 0.050},
    LimbShape{"left_elbow", "left_wrist", BodyPart::forearm, 0.042},
    LimbShape{"right_elbow", "right_wrist", BodyPart::forearm, 0.042},
    LimbShape{"left_wrist", "left_hand", BodyPart::hand, 0.045},
    LimbShape{"right_wrist", "right_hand", BodyPart::hand, 0.045},
    LimbShape{"left_hip", "left_knee", BodyPart::thigh, 0.080},
    LimbShape{"right_hip", "right_knee", BodyPart::thigh, 0.080},
    LimbShape{"left_knee", "left_ankle", BodyPart::shin, 0.056},
    LimbShape{"right_knee", "right_ankle", BodyPart::shin, 0.056},
    LimbShape{"left_ankle", "left_foot", BodyPart::foot, 0.042},
    LimbShape{"right_ankle", "right_foot", BodyPart::foot, 0.042},
};

bool in_view(const Capsule& capsule) {
    return capsule.from.allFinite() && capsule.to.allFinite() &&
           std::min(capsule.from.z(), capsule.to.z()) >= nearest_metres + capsule.radius;
}

}  // namespace

Camera camera_of_size(int width, int height) {
    const Camera& usual = schemas::msr_camera;
    const double scale = std::min(width / static_cast<double>(usual.width), height / static_cast<double>(usual.height));
    return {width, height, usual.focal_u * scale, usual.focal_v * scale, width / 2.0, height / 2.0};
}

CapsuleFigure::CapsuleFigure(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth)
    : layout_(std::move(layout)) {
    for (const LimbShape& shape : limb_shapes) {
        const auto from = layout_->joint_named(shape.from);
        const auto to = layout_->joint_named(shape.to);
        if (from && to)
            limbs_.push_back({static_cast<std::size_t>(*from), static_cast<std::size_t>(*to),
                              static_cast<float>(shape.radius_metres * girth), shape.part});
    }
}

std::vector<Capsule> CapsuleFigure::at(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame) const {
    if (sequence.space != schemas::CoordinateSpace::metres || sequence.joints() != layout_->size())
        throw std::invalid_argument("a figure needs a skeleton in metres, of the layout " + layout_->name);
    std::vector<Capsule> capsules;
    for (const Limb& limb : limbs_) {
        if (sequence.confidence_at(frame, limb.from) <= 0 || sequence.confidence_at(frame, limb.to) <= 0) continue;
        const Capsule capsule{sequence.at(frame, limb.from), sequence.at(frame, limb.to), limb.radius_metres,
                              limb.part};
        if (in_view(capsule)) capsules.push_back(capsule);
    }
    return capsules;
}

PixelBox box_of(const Capsule& capsule, const Camera& camera) {
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

}  // namespace annotator::synth
