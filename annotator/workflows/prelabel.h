#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

inline constexpr const char* change_points_family = "change-points";

struct PrelabelOptions {
    // Id or name; empty: the promoted one, or change points alone when there is none. One that reads streams cuts and
    // labels by itself.
    std::string model;
    // Where streams are cut, by id or name of a model that reads them, or change_points_family; empty: as the promoted
    // one of those finds, or change points when there is none. Without a classifier it labels, too.
    std::string boundaries;
    double grammar_weight = 0.3;  // of streams: of which label follows which, and how long each lasts
    PoolOptions pool;
    std::set<std::string> clips;  // only these, by name; empty: all
};

struct PrelabelResult {
    schemas::ModelVersion model;
    std::string boundaries = change_points_family;  // the name of the model that found them
    std::size_t clips = 0;
    std::vector<schemas::Proposal> proposals;
    std::vector<std::string> notes;
};

// Proposes labels for what is unlabelled: clips as a whole, streams by segments first and
// classes second. Earlier proposals of those clips are replaced; labels are never touched.
// Without any model it proposes boundaries alone, from change points. nullopt when stopped.
std::optional<PrelabelResult> prelabel(ProjectSession& session, const PrelabelOptions& options, const JobContext& job);

// Predictions of samples that belong to one span, one a performer, become one: the mean of
// their probabilities, unless the track is per performer. Best first, at most five.
std::vector<schemas::LabelScore> top_labels(const std::vector<std::vector<float>>& probabilities,
                                            const std::vector<schemas::LabelId>& labels);

// A model's own labels, by name, in the project's ids: those that they were merged into; 0 for a label that the project
// does not have.
std::vector<schemas::LabelId> label_ids(const Document& document, schemas::TrackId track,
                                        const std::vector<std::string>& names);

}  // namespace annotator
