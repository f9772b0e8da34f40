#include "inference/torch/checkpoint.h"

#include <stdexcept>

#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr std::int64_t checkpoint_version = 1;

c10::IValue value_of(torch::serialize::InputArchive& archive, const std::string& name) {
    c10::IValue value;
    if (!archive.try_read(name, value)) throw std::runtime_error("it lacks '" + name + "'");
    return value;
}

Checkpoint checkpoint_from(torch::serialize::InputArchive& archive) {
    const std::int64_t version = value_of(archive, "kinetograph").toInt();
    if (version > checkpoint_version)
        throw std::runtime_error("it was written by a newer version of the program (" + std::to_string(version) + ")");
    Checkpoint checkpoint;
    checkpoint.family = value_of(archive, "family").toStringRef();
    checkpoint.layout = value_of(archive, "layout").toStringRef();
    for (const c10::IValue& label : value_of(archive, "labels").toListRef())
        checkpoint.labels.push_back(label.toStringRef());
    for (const auto& entry : value_of(archive, "options").toGenericDict())
        checkpoint.options[entry.key().toStringRef()] = entry.value().toDouble();
    for (const auto& entry : value_of(archive, "tensors").toGenericDict())
        checkpoint.tensors[entry.key().toStringRef()] = entry.value().toTensor();
    return checkpoint;
}

}  // namespace

double Checkpoint::option(const std::string& name) const {
    const auto found = options.find(name);
    if (found == options.end()) throw std::runtime_error("it lacks the option '" + name + "'");
    return found->second;
}

int Checkpoint::whole(const std::string& name, int smallest, int largest) const {
    const double value = option(name);
    if (!(value >= smallest && value <= largest)) throw std::runtime_error("its option '" + name + "' is out of range");
    return static_cast<int>(value);
}

double Checkpoint::positive(const std::string& name) const {
    const double value = option(name);
    if (!(value > 0 && value < 1e9)) throw std::runtime_error("its option '" + name + "' is out of range");
    return value;
}

const torch::Tensor& Checkpoint::tensor(const std::string& name, const std::vector<std::int64_t>& sizes) const {
    const auto found = tensors.find(name);
    if (found == tensors.end()) throw std::runtime_error("it lacks the weights '" + name + "'");
    if (found->second.sizes() != torch::IntArrayRef(sizes) || found->second.scalar_type() != torch::kFloat)
        throw std::runtime_error("its weights '" + name + "' have an unexpected shape");
    return found->second;
}

void write_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
    c10::List<std::string> labels;
    for (const std::string& label : checkpoint.labels) labels.push_back(label);
    c10::Dict<std::string, double> options;
    for (const auto& [name, value] : checkpoint.options) options.insert(name, value);
    c10::Dict<std::string, torch::Tensor> tensors;
    for (const auto& [name, tensor] : checkpoint.tensors) tensors.insert(name, tensor.detach().cpu().clone());
    const std::filesystem::path unfinished = file.string() + ".unfinished";
    try {
        torch::serialize::OutputArchive archive;
        archive.write("kinetograph", c10::IValue(checkpoint_version));
        archive.write("family", c10::IValue(checkpoint.family));
        archive.write("layout", c10::IValue(checkpoint.layout));
        archive.write("labels", c10::IValue(labels));
        archive.write("options", c10::IValue(options));
        archive.write("tensors", c10::IValue(tensors));
        archive.save_to(unfinished.string());
        std::filesystem::rename(unfinished, file);
    } catch (const std::exception& error) {
        std::error_code ignored;
        std::filesystem::remove(unfinished, ignored);
        throw std::runtime_error(file.string() + ": the model could not be written: " + first_line(error));
    }
}

Checkpoint read_checkpoint(const std::filesystem::path& file) {
    if (!std::filesystem::is_regular_file(file))
        throw std::runtime_error(file.string() + ": there is no such model file.");
    try {
        torch::serialize::InputArchive archive;
        archive.load_from(file.string(), torch::Device(torch::kCPU));
        return checkpoint_from(archive);
    } catch (const std::exception& error) {
        throw std::runtime_error(file.string() + ": this is no model of ours, or it is damaged: " + first_line(error) +
                                 ". Train it again, or restore the file.");
    }
}

}  // namespace inference
