#pragma once

#include <map>
#include <vector>

#include "annotator/session/project_session.h"
#include "annotator/workflows/carry_labels.h"
#include "annotator/workflows/recording_scan.h"

namespace annotator {

// A video of a project and the copy that takes its place.
struct NormalisedCopy {
    double begin_seconds = 0;  // of the copy, on the clock of the take's reference
    FrameMap map;
    std::vector<ScannedRecording> recordings;  // what the copy's file holds, the video first
};

struct CopiedProject {
    std::size_t takes = 0;
    CarriedLabels labels;
};

// Fills a new project with what is in another: taxonomy, performers, layers, takes, clips, labels, comments and splits,
// with the copies instead of the videos, by stream, and labels on the frames that show the same. Other streams are
// linked where they are. A take without a copy of its reference video is left out, and so is a video without a
// copy. Takes, streams, clips and labels get ids of their own. One edit.
CopiedProject fill_with_copies(ProjectSession& fresh, ProjectSession& source,
                               const std::map<schemas::StreamId, NormalisedCopy>& copies);

}  // namespace annotator
