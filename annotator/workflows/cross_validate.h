#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

#include "annotator/workflows/retrain.h"

namespace annotator {

struct CrossValidationOptions {
    RetrainOptions retrain;  // family, pool, training, early stopping, name
    int folds = 5;
    enum class Keep { figures, models } keep = Keep::figures;
};

struct Fold {
    std::vector<std::string> tested;                     // performers, or takes where nobody is named
    std::size_t training = 0, validation = 0, test = 0;  // labelled samples
    nlohmann::json metrics;                              // of the test part, as classifier_report has them
    std::optional<schemas::ModelVersion> model;          // where it was kept
};

struct CrossValidation {
    std::vector<Fold> folds;
    // Of "accuracy", "top5", "macro_f1" and "calibration_error": {"mean", "deviation"} over the folds.
    nlohmann::json summary;
    std::vector<std::string> notes;
};

// Trains and tests once for each fold (register A11): a fold's part is the test, the rest is divided 7:1 into training
// and validation, and performers and takes are never torn apart. The test part is not even learnt from without its
// labels, nor is what nobody has labelled of its performers; the validation part only decides when to stop, where early
// stopping is on. Nothing is promoted. nullopt when stopped; models of folds that were finished are kept then.
//
// Throws std::invalid_argument when there are fewer groups of labelled motions than folds, or where processes train
// together or an earlier model is to begin with, which may have learnt what is tested.
std::optional<CrossValidation> cross_validate(ProjectSession& session, const CrossValidationOptions& options,
                                              const JobContext& job);

}  // namespace annotator
