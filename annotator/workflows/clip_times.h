#pragma once

#include "annotator/session/project_session.h"

namespace annotator {

// When the frames of a clip are shown, on the clock of its take's reference stream.
struct ClipTimes {
    schemas::FrameTable table;  // row i is take frame begin_frame + i
    double end_seconds = 0;     // when the frame after the last one is shown, or would be
};

// Throws storage::ReadError when the stored table is shorter than the clip.
ClipTimes clip_times(ProjectSession& session, const schemas::Clip& clip);

}  // namespace annotator
