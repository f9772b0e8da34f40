#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "annotator/session/project_session.h"
#include "inference/model_weights.h"
#include "schemas/proposal.h"

namespace annotator {

// Weights of a safetensors file for a training to begin with, and which file it was.
struct GivenWeights {
    std::string file, sha256;
    std::shared_ptr<const inference::StartingWeights> weights;
};

// Throws storage::ReadError.
GivenWeights read_weights(const std::filesystem::path& file, inference::StartingWeights::Fit fit);

struct WrittenWeights {
    schemas::ModelVersion model;
    std::size_t tensors = 0;
    std::int64_t numbers = 0;
};

// Writes the weights of the model of that id or name as safetensors, F32. `__metadata__` has `kinetograph`, which is
// "weights 1", `family`, `layout`, `model`, `snapshot`, and as JSON `labels` and `options`. Of several models of one
// name the newest. Throws std::invalid_argument when there is none, std::runtime_error for a model whose file cannot be
// read, and storage::WriteError.
WrittenWeights write_weights(ProjectSession& session, const std::string& id_or_name, const std::filesystem::path& file);

}  // namespace annotator
