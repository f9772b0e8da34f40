#pragma once

#include <imgui.h>

#include "annotator/views/view_context.h"
#include "schemas/frame.h"

namespace annotator {

// The exact picture of that frame of that clip's take (video, else depth, else the skeleton) within the rectangle, with
// its number in a corner. It is made in the background: until it is there, a preview or an empty frame is drawn.
// Frames count in the take's reference stream.
//
// Thread: the UI's.
void draw_frame_thumbnail(const ViewContext& context, schemas::ClipId clip, schemas::FrameIndex frame, ImVec2 at,
                          ImVec2 size);

}  // namespace annotator
