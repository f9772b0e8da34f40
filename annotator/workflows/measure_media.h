#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "schemas/frame_measures.h"
#include "storage/media/video_index.h"

namespace annotator {

// One video stream of a file.
struct VideoFile {
    std::filesystem::path path;
    std::string sha256;
    std::int64_t container_stream = 0;
};
VideoFile video_file(ProjectSession& session, const schemas::Stream& stream);

// The index of a video, from the project's cache or by a scan that fills it, whose share `progress` gets; null when
// stopped. Throws
// storage::ReadError where the file is gone or is not the one of that hash.
//
// Thread: any, as all below.
std::shared_ptr<const storage::VideoIndex> index_of(const VideoFile& video, const std::filesystem::path& project,
                                                    const std::function<void(double share)>& progress,
                                                    std::stop_token stop);

enum class Threads { one, every_core };

// Measures of every frame, from the project's cache or by decoding the video once, forwards. Frames that
// do not decode are listed. `progress` gets the share that is done. nullopt when stopped.
std::optional<schemas::MediaMeasures> measures_of(const VideoFile& video, const std::filesystem::path& project,
                                                  Threads threads, const std::function<void(double share)>& progress,
                                                  std::stop_token stop);

struct MeasuredStream {
    schemas::Stream stream;
    schemas::MediaMeasures measures;
    std::string problem;  // why there are no measures; else empty
};

// Measures the videos on all cores and gives each to `visit`, one at a time, in any order. False when stopped.
bool measure_streams(ProjectSession& session, const std::vector<schemas::Stream>& videos, const JobContext& job,
                     const std::function<void(MeasuredStream)>& visit);

}  // namespace annotator
