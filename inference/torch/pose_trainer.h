#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "inference/pose_model.h"
#include "inference/torch/lstm_cnn_network.h"

namespace inference {

// An LSTM-CNN without class head.
struct PoseTraining {
    std::shared_ptr<LstmCnnNetwork> network;  // the moving average
    std::optional<Breakdown> broken;
};

// Learns key-points from windows of depth pictures: AdamW, a warm-up and half a cosine, and a moving average of the
// weights (models.md 2.2 and 2.6). A step takes its windows some at a time, so that a wish to stop is seen early; the
// normalisation is over those, gradients are summed over all. nullopt when stopped.
std::optional<PoseTraining> trained_pose_network(const PoseSet& set, const PoseTrainOptions& options,
                                                 const std::function<void(const TrainProgress&)>& progress,
                                                 const std::stop_token& stop);

}  // namespace inference
