#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/project_session.h"

// Which of a project's models pre-labels.
namespace annotator {

// Whether the new model may pre-label the track: it is the first, or did as well as the present one on its validation
// part, to 2 points, which is within the noise of so few samples. Where not, a note says why.
bool earns_promotion(ProjectSession& session, const schemas::ModelVersion& fresh, const std::string& track,
                     std::vector<std::string>& notes);

// That model, by id or name, pre-labels the track that it learnt from now on; one that reads streams cuts them. Throws
// std::invalid_argument when there is none, or it names no labels.
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

// A model's file, to begin another training with. Throws std::invalid_argument when there is none.
std::filesystem::path weights_of(ProjectSession& session, const std::string& id_or_name);

}  // namespace annotator
