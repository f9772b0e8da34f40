#pragma once

#include <filesystem>
#include <memory>

#include "inference/model_family.h"
#include "inference/scripted_network.h"

namespace inference {

// `threads` work on one question; 0: one a core. Throws std::runtime_error naming the file when it is no TorchScript,
// or no program of one input.
std::unique_ptr<ScriptedNetwork> open_scripted_network(const std::filesystem::path& file, Device device, int threads);

}  // namespace inference
