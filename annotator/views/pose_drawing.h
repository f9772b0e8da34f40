#pragma once

#include <imgui.h>

#include <span>

#include "annotator/views/pane_mapping.h"
#include "annotator/views/view_context.h"

// How key-points look while they are corrected.
//
// Thread: the UI's.
namespace annotator {

// The motion of a stream as it is shown, frame for frame with the reference; nullptr where there is none.
const schemas::SkeletonSequence* shown_motion(const EditorModel& model, schemas::StreamId stream);

// The handles of all joints, and the ghost of what is previewed in this frame.
void draw_key_points(const ViewContext& context, ImDrawList& list, std::span<const DrawnJoint> joints,
                     const PaneMapping& mapping);

// What is known of the joint, beside it.
void draw_joint_name(const ViewContext& context, ImDrawList& list, const DrawnJoint& joint, const PaneMapping& mapping);

void draw_band(const Theme& theme, ImDrawList& list, ImVec2 a, ImVec2 b);

// "Left wrist, 62 % sure, corrected"
std::string joint_description(const EditorModel& model, schemas::StreamId stream, int joint, float confidence);

}  // namespace annotator
