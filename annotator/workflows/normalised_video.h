#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "annotator/workflows/frame_map.h"
#include "annotator/workflows/measure_media.h"
#include "annotator/workflows/normalise.h"
#include "schemas/alignment.h"

namespace annotator {

// Which frames of a video a copy of another rate shows: frame k of the copy is shown at (first + k) / rate on the
// clock of the take's reference.
struct FramePlan {
    schemas::FrameIndex first = 0;
    double begin_seconds = 0;                  // of the copy, on the video's own clock, where its first frame is at 0
    std::vector<schemas::FrameIndex> sources;  // never decreasing
};

// The frames whose times are nearest, over the time in which both the video and the reference run.
FramePlan frame_plan(const schemas::FrameTable& video, const schemas::StreamClock& clock,
                     const schemas::FrameTable& reference, schemas::FrameRate rate);

struct WrittenVideo {
    PictureSize size;
    std::string sound_problem;                 // why a sound did not come along; else empty
    std::vector<schemas::FrameIndex> sources;  // what is shown, where a planned frame does not decode the one before
    std::vector<schemas::FrameIndex> undecodable;  // of the source
};

// Writes the planned frames of a video, and the first sound of its file that fits. nullopt when stopped. Throws
// storage::ReadError for a video that gives no frame, and what VideoWriter throws.
std::optional<WrittenVideo> write_normalised(const VideoFile& video,
                                             const std::shared_ptr<const storage::VideoIndex>& index,
                                             const FramePlan& plan, const std::filesystem::path& target,
                                             const NormaliseOptions& options,
                                             const std::function<void(double share)>& progress, std::stop_token stop);

}  // namespace annotator
