#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/training_snapshot.h"
#include "annotator/workflows/weights_file.h"
#include "inference/model_family.h"

namespace annotator {

struct RetrainOptions {
    std::string family = "tcn_clip";
    PoolOptions pool;
    inference::TrainOptions training;
    // measure: a first run on four fifths of the labels, by performer where there are
    // several, is judged on the last fifth; the model that is kept learns from all.
    enum class Validation { measure, skip } validation = Validation::measure;
    // when_it_earns_it: it pre-labels from now on unless an earlier one did better. never: only promote() decides.
    enum class Promotion { when_it_earns_it, never } promotion = Promotion::when_it_earns_it;
    // Called now and then while it learns, with the losses of the moment and, of the run that is only measured, the
    // share that is right on the validation part ("validation_accuracy"). `run` says which of the two it is.
    std::function<void(const std::string& run, const inference::TrainProgress&)> curve;
    // A training that was killed goes on where it was; fresh: it begins anew.
    enum class Start { where_it_was, fresh } start = Start::where_it_was;
    double keep_seconds = 20;             // at least, between two times that it is kept for that
    std::optional<GivenWeights> weights;  // that every network begins with; none: random ones
    int epochs = 0;                       // passes over the labelled samples; sets the steps where it is more than 0
    std::string name;                     // of the model; empty: the family and a number
};

struct RetrainResult {
    schemas::ModelVersion version;
    nlohmann::json metrics;  // what version.metrics holds, beside the curve
    // One entry a report of the trainer: step and losses, and at some steps "validation_accuracy" as the measured run
    // had it there.
    nlohmann::json curve;
    double seconds = 0;
    std::vector<std::string> notes;
    bool promoted = false;  // it pre-labels from now on
};

// One training run on a frozen snapshot. Where several processes train together, the first of them stores, and for that
// alone the project is written to. The model is stored with the snapshot's hash. nullopt
// when stopped; then nothing was stored. Throws std::invalid_argument when there is no label,
// or the weights to begin with do not fit.
std::optional<RetrainResult> retrain(ProjectSession& session, const RetrainOptions& options, const JobContext& job);

// That model, by id or name, pre-labels the track that it learnt from now on. Throws std::invalid_argument when there
// is none, or it is no classifier.
schemas::ModelVersion promote(ProjectSession& session, const std::string& id_or_name);

// Which model pre-labels which track. Models that are gone are left out.
std::map<schemas::TrackId, schemas::ModelId> promoted_models(ProjectSession& session);

// The name of the track; "" for what learnt none.
std::string learnt_track(const schemas::ModelVersion& model);

// The model that pre-labels a track: the promoted one, or the one of that id or name. Throws
// std::invalid_argument when there is no such model, or it learnt another track; nullopt when
// none was promoted.
std::optional<schemas::ModelVersion> model_to_use(ProjectSession& session, const std::string& id_or_name,
                                                  const std::string& track);

}  // namespace annotator
