#pragma once

#include <memory>
#include <string>
#include <vector>

#include "annotator/session/project_session.h"
#include "inference/model_family.h"

namespace annotator {

inline constexpr const char* ensemble_family = "ensemble";

// Whether there is something to predict with.
bool can_predict(const schemas::ModelVersion& version);

// The model of a version, or those of an ensemble as one. Throws std::runtime_error naming the file that cannot be
// read, and std::invalid_argument where a member is gone.
std::unique_ptr<inference::Model> open_model(ProjectSession& session, const schemas::ModelVersion& version);

// The version that stands for several models asked together (inference::ensemble), which proposals then name: the one
// there is, else a new one, called after its members, which is stored. Models are named by id or name. Throws
// std::invalid_argument where one is missing, learnt another track or labels another unit, is named twice, has no
// weights of its own, classifies no motions, or the version is new and the project open for reading alone.
schemas::ModelVersion ensemble_of(ProjectSession& session, const std::vector<std::string>& models,
                                  const std::string& track);

}  // namespace annotator
