#include "inference/torch/exported_weights.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "inference/torch/checkpoint.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr std::string_view network_prefix = "network.";
constexpr std::size_t most_listed = 5;

// What a model's file holds beside the network.
bool is_companion(const std::string& name) {
    return std::set<std::string>{"tree", "known_labels", "known_motions"}.contains(name);
}

torch::ScalarType scalar_from(schemas::NumberType type) {
    constexpr std::array<torch::ScalarType, 10> types{torch::kDouble, torch::kFloat, torch::kHalf,  torch::kBFloat16,
                                                      torch::kLong,   torch::kInt,   torch::kShort, torch::kChar,
                                                      torch::kByte,   torch::kBool};
    return types.at(static_cast<std::size_t>(type));
}

torch::Tensor tensor_of(const schemas::Tensor& tensor) {
    return torch::from_blob(const_cast<std::byte*>(tensor.bytes.data()), tensor.shape, scalar_from(tensor.type))
        .to(torch::kFloat, false, true);
}

// "3 tensors are missing: a, b, c", with the first ones named.
void add_note(std::vector<std::string>& notes, const std::vector<std::string>& found, const std::string& what) {
    if (found.empty()) return;
    std::string note = std::to_string(found.size()) + (found.size() == 1 ? " tensor " : " tensors ") + what + ": ";
    for (std::size_t i = 0; i < std::min(found.size(), most_listed); ++i) note += (i > 0 ? ", " : "") + found[i];
    notes.push_back(note + (found.size() > most_listed ? " …" : ""));
}

std::string joined(const std::vector<std::string>& notes) {
    std::string text;
    for (const std::string& note : notes) text += (text.empty() ? "" : "; ") + note;
    return text;
}

}  // namespace

ModelWeights exported_weights(const std::filesystem::path& file) {
    Checkpoint checkpoint = read_checkpoint(file);
    ModelWeights weights{checkpoint.family, checkpoint.layout, checkpoint.labels, checkpoint.options, {}};
    for (const auto& [name, tensor] : checkpoint.tensors) {
        if (is_companion(name)) continue;
        const torch::Tensor numbers = tensor.detach().cpu().to(torch::kFloat).contiguous();
        const std::string own = name.starts_with(network_prefix) ? name.substr(network_prefix.size()) : name;
        weights.tensors.emplace(own, schemas::tensor_from(span_of(numbers), numbers.sizes().vec()));
    }
    return weights;
}

StartingPoint starting_point(const StartingWeights& weights, const NamedTensors& own) {
    StartingPoint start;
    std::vector<std::string> missing, unknown, misshapen, unsound;
    for (const auto& [name, tensor] : own) {
        const auto given = weights.tensors.find(name);
        if (given == weights.tensors.end()) {
            missing.push_back(name);
            continue;
        }
        if (given->second.shape != tensor.sizes().vec()) {
            misshapen.push_back(name + " " + schemas::shape_text(given->second.shape) + " for " +
                                schemas::shape_text(tensor.sizes().vec()));
            continue;
        }
        torch::Tensor numbers = tensor_of(given->second);
        if (!numbers.isfinite().all().item<bool>()) unsound.push_back(name);
        start.tensors.emplace(name, std::move(numbers));
    }
    for (const auto& [name, tensor] : weights.tensors)
        if (!own.contains(name)) unknown.push_back(name);
    std::vector<std::string> no_numbers;
    add_note(no_numbers, unsound, "hold what is no finite number");
    if (!unsound.empty()) throw std::invalid_argument("the weights cannot be used: " + joined(no_numbers));
    add_note(start.notes, missing, "of the network missing");
    add_note(start.notes, misshapen, "of another shape");
    add_note(start.notes, unknown, "that the network lacks");
    if (weights.fit == StartingWeights::Fit::whole && !start.notes.empty())
        throw std::invalid_argument("the weights do not fit the network: " + joined(start.notes));
    if (start.tensors.empty())
        throw std::invalid_argument("none of the weights fits the network: " + joined(start.notes));
    return start;
}

void begin_with(const NamedTensors& start, const NamedTensors& own) {
    const torch::NoGradGuard guard;
    for (const auto& [name, numbers] : start) torch::Tensor(own.at(name)).copy_(numbers);
}

}  // namespace inference
