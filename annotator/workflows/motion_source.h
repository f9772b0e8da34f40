#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "schemas/skeleton.h"

namespace annotator {

// The motion of one performer in a take, as people corrected it, frame for frame with the take's reference stream:
// frame i of the sequence is frame i of the take.
struct TakeMotion {
    schemas::TakeId take{};
    std::optional<schemas::PerformerId> performer;
    std::shared_ptr<const schemas::SkeletonSequence> skeleton;
    std::string content;  // a hash of what was recorded and what was corrected about it
};

struct Motions {
    std::map<schemas::TakeId, std::vector<TakeMotion>> by_take;
    std::vector<std::string> notes;  // takes that have no motion, and why
};

// The skeletons of all takes in one common layout, the one that most have or can be mapped
// to. Recordings are read from the cache or from their files, on all cores. A recording
// that is missing is a note. nullopt when stopped.
std::optional<Motions> load_motions(ProjectSession& session, const JobContext& job);

// A hash of what a skeleton stream recorded and of what people corrected about it; that of the recording where nothing
// was.
std::string content_of(const Document& document, const schemas::Stream& stream);

// One skeleton stream as people corrected it, in its own frames. Throws storage::ReadError.
schemas::SkeletonSequence stream_motion(ProjectSession& session, const schemas::Stream& stream);

}  // namespace annotator
