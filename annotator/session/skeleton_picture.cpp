#include "annotator/session/skeleton_picture.h"

#include <algorithm>
#include <optional>

#include "annotator/workflows/overlay.h"

namespace annotator {

namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;
using schemas::CoordinateSpace;
using schemas::FrameIndex;
using schemas::SkeletonSequence;

constexpr FrameIndex sampled_frames = 60;
constexpr float margin = 0.08F;

struct Box {
    Vector2f low = Vector2f::Constant(1e9F), high = Vector2f::Constant(-1e9F);
    void add(const Vector2f& point) {
        low = low.cwiseMin(point);
        high = high.cwiseMax(point);
    }
    [[nodiscard]] bool empty() const { return low.x() > high.x(); }
};

// From the right to the left shoulder, level: what lies across for whoever looks at the dancer's front.
std::optional<Vector3f> across(const SkeletonSequence& sequence, FrameIndex frame) {
    const auto left = static_cast<std::size_t>(sequence.layout->left_shoulder);
    const auto right = static_cast<std::size_t>(sequence.layout->right_shoulder);
    if (sequence.confidence_at(frame, left) <= 0 || sequence.confidence_at(frame, right) <= 0) return std::nullopt;
    Vector3f line = sequence.at(frame, left) - sequence.at(frame, right);
    line.y() = 0;
    return line.norm() > 1e-4F ? std::optional<Vector3f>(line.normalized()) : std::nullopt;
}

template <class Visit>
void each_seen(const SkeletonSequence& sequence, FrameIndex frame, const Visit& visit) {
    if (frame < 0 || frame >= sequence.frames() || schemas::is_dead_frame(sequence, frame)) return;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
        if (sequence.confidence_at(frame, joint) > 0 && sequence.at(frame, joint).allFinite())
            visit(joint, sequence.at(frame, joint));
}

}  // namespace

SkeletonPictures::SkeletonPictures(std::vector<std::shared_ptr<const SkeletonSequence>> skeletons)
    : skeletons_(std::move(skeletons)) {
    const SkeletonSequence& first = *skeletons_.front();
    if (first.space == CoordinateSpace::metres)
        for (FrameIndex frame = 0; frame < first.frames(); ++frame)
            if (const auto found = across(first, frame)) {
                across_ = *found;
                break;
            }
    height_ = 0;
    const FrameIndex step = std::max<FrameIndex>(1, first.frames() / sampled_frames);
    for (FrameIndex frame = 0; frame < first.frames(); frame += step) {
        Box box;
        for (const auto& sequence : skeletons_)
            each_seen(*sequence, frame, [&](std::size_t, const Vector3f& at) { box.add(flat(at)); });
        if (!box.empty()) height_ = std::max(height_, box.high.y() - box.low.y());
    }
    if (height_ <= 0) height_ = 1;
}

Vector2f SkeletonPictures::flat(const Vector3f& point) const {
    if (skeletons_.front()->space == CoordinateSpace::pixels) return point.head<2>();
    return {point.dot(across_), -point.y()};
}

schemas::Picture SkeletonPictures::picture(FrameIndex frame, int width, int height) const {
    schemas::Picture picture = schemas::blank_picture(width, height);
    Box box;
    for (const auto& sequence : skeletons_)
        each_seen(*sequence, frame, [&](std::size_t, const Vector3f& at) { box.add(flat(at)); });
    if (box.empty()) return picture;
    const Vector2f room((1 - 2 * margin) * static_cast<float>(width), (1 - 2 * margin) * static_cast<float>(height));
    const Vector2f size = (box.high - box.low).cwiseMax(1e-6F);
    const float scale = std::min({room.y() / std::max(height_, size.y()), room.x() / size.x()});
    const Vector2f middle = (box.low + box.high) / 2;
    const Vector2f centre(static_cast<float>(width) / 2, static_cast<float>(height) / 2);
    for (const auto& sequence : skeletons_) {
        SkeletonSequence one = SkeletonSequence::empty(sequence->layout, 1, CoordinateSpace::pixels);
        each_seen(*sequence, frame, [&](std::size_t joint, const Vector3f& at) {
            const Vector2f place = centre + scale * (flat(at) - middle);
            one.set(0, joint, {place.x(), place.y(), 0});
            one.confidence[joint] = sequence->confidence_at(frame, joint);
        });
        draw_skeleton(picture, one, 0, 1, {0.02, 0.03});
    }
    return picture;
}

}  // namespace annotator
