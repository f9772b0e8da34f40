#include "annotator/workflows/weights_file.h"

#include <nlohmann/json.hpp>

#include <map>
#include <ranges>
#include <stdexcept>
#include <vector>

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

// Of files that write_weights wrote; none of others.
std::vector<std::string> labels_in(const std::map<std::string, std::string>& metadata) {
    const auto labels = metadata.find("labels");
    if (labels == metadata.end()) return {};
    try {
        return nlohmann::json::parse(labels->second).get<std::vector<std::string>>();
    } catch (const nlohmann::json::exception&) {
        return {};
    }
}

}  // namespace

GivenWeights read_weights(const std::filesystem::path& file, inference::StartingWeights::Fit fit) {
    schemas::TensorSet set = storage::read_safetensors(file);
    inference::StartingWeights weights{std::move(set.tensors), {}, {}, fit};
    if (const auto kind = set.metadata.find("kinetograph"); kind != set.metadata.end() && kind->second == "weights 1") {
        weights.labels = labels_in(set.metadata);
        if (const auto layout = set.metadata.find("layout"); layout != set.metadata.end())
            weights.layout = layout->second;
    }
    return {file.filename().string(), storage::sha256_of_file(file),
            std::make_shared<const inference::StartingWeights>(std::move(weights))};
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
