#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "inference/model_family.h"
#include "schemas/estimator_card.h"
#include "schemas/skeleton.h"
#include "storage/media/video_index.h"
#include "storage/skeleton/estimated_keypoints.h"

namespace annotator {

// A pose estimator that a person brought.
struct PoseEstimator {
    schemas::EstimatorCard card;
    storage::EstimateSource source;  // without the video
    std::unique_ptr<inference::ScriptedNetwork> network;
};

// Says that `program` will run, before it does.
std::string script_warning(const std::filesystem::path& program, const std::string& sha256);

struct EstimatorFiles {
    std::filesystem::path program;  // TorchScript
    std::filesystem::path card;     // schemas/json/estimator.schema.json
    inference::Device device = inference::Device::automatic;
    int threads = 0;  // 0: one a core
};

// Reads the card, calls `warn` with script_warning, and opens the program. From then on its author's code runs. Throws
// storage::ReadError and std::runtime_error that name the file.
PoseEstimator open_estimator(const EstimatorFiles& files, const std::function<void(const std::string&)>& warn);

struct VideoPoses {
    schemas::SkeletonSequence sequence;  // in pixels of the upright picture; frame i is frame i of the video
    std::vector<schemas::FrameSpan> undecodable;
};

// Shows every frame of the video to the estimator, `batch` at once where it sees whole pictures. `progress` gets the
// number of frames that are done. nullopt when stopped. Throws storage::ReadError for a video that cannot be used and
// std::runtime_error when the estimator fails, naming the frame, or answers otherwise than its card says.
std::optional<VideoPoses> poses_of(PoseEstimator& estimator, const std::filesystem::path& video,
                                   const std::shared_ptr<const storage::VideoIndex>& index, int batch,
                                   const std::function<void(schemas::FrameIndex done)>& progress,
                                   const std::stop_token& stop);

}  // namespace annotator
