#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "schemas/skeleton.h"

namespace annotator {

// The motion of one performer in a take, frame for frame with the take's reference stream:
// frame i of the sequence is frame i of the take.
struct TakeMotion {
    schemas::TakeId take{};
    std::optional<schemas::PerformerId> performer;
    std::shared_ptr<const schemas::SkeletonSequence> skeleton;
    std::string sha256;  // of the recording
};

struct Motions {
    std::map<schemas::TakeId, std::vector<TakeMotion>> by_take;
    std::vector<std::string> notes;  // takes that have no motion, and why
};

// A stream, where its file is now and when its frames are shown, on its own clock.
struct TimedStream {
    schemas::Stream stream;
    std::filesystem::path file;
    schemas::FrameTable times;
};

// A recorded skeleton in its own layout, frame for frame with the reference of its take; a frame that it does not show
// has joints of no confidence. From the project's cache, or from the file, which fills it. Throws storage::ReadError.
//
// Thread: any.
std::shared_ptr<const schemas::SkeletonSequence> motion_of(const std::filesystem::path& project,
                                                           const TimedStream& skeleton, const TimedStream& reference);

// The skeletons of all takes in one common layout, the one that most have or can be mapped
// to. Recordings are read from the cache or from their files, on all cores. A recording
// that is missing is a note. nullopt when stopped.
std::optional<Motions> load_motions(ProjectSession& session, const JobContext& job);

}  // namespace annotator
