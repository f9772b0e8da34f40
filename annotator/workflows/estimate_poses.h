#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/pose_estimation.h"

namespace annotator {

struct EstimateOptions {
    std::vector<std::string> takes;  // by name; none: every take that has a video
    std::string video;               // which one of takes that have several, as streams are called
    int batch = 1;                   // pictures at once, where the whole of them is shown
    // replace: key-points that an estimator found before give way, unless a person has corrected any of them.
    enum class Earlier { keep, replace } earlier = Earlier::keep;
};

// What came of one video.
struct EstimatedVideo {
    std::string take, video;
    schemas::StreamId stream{};
    std::string file;                // of the key-points, as the project stores it
    schemas::FrameIndex frames = 0;  // of the video, each of which has a place in the key-points
    schemas::FrameIndex seen = 0;    // with at least one joint
    double mean_score = 0;           // of the joints that were seen
    std::vector<schemas::FrameSpan> undecodable;
};

struct EstimateResult {
    std::vector<EstimatedVideo> videos;
    std::vector<LeftOut> left_out;  // by take
    double seconds = 0;

    [[nodiscard]] bool in_part() const;
};

// Turns videos into key-points: a file in the project's folder `keypoints`, and a skeleton stream of the take, frame
// for frame and time for time with its video. Each video is an edit of its own, by the author of the session, so that
// what was finished stands when the rest is stopped.
//
// A take keeps one recording of key-points of a performer: where there is one from elsewhere, or one that a person has
// corrected, it stays, and the video is left out. The performer is the take's only one, else nobody.
//
// nullopt when stopped. Throws std::invalid_argument when there is no such take or video, and std::runtime_error when
// the estimator fails.
std::optional<EstimateResult> estimate_poses(ProjectSession& session, PoseEstimator& estimator,
                                             const EstimateOptions& options, const JobContext& job);

}  // namespace annotator
