#pragma once

#include "inference/model_family.h"

// How the program and the LibTorch module find each other.
namespace inference {

// Raise it whenever a type that crosses the border changes.
inline constexpr int module_version = 5;
inline constexpr const char* module_entry = "kinetograph_inference_open";

// Returns the module's only engine, which lives as long as the process, or null when it
// was built for another version.
using OpenModule = Engine* (*)(int version);

}  // namespace inference
