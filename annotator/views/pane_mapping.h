#pragma once

#include <imgui.h>

#include <Eigen/Core>
#include <optional>
#include <span>

#include "schemas/id.h"

// Where a pane has drawn joints, and how its places on the screen belong to positions of a stream: what correcting
// key-points needs to know of a pane.
namespace annotator {

// A joint as it was drawn last.
struct DrawnJoint {
    schemas::StreamId stream{};
    int joint = 0;
    ImVec2 at{};           // on the screen
    float depth = 0;       // metres from the viewer's eye; 0 in pictures
    float confidence = 0;  // of the recording: 0 to 1
};

// The space of the streams in a pane and the screen. Positions are those of schemas::SkeletonSequence: pixels or
// metres.
//
// Thread: the UI's; valid while the pane is drawn.
class PaneMapping {
public:
    virtual ~PaneMapping() = default;

    // nullopt where the stream is not shown in the pane or the position has no place on the screen.
    [[nodiscard]] virtual std::optional<ImVec2> screen_from(schemas::StreamId stream,
                                                            const Eigen::Vector3f& position) const = 0;
    // The position seen at that place of the screen. Of a stream in metres the one on the plane through `joint`
    // parallel to the screen; of a stream in pixels the third number stays that of `joint`.
    [[nodiscard]] virtual std::optional<Eigen::Vector3f> position_from(schemas::StreamId stream, ImVec2 at,
                                                                       const Eigen::Vector3f& joint) const = 0;

    ImVec2 low{}, high{};  // the pane's corners on the screen
    bool hovered = false;  // the mouse is over the pane, and nothing else is in the way
};

// The joint that is drawn nearest to that place, of equally near ones the one in front; none within `radius`.
inline const DrawnJoint* joint_under(std::span<const DrawnJoint> joints, ImVec2 at, float radius) {
    const DrawnJoint* nearest = nullptr;
    float least = radius * radius;
    for (const DrawnJoint& joint : joints) {
        const float x = joint.at.x - at.x, y = joint.at.y - at.y, squared = x * x + y * y;
        const bool nearer = squared < least || (nearest != nullptr && squared == least && joint.depth < nearest->depth);
        if (!nearer) continue;
        nearest = &joint;
        least = squared;
    }
    return nearest;
}

}  // namespace annotator
