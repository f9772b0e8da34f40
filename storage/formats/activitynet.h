#pragma once

#include <vector>

#include "storage/export/dataset.h"
#include "storage/export/file_sink.h"
#include "storage/export/loss_report.h"

namespace storage {

struct ActivitynetOptions {
    std::vector<schemas::TrackId> tracks;  // empty: all
};

// Writes activitynet.json, or activitynet.splitK.json for each fold where there are several:
//   {"database": {video: {"subset", "duration", "url", "annotations": [{"segment", "label"}]}},
//    "taxonomy": [{"nodeId", "nodeName", "parentId", "parentName"}], "version": name and snapshot}
// Seconds count from the clip's first frame; a segment begins when its first frame is shown and ends when
// the frame after it is, at the clip's end when the last frame stops being shown. Subsets are
// "training", "validation", "testing"; "unassigned" where no split names the clip.
// Our additions, which readers ignore: of a video "clip", "frames", "start_seconds" (of its first frame in the
// media), "labelled" (per track, the spans that anybody labelled; the rest is not background);
// of an annotation "frames" (half-open, exact), "track", "performer", "state".
// Labels that were merged are written as what they were merged into.
//
// Throws std::invalid_argument for an unknown track; WriteError.
LossReport write_activitynet(const Dataset& dataset, const ActivitynetOptions& options, FileSink& sink);

}  // namespace storage
