#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/frame.h"

namespace schemas {

// Names and topology of the joints of one kind of skeleton. `parents[j]` is the joint
// that j hangs from, -1 for the root. `pairs` are (left, right) partners. `centre` is
// the pelvis or its nearest stand-in; `neck` the upper end of the torso; the shoulders
// give the facing direction.
struct SkeletonLayout {
    std::string name;
    std::vector<std::string> joints;
    std::vector<int> parents;
    std::vector<std::pair<int, int>> pairs;
    int centre = 0;
    int neck = 0;
    int left_shoulder = 0;
    int right_shoulder = 0;

    [[nodiscard]] std::size_t size() const { return joints.size(); }
    [[nodiscard]] std::optional<int> joint_named(std::string_view joint) const;
    // The other side's joint, or the joint itself where it has no partner.
    [[nodiscard]] std::vector<int> mirrored() const;
};

// Empty when the layout is sound, else what is wrong with it.
std::string problem_with(const SkeletonLayout& layout);

// metres: x, y up, z, in metres. pixels: u right, v down, depth or 0.
enum class CoordinateSpace { metres, pixels };

// Joint positions over time: `positions` holds frames x joints x 3 values, `confidence`
// frames x joints in [0, 1], where 0 means that the joint was not seen.
struct SkeletonSequence {
    std::shared_ptr<const SkeletonLayout> layout;
    CoordinateSpace space = CoordinateSpace::metres;
    std::vector<float> positions;
    std::vector<float> confidence;

    [[nodiscard]] std::size_t joints() const { return layout ? layout->size() : 0; }
    [[nodiscard]] FrameIndex frames() const {
        return joints() == 0 ? 0 : static_cast<FrameIndex>(confidence.size() / joints());
    }
    [[nodiscard]] Eigen::Vector3f at(FrameIndex frame, std::size_t joint) const {
        return Eigen::Map<const Eigen::Vector3f>(&positions[3 * index(frame, joint)]);
    }
    void set(FrameIndex frame, std::size_t joint, const Eigen::Vector3f& value) {
        Eigen::Vector3f::Map(&positions[3 * index(frame, joint)]) = value;
    }
    [[nodiscard]] float confidence_at(FrameIndex frame, std::size_t joint) const {
        return confidence[index(frame, joint)];
    }
    // A sequence of that many frames with every joint at the origin and unseen.
    static SkeletonSequence empty(std::shared_ptr<const SkeletonLayout> layout, FrameIndex frames,
                                  CoordinateSpace space = CoordinateSpace::metres);
    [[nodiscard]] SkeletonSequence slice(FrameSpan span) const;
    // Frame i of the result is frame `frames[i]` of this one; where that is no frame of it, every joint is unseen.
    [[nodiscard]] SkeletonSequence in_frames(std::span<const FrameIndex> frames) const;

private:
    [[nodiscard]] std::size_t index(FrameIndex frame, std::size_t joint) const {
        return static_cast<std::size_t>(frame) * joints() + joint;
    }
};

// Whether the position of a joint can be relied on. Depth cameras give inferred joints in metres a confidence of 0, and
// those positions are still the best there are; an unseen one lies exactly at the origin. A key-point in pixels without
// confidence is a guess.
bool has_position(const SkeletonSequence& sequence, FrameIndex frame, std::size_t joint);
// No joint was seen, or every joint lies exactly at the origin.
bool is_dead_frame(const SkeletonSequence& sequence, FrameIndex frame);
// The maximal runs of dead frames, in order.
std::vector<FrameSpan> dead_runs(const SkeletonSequence& sequence);

// A linear map between layouts: each target joint is a weighted mean of source joints
// (rows of `weights` sum to 1), or is absent (a row of zeros). A target joint is as
// confident as the least confident source joint that it uses.
struct JointMap {
    std::shared_ptr<const SkeletonLayout> source;
    std::shared_ptr<const SkeletonLayout> target;
    Eigen::MatrixXf weights;  // target joints x source joints
};

SkeletonSequence mapped(const SkeletonSequence& sequence, const JointMap& map);

}  // namespace schemas
