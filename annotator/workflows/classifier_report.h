#pragma once

#include <nlohmann/json.hpp>

#include <set>

#include "annotator/jobs/job_context.h"
#include "annotator/workflows/training_snapshot.h"
#include "inference/model_family.h"

namespace annotator {

// How well a model names those samples of the snapshot, all of which have a label: accuracy, top5, macro F1,
// calibration error, the confusion matrix and what lies in its cells. null when stopped.
nlohmann::json classifier_report(inference::Model& model, const TrainingSnapshot& snapshot,
                                 const std::set<std::size_t>& part, const JobContext& job);

}  // namespace annotator
