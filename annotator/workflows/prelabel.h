#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

// One of `count` parts of the clips that are to be pre-labelled: of those, by name, the number-th and every count-th
// one after it. The parts share no clip, and together they are all.
struct Shard {
    std::size_t number = 1;  // from 1 on
    std::size_t count = 1;

    bool operator==(const Shard&) const = default;
};

inline constexpr const char* change_points_family = "change-points";

struct PrelabelOptions {
    // Id or name; empty: the promoted one, or change points alone when there is none. One that reads streams cuts and
    // labels by itself.
    std::string model;
    std::vector<std::string> beside =
        {};  // further models, asked together with that one: the mean of what they say counts
    // Where streams are cut, by id or name of a model that reads them, or change_points_family; empty: as the promoted
    // one of those finds, or change points when there is none. Without a classifier it labels, too.
    std::string boundaries = {};
    double grammar_weight = 0.3;  // of streams: of which label follows which, and how long each lasts
    PoolOptions pool;
    std::set<std::string> clips;  // only these, by name; empty: all
    Shard shard;
};

struct PrelabelResult {
    schemas::ModelVersion model;  // its id is 0 where change points stand in for one and the project has none yet
    schemas::ModelVersion streams = {};  // the one that cut streams; without an id where change points did
    schemas::TrackId track{};
    std::vector<schemas::ClipId> clips;  // that were looked at, by name
    std::vector<schemas::Proposal> proposals;
    std::vector<std::string> notes;
};

// Proposes labels for what is unlabelled: clips as a whole, streams by segments first and
// classes second. Earlier proposals of those clips are replaced; labels are never touched.
// Without any model it proposes boundaries alone, from change points. nullopt when stopped. Throws
// std::invalid_argument for clips that there are not, and a shard that is none.
std::optional<PrelabelResult> prelabel(ProjectSession& session, const PrelabelOptions& options, const JobContext& job);

// The same without storing anything; the project may be open for reading.
std::optional<PrelabelResult> proposals_for(ProjectSession& session, const PrelabelOptions& options,
                                            const JobContext& job);

// Stores proposals in place of the earlier ones of those clips on that track, and the stand-in for a model where it is
// not stored yet.
void store_proposals(ProjectSession& session, PrelabelResult& result);

// What stands for a model where there is none: boundaries without labels. Its id is 0 where it is not stored yet.
schemas::ModelVersion stand_in_model(ProjectSession& session);

// Leaves out of a proposal the labels that a person rejected there.
void drop_rejected(const Document& document, schemas::Proposal& proposal);

// By the clip's name, the performer and the first frame.
void sort_proposals(const Document& document, std::vector<schemas::Proposal>& proposals);

// Predictions of samples that belong to one span, one a performer, become one: the mean of
// their probabilities, unless the track is per performer. Best first, at most five.
std::vector<schemas::LabelScore> top_labels(const std::vector<std::vector<float>>& probabilities,
                                            const std::vector<schemas::LabelId>& labels);

// A model's own labels, by name, in the project's ids: those that they were merged into; 0 for a label that the project
// does not have.
std::vector<schemas::LabelId> label_ids(const Document& document, schemas::TrackId track,
                                        const std::vector<std::string>& names);

}  // namespace annotator
