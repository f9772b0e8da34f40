#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/promotion.h"
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
    double keep_seconds = 20;  // at least, between two times that it is kept for that
    // on: the model that is kept does not learn from the validation part, which decides when training stops. automatic:
    // where there are `many_labels` a class on average, no earlier model is begun with, and validation is measured.
    enum class EarlyStopping { automatic, on, off } early_stopping = EarlyStopping::automatic;
    static constexpr double many_labels = 50;
    int patience = 10;  // looks at the validation part without a better macro F1
    std::string warm;   // id or name of a model whose weights the one that is kept begins with; empty: none
    std::optional<GivenWeights> weights;  // from a file, in place of a model's
    int epochs = 0;                       // passes over the labelled samples; sets the steps where it is more than 0
    std::string name;                     // of the model; empty: the family and a number

    // The model that is kept begins with weights that were learnt before.
    [[nodiscard]] bool begins_warm() const { return !warm.empty() || weights.has_value(); }
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

// Whether the model that is kept is stopped early. Throws std::invalid_argument where it cannot be judged.
bool stops_early(const RetrainOptions& options, const TrainingSnapshot& snapshot);

// One training run on a frozen snapshot. Where several processes train together, the first of them stores, and for that
// alone the project is written to. The model is stored with the snapshot's hash. Families that read streams go the way
// of retrain_streams(). nullopt when stopped; then nothing was stored. Throws std::invalid_argument when there is no
// label, or the weights to begin with do not fit.
std::optional<RetrainResult> retrain(ProjectSession& session, const RetrainOptions& options, const JobContext& job);

}  // namespace annotator
