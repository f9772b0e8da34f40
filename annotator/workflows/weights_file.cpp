#include "annotator/workflows/weights_file.h"

#include <nlohmann/json.hpp>

#include <ranges>
#include <stdexcept>

#include "inference/model_family.h"
#include "storage/formats/safetensors.h"
#include "storage/hash.h"

namespace annotator {

namespace {

schemas::ModelVersion model_named(ProjectSession& session, const std::string& id_or_name) {
    for (const schemas::ModelVersion& model : session.store().models() | std::views::reverse)
        if (std::to_string(static_cast<std::int64_t>(model.id)) == id_or_name || model.name == id_or_name) return model;
    throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
}

}  // namespace

GivenWeights read_weights(const std::filesystem::path& file, inference::StartingWeights::Fit fit) {
    schemas::TensorSet set = storage::read_safetensors(file);
    return {
        file.filename().string(), storage::sha256_of_file(file),
        std::make_shared<const inference::StartingWeights>(inference::StartingWeights{std::move(set.tensors), fit})};
}

WrittenWeights write_weights(ProjectSession& session, const std::string& id_or_name,
                             const std::filesystem::path& file) {
    WrittenWeights written{model_named(session, id_or_name)};
    if (written.model.checkpoint.empty())
        throw std::invalid_argument("model '" + written.model.name + "' has no file of weights");
    inference::ModelWeights weights = inference::engine().weights(session.store().folder() / written.model.checkpoint);
    schemas::TensorSet set;
    set.metadata = {{"kinetograph", "weights 1"},
                    {"family", weights.family},
                    {"layout", weights.layout},
                    {"model", written.model.name},
                    {"snapshot", written.model.snapshot},
                    {"labels", nlohmann::json(weights.labels).dump()},
                    {"options", nlohmann::json(weights.options).dump()}};
    set.tensors = std::move(weights.tensors);
    storage::write_safetensors(set, file);
    written.tensors = set.tensors.size();
    for (const auto& [name, tensor] : set.tensors)
        written.numbers += static_cast<std::int64_t>(tensor.bytes.size() / schemas::bytes_of(tensor.type));
    return written;
}

}  // namespace annotator
