#pragma once

#include <optional>
#include <string>

#include "annotator/workflows/retrain.h"

namespace annotator {

// What retrain() does for a family that reads streams: it learns the frames and the boundaries of all clips in which
// the track has labels. The first run does without about a fifth of them, a whole performer where there are at least
// three. The model finds boundaries from then on unless an earlier one did better. Throws std::invalid_argument when
// there is no label, and for what only classifiers can do: several processes, epochs.
std::optional<RetrainResult> retrain_streams(ProjectSession& session, const RetrainOptions& options,
                                             const JobContext& job);

// The setting that says which model finds the boundaries of a track's streams.
std::string boundary_setting(const std::string& track);

// The model that finds them: the promoted one, or the one of that id or name. nullopt where none was promoted. Throws
// std::invalid_argument when there is no such model, it learnt another track, or it does not read streams.
std::optional<schemas::ModelVersion> boundary_model_to_use(ProjectSession& session, const std::string& id_or_name,
                                                           const std::string& track);

}  // namespace annotator
