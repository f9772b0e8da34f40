#pragma once

#include <filesystem>
#include <string>

#include "storage/skeleton/skeleton_recording.h"

// Key-points of a video that a pose estimator found, as safetensors (storage/formats/safetensors.h): `points`, F32,
// frames x joints x 2, columns and rows in pixels of the upright picture, the middle of the first pixel being (0, 0),
// and `scores`, F32, frames x joints, 0 to 1. Frame i is frame i of the video. `__metadata__` has `kinetograph`, which
// is "estimated-keypoints 1", the name of the `layout`, which must be a known one, and the texts of EstimateSource.
namespace storage {

// What key-points come from. Hashes are SHA-256.
struct EstimateSource {
    std::string estimator, estimator_sha256;  // the TorchScript file's name and hash
    std::string card, card_sha256;            // the card's text and hash
    std::string video, video_sha256;
    std::string stream;  // of the video's container, as FFmpeg counts

    bool operator==(const EstimateSource&) const = default;
};

// Throws WriteError, and std::invalid_argument for a sequence that is not in pixels.
void write_estimated_keypoints(const schemas::SkeletonSequence& sequence, const EstimateSource& source,
                               const std::filesystem::path& file);

// A point that is not finite, or of no score, was not seen. The rate is the video's; the file does not say it. Throws
// ReadError.
SkeletonRecording read_estimated_keypoints(const std::filesystem::path& file);
EstimateSource source_of_estimate(const std::filesystem::path& file);

// By the extension .safetensors and what the header says.
bool is_estimated_keypoints(const std::filesystem::path& file);

}  // namespace storage
