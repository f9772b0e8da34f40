#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "inference/sample.h"

// Motions to test with: small ones made up, and the recordings of MSR-Action3D where they are.
namespace inference_tests {

// Twenty joints in the order of MSR-Action3D.
std::shared_ptr<const schemas::SkeletonLayout> msr_layout();

// One of `kinds` movements of a standing figure, `frames` long, with noise and phase drawn from `seed`.
inference::Sample synthetic_motion(int kind, std::uint64_t seed, schemas::FrameIndex frames = 40);
// `each` motions of every kind, labelled with it.
std::vector<inference::Sample> synthetic_set(int kinds, int each, std::uint64_t seed);

struct Recording {
    std::string name;  // a01_s01_e01
    int performer = 0;
    inference::Sample sample;  // labelled with the action, 0 … 19
};

// KINETOGRAPH_DATA, else ../shared/data beside the project.
std::filesystem::path data_folder();
// Ordered by name; empty where the recordings are not there.
std::vector<Recording> msr_recordings();

}  // namespace inference_tests
