#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace inference {

// What a file of a trained model holds, whatever its family.
struct Checkpoint {
    std::string family;
    std::string layout;  // name of the skeleton layout that it was trained on
    std::vector<std::string> labels;
    std::map<std::string, double> options;
    std::map<std::string, torch::Tensor> tensors;

    // Throws std::runtime_error when there is no such option or tensor.
    [[nodiscard]] double option(const std::string& name) const;
    // … or when it is out of range.
    [[nodiscard]] int whole(const std::string& name, int smallest, int largest) const;
    [[nodiscard]] double positive(const std::string& name) const;
    [[nodiscard]] const torch::Tensor& tensor(const std::string& name, const std::vector<std::int64_t>& sizes) const;
};

// Writes beside the file and renames, so that a file is always whole. Throws std::runtime_error.
void write_checkpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);

// Throws std::runtime_error naming the file and what is wrong with it: missing, truncated, foreign, or of
// a newer version.
Checkpoint read_checkpoint(const std::filesystem::path& file);

}  // namespace inference
