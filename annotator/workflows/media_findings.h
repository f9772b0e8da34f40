#pragma once

#include <string>
#include <vector>

#include "annotator/workflows/shown_size.h"
#include "schemas/frame.h"
#include "schemas/frame_measures.h"
#include "storage/export/verify_export.h"

namespace annotator {

// What a recording must be like not to be reported. All thresholds of the media checks, in one place; sharpness
// and shares as inference/picture_measures.h has them, of pictures of at most 320 pixels.
struct MediaStandard {
    int least_lines = 720;                  // of the shorter side
    double least_frames_per_second = 30;    // by the median of the intervals; 1 % less is let pass, as 29.97 is 30
    double least_mean_luma = 0.12;          // below, a frame is dark
    double most_bright_share = 0.25;        // above, a frame is overexposed
    double least_sharpness = 20;            // below, a frame is blurred; usual are 100 to 500
    double shortest_passage_seconds = 0.5;  // of dark, overexposed or blurred frames
    double least_bar = 0.03;                // of the height or width
};

// A video of a take and what is known of it.
struct VideoFacts {
    std::string where;  // "take walk (walk.mp4)"
    PictureSize size;   // as shown, with square pixels; 0 where it is not known
    const schemas::FrameTable& times;
    const schemas::MediaMeasures& measures;
};

// "12 to 39, 60, 80 to 82 and 14 more": the first and the last frame of each span.
std::string frames_text(const std::vector<schemas::FrameSpan>& spans);

// What is below the standard, one sentence a finding. Frames that do not decode are errors, all else is a warning.
std::vector<storage::Finding> media_findings(const VideoFacts& video, const MediaStandard& standard = {});

}  // namespace annotator
