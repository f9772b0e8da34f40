#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "inference/pose_set.h"

// The depth recordings of a project, as networks that find key-points see them.
namespace annotator {

// A format of storage/skeleton/readers.h: what models found, which is no truth for models.
inline constexpr const char* found_points_format = "kinetograph-points";

struct DepthTakesWanted {
    // learnt_from: takes with one skeleton in metres, as people corrected it. Of what a model had found only the joints
    // that a person corrected or confirmed have a position. asked_about: takes without any skeleton in metres.
    enum class Purpose { learnt_from, asked_about } purpose = Purpose::learnt_from;
    std::set<std::string> takes;             // only these, by name; empty: all
    std::optional<double> metres_per_value;  // of depth recordings that do not say it
};

struct DepthTake {
    schemas::TakeId take{};
    schemas::StreamId depth{};
    inference::PoseTake pose;  // frame for frame with the depth recording
    std::string content;       // a hash of depth, skeleton and corrections
};

struct DepthTakes {
    std::vector<DepthTake> takes;    // by name
    std::vector<std::string> notes;  // depth recordings that take no part, and why
};

// Reads them on all cores. What cannot be read is a note. The camera of a depth recording is known for pictures of
// 320x240 alone (schemas::msr_camera); a skeleton that is not where the depth shows a person is not in that camera's
// coordinates, and its take is left out. nullopt when stopped. Throws std::invalid_argument for a take that there is
// not.
std::optional<DepthTakes> load_depth_takes(ProjectSession& session, const DepthTakesWanted& wanted,
                                           const JobContext& job);

// For each frame of the take's reference the frame of the stream that is shown with it, -1 where there is none.
std::vector<schemas::FrameIndex> frames_with_reference(ProjectSession& session, const schemas::Stream& stream);

}  // namespace annotator
