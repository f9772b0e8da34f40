#include "inference/torch/exported_weights.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "inference/torch/checkpoint.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

// Of the names in files of models whose networks are LibTorch's modules.
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

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most_listed); ++i) text += (i > 0 ? ", " : "") + names[i];
    return text + (names.size() > most_listed ? " …" : "");
}

// "3 tensors that the network lacks: a, b, c", with the first ones named.
void add_note(std::vector<std::string>& notes, const std::vector<std::string>& found, const std::string& what) {
    if (found.empty()) return;
    notes.push_back(std::to_string(found.size()) + (found.size() == 1 ? " tensor " : " tensors ") + what + ": " +
                    listed(found));
}

std::string joined(const std::vector<std::string>& notes) {
    std::string text;
    for (const std::string& note : notes) text += (text.empty() ? "" : "; ") + note;
    return text;
}

// Of each class, its place in the given weights; -1 where it has none.
std::vector<int> rows_of(const StartingWeights& weights, const std::vector<std::string>& labels) {
    const auto classes = weights.tensors.find("classes.bias");
    const bool as_many = classes != weights.tensors.end() &&
                         classes->second.shape == std::vector{static_cast<std::int64_t>(labels.size())};
    std::vector<int> rows;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto found = std::ranges::find(weights.labels, labels[i]);
        if (weights.labels.empty())
            rows.push_back(as_many ? static_cast<int>(i) : -1);
        else
            rows.push_back(found == weights.labels.end() ? -1 : static_cast<int>(found - weights.labels.begin()));
    }
    return rows;
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

WarmStart warm_start(const StartingWeights& weights, const std::vector<std::string>& labels) {
    WarmStart warm{{}, rows_of(weights, labels)};
    std::vector<std::string> unsound;
    for (const auto& [name, tensor] : weights.tensors) {
        const torch::Tensor numbers = tensor_of(tensor);
        if (!numbers.isfinite().all().item<bool>()) unsound.push_back(name);
        warm.checkpoint.tensors[name] = numbers;
        warm.checkpoint.tensors[std::string(network_prefix) + name] = numbers;
    }
    if (!unsound.empty())
        throw std::invalid_argument("training cannot begin with the given weights: what is no finite number is in " +
                                    listed(unsound));
    return warm;
}

std::vector<std::string> misfits(const StartingWeights& weights, const WarmStart& warm, const WarmFit& fit,
                                 const std::vector<std::string>& labels) {
    std::vector<std::string> missing, misshapen, unknown, strange, notes;
    for (const std::string& name : fit.left_out) {
        const auto given = weights.tensors.find(name);
        if (given == weights.tensors.end())
            missing.push_back(name);
        else
            misshapen.push_back(name + " " + schemas::shape_text(given->second.shape) + " for " +
                                schemas::shape_text(fit.shapes.at(name)));
    }
    for (const auto& [name, tensor] : weights.tensors)
        if (!fit.shapes.contains(name)) unknown.push_back(name);
    for (std::size_t label = 0; label < labels.size(); ++label)
        if (!weights.labels.empty() && warm.rows[label] < 0) strange.push_back(labels[label]);
    add_note(notes, missing, "of the network not among them");
    add_note(notes, misshapen, "of another shape");
    add_note(notes, unknown, "that the network lacks");
    if (!strange.empty()) notes.push_back("they do not know the labels: " + listed(strange));
    if (fit.taken == 0) throw std::invalid_argument("none of the given weights fits the network: " + joined(notes));
    if (weights.fit == StartingWeights::Fit::whole && !notes.empty())
        throw std::invalid_argument("the given weights do not fit the network: " + joined(notes));
    return notes;
}

}  // namespace inference
