#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/training_snapshot.h"
#include "inference/dtw.h"
#include "inference/selectors.h"

namespace annotator {

struct QueueOptions {
    std::size_t top = 20;
    std::string strategy;  // empty: diverse-hard with a model, facility without
    std::string model;     // id or name; empty: the promoted one
    PoolOptions pool;
    std::uint64_t seed = 0;
};

struct QueueResult {
    std::string strategy;
    std::vector<schemas::QueueItem> items;
    std::vector<std::string> notes;
};

// Ranks what a person should label next and says why in words. Replaces the stored queue.
// nullopt when stopped. Throws std::invalid_argument for an unknown strategy or model.
std::optional<QueueResult> build_review_queue(ProjectSession& session, const QueueOptions& options,
                                              const JobContext& job);

// The track that the stored queue asks for; nullptr where there is none, or it is gone.
const schemas::Track* track_of_queue(ProjectSession& session);

// "hard: …", "unlike anything labelled so far" …, for people.
std::string words_for(const inference::Reason& reason);

// A strategy by its name on the command line. Throws std::invalid_argument naming them all.
inference::Strategy require_strategy(const std::string& name);

}  // namespace annotator
