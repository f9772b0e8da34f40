#pragma once

#include "annotator/workflows/script_command.h"

// The commands of an edit script that correct key-points. They name a clip, a skeleton stream of its take (`stream`, or
// `performer`, where there are several), joints by their names in its layout, and frames of the take's reference. Throw
// EditConflict for what cannot be done.
namespace annotator {

schemas::Edit move_joint_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit occlude_joint_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit interpolate_joints_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit smooth_joints_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit settle_bones_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit swap_sides_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit copy_pose_command(const ScriptCommand& command, const EditStamp& stamp);
schemas::Edit reset_joints_command(const ScriptCommand& command, const EditStamp& stamp);

}  // namespace annotator
