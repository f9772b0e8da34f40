#pragma once

#include <memory>

#include "inference/pose_model.h"

namespace inference {

// "lstm_cnn_pose": the LSTM-CNN of papers 000 and 001 with its heads for key-points and heat-maps (models.md 2.2,
// registers A20 and A21).
std::unique_ptr<PoseFamily> lstm_cnn_pose_family();

}  // namespace inference
