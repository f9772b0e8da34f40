#include "annotator/views/skeleton_scene.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "schemas/alignment.h"

namespace annotator {

namespace {

using Eigen::Vector3f;
using schemas::FrameIndex;
using schemas::SkeletonSequence;

constexpr float half_height_radians = 17.5F * std::numbers::pi_v<float> / 180;
constexpr float near_plane = 0.05F;
constexpr double followed_seconds = 0.5;
constexpr FrameIndex sampled_frames = 200;
constexpr float beside_radians = 0.42F, above_radians = 0.2F;

bool is_seen(const SkeletonSequence& sequence, FrameIndex frame, std::size_t joint) {
    return sequence.confidence_at(frame, joint) > 0 && sequence.at(frame, joint).allFinite();
}

bool is_shown(const SkeletonSequence& sequence, FrameIndex frame) {
    return frame >= 0 && frame < sequence.frames() && !schemas::is_dead_frame(sequence, frame);
}

struct Extent {
    Vector3f low = Vector3f::Constant(1e9F), high = Vector3f::Constant(-1e9F);
};

std::optional<Extent> extent_of(const SkeletonSequence& sequence, FrameIndex frame) {
    if (!is_shown(sequence, frame)) return std::nullopt;
    Extent extent;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        if (!is_seen(sequence, frame, joint)) continue;
        extent.low = extent.low.cwiseMin(sequence.at(frame, joint));
        extent.high = extent.high.cwiseMax(sequence.at(frame, joint));
    }
    return extent.low.x() > extent.high.x() ? std::nullopt : std::optional(extent);
}

float at_share(std::vector<float> values, double share) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

// The yaw from which the front is seen: shoulders from right to left, then up, then to the front are right-handed.
std::optional<float> front_of(const SkeletonSequence& sequence, FrameIndex frame) {
    const auto left = static_cast<std::size_t>(sequence.layout->left_shoulder);
    const auto right = static_cast<std::size_t>(sequence.layout->right_shoulder);
    if (!is_shown(sequence, frame) || !is_seen(sequence, frame, left) || !is_seen(sequence, frame, right))
        return std::nullopt;
    const Vector3f front = (sequence.at(frame, left) - sequence.at(frame, right)).cross(Vector3f::UnitY());
    return front.norm() > 1e-4F ? std::optional(std::atan2(front.x(), front.z())) : std::nullopt;
}

}  // namespace

OrbitCamera orbited(OrbitCamera camera, ImVec2 mouse_moved, float pane_height) {
    const float turn = std::numbers::pi_v<float> / std::max(1.0F, pane_height);
    camera.yaw -= mouse_moved.x * turn;
    camera.pitch = std::clamp(camera.pitch + mouse_moved.y * turn, -OrbitCamera::steepest, OrbitCamera::steepest);
    return camera;
}

OrbitCamera nearer(OrbitCamera camera, float by) {
    camera.distance = std::clamp(camera.distance / by, OrbitCamera::nearest, OrbitCamera::farthest);
    return camera;
}

SceneProjection::SceneProjection(const OrbitCamera& camera, const PaneRect& pane)
    : middle_((pane.low.x + pane.high.x) / 2, (pane.low.y + pane.high.y) / 2) {
    const float level = std::cos(camera.pitch);
    forward_ = -Vector3f(std::sin(camera.yaw) * level, std::sin(camera.pitch), std::cos(camera.yaw) * level);
    right_ = forward_.cross(Vector3f::UnitY()).normalized();
    up_ = right_.cross(forward_);
    eye_ = camera.target - camera.distance * forward_;
    // A narrow pane sees as much sideways as a square one.
    focal_ = std::max(1.0F, std::min(pane.size().x, pane.size().y)) / 2 / std::tan(half_height_radians);
}

std::optional<ScenePoint> SceneProjection::screen_from(const Vector3f& point) const {
    const Vector3f away = point - eye_;
    const float depth = away.dot(forward_);
    if (!(depth > near_plane)) return std::nullopt;
    return ScenePoint{{middle_.x + focal_ * away.dot(right_) / depth, middle_.y - focal_ * away.dot(up_) / depth},
                      depth};
}

Vector3f SceneProjection::point_from(ImVec2 at, float depth) const {
    return eye_ + depth * (forward_ + (at.x - middle_.x) / focal_ * right_ - (at.y - middle_.y) / focal_ * up_);
}

Vector3f SceneProjection::moved_by(ImVec2 mouse, float depth) const {
    return depth / focal_ * (mouse.y * up_ - mouse.x * right_);
}

std::optional<Vector3f> centre_about(Skeletons skeletons, const schemas::FrameTable& times, FrameIndex frame) {
    if (frame < 0 || frame >= times.frames()) return std::nullopt;
    const double middle = times.seconds[static_cast<std::size_t>(frame)];
    const FrameIndex begin = schemas::nearest_frame(times, middle - followed_seconds);
    const FrameIndex end = schemas::nearest_frame(times, middle + followed_seconds) + 1;
    const FrameIndex step = std::max<FrameIndex>(1, (end - begin) / 30);
    Vector3f sum = Vector3f::Zero();
    int count = 0;
    for (const auto& sequence : skeletons) {
        const auto centre = static_cast<std::size_t>(sequence->layout->centre);
        for (FrameIndex i = begin; i < end; i += step) {
            if (!is_shown(*sequence, i) || !is_seen(*sequence, i, centre)) continue;
            sum += sequence->at(i, centre);
            ++count;
        }
    }
    return count == 0 ? std::nullopt : std::optional<Vector3f>(sum / static_cast<float>(count));
}

SceneMeasures measures_of(Skeletons skeletons, schemas::FrameSpan clip) {
    SceneMeasures measures;
    std::vector<float> feet, heights;
    const FrameIndex step = std::max<FrameIndex>(1, clip.length() / sampled_frames);
    std::vector<float> spreads;
    std::optional<float> front;
    for (FrameIndex frame = clip.begin; frame < clip.end; frame += step) {
        std::optional<Extent> all;
        for (const auto& sequence : skeletons) {
            const auto extent = extent_of(*sequence, frame);
            if (!extent) continue;
            feet.push_back(extent->low.y());
            heights.push_back(extent->high.y() - extent->low.y());
            if (!front) front = front_of(*sequence, frame);
            all = all ? Extent{all->low.cwiseMin(extent->low), all->high.cwiseMax(extent->high)} : *extent;
        }
        if (all) spreads.push_back(std::max(all->high.x() - all->low.x(), all->high.z() - all->low.z()) / 2);
    }
    if (feet.empty()) return measures;
    measures.anything = true;
    measures.ground = at_share(std::move(feet), 0.1);
    measures.height = std::max(0.01F, at_share(std::move(heights), 0.95));
    measures.spread = at_share(std::move(spreads), 0.9);
    measures.front_yaw = front.value_or(0);
    return measures;
}

OrbitCamera first_view(const SceneMeasures& measures, const Vector3f& centre) {
    OrbitCamera camera;
    camera.target = {centre.x(), measures.ground + 0.5F * measures.height, centre.z()};
    camera.yaw = measures.front_yaw + beside_radians;
    camera.pitch = above_radians;
    const float reach = std::max(0.62F * measures.height, measures.spread);
    camera.distance = std::clamp(reach / std::tan(half_height_radians) + measures.spread / 3, OrbitCamera::nearest,
                                 OrbitCamera::farthest);
    return camera;
}

float grid_step(float height) { return height < 0.4F ? 0.1F : height < 4 ? 0.5F : height < 15 ? 1 : 5; }

}  // namespace annotator
