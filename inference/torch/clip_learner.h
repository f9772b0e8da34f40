#pragma once

#include <functional>
#include <memory>

#include "inference/torch/clip_network.h"
#include "inference/torch/learner.h"

namespace inference {

// What a clip network is made of; kept with its weights.
struct ClipShape {
    std::shared_ptr<const schemas::SkeletonLayout> layout;
    int classes = 0;
    ShapeOptions options;
};

using MakeClipNetwork = std::function<std::shared_ptr<ClipNetwork>(const ClipShape& shape)>;

// samples x channels x frames x joints from samples x frames x values, as motion_features writes them: the channels are
// position, bone and velocity, three each.
torch::Tensor channels_from(const torch::Tensor& motions, std::int64_t joints);

// Trains a network with LibTorch's automatic gradients and one of its optimisers, on as many threads as there are.
// Where it is divided among processes, only what is dropped out, and what a network adds to the loss, is each process's
// own.
std::unique_ptr<Learner> clip_learner(MakeClipNetwork make, ClipShape shape, const Place& place);

// Throws std::runtime_error for weights that do not fit.
std::shared_ptr<const TrainedNetwork> read_clip_network(const Checkpoint& checkpoint, const MakeClipNetwork& make,
                                                        const ShapeOptions& options);

}  // namespace inference
