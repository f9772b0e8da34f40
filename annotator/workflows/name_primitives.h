#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/primitive_naming.h"
#include "annotator/workflows/training_snapshot.h"
#include "inference/primitives.h"

// Ties the latent primitives of a model to what annotators label, by counting what came together (register A6), and
// finds the frames that show each best.
namespace annotator {

struct NamingOptions {
    std::string track;                         // whose units; empty: the motion units that were labelled most, else the
                                               // track that the model learnt
    std::optional<std::string> layer;          // only this layer's labels; else all but truth
    std::set<std::string> without_performers;  // clips with any of these are not read
};

// What a model reads in all motions of its pool.
struct PrimitivePool {
    TrainingSnapshot snapshot;
    std::vector<inference::PrimitiveReading> readings;  // one a sample
};
// Of what the model was trained to read: its own track and unit. nullopt when stopped. Throws std::invalid_argument
// where the model has no dictionary of primitives or nothing can be read.
std::optional<PrimitivePool> read_primitive_pool(ProjectSession& session, const schemas::ModelVersion& version,
                                                 inference::Model& model, const NamingOptions& options,
                                                 const JobContext& job);

// Counts primitives at key frames against the units that are labelled there, and names primitives after units.
PrimitiveNaming counted_naming(ProjectSession& session, const schemas::ModelVersion& version, const PrimitivePool& pool,
                               const NamingOptions& options);

// The unit that is labelled at each of those frames; "" where none is.
std::vector<std::string> units_at(const Document& document, const std::string& track,
                                  const std::optional<std::string>& layer,
                                  const std::vector<std::pair<SampleOrigin, schemas::FrameIndex>>& places);

// The naming of a model as its file has it; counted and written where there is none yet, or where it is to be counted
// again, which keeps the names that people gave. nullopt when stopped.
enum class Counting { where_missing, again };
std::optional<PrimitiveNaming> naming_of(ProjectSession& session, const schemas::ModelVersion& version,
                                         const NamingOptions& options, Counting counting, const JobContext& job);

// The same right after a training, on what was learnt from. Nothing happens where the model has no primitives. What
// goes wrong becomes a note and is no reason to lose the model; naming_of() counts later then.
void name_after_training(ProjectSession& session, const schemas::ModelVersion& version, inference::Model& model,
                         const TrainingSnapshot& snapshot, const std::optional<std::string>& layer,
                         const JobContext& job, std::vector<std::string>& notes);

// The model of that id or name, else the newest with a dictionary of primitives. Throws std::invalid_argument.
schemas::ModelVersion model_with_primitives(ProjectSession& session, const std::string& id_or_name);

// Throws std::runtime_error where the weights are not those that were counted with.
void require_same_weights(ProjectSession& session, const schemas::ModelVersion& version, const PrimitiveNaming& naming);

}  // namespace annotator
