#pragma once

#include <torch/torch.h>

#include <memory>

#include "inference/torch/clip_network.h"

// The LSTM-CNN of papers 000 and 001 after models.md 2.2: context over time first, then three convolutions over what
// the LSTM made of each frame.
namespace inference {

struct LstmCnnShape {
    int joints = 20;
    int classes = 0;       // 0: the network for depth has no class head
    int frames = 48;       // that skeletons are resampled to
    double dropout = 0.3;  // of the head for key-points
};

// Steps 2 to 4, which both networks share.
class LstmCnnBody : public torch::nn::Module {
public:
    static constexpr std::int64_t encoded_width = 256;  // what a frame is encoded to
    static constexpr std::int64_t fused_width = 768;
    static constexpr std::int64_t map_channels = 128;
    static constexpr std::int64_t map_side = 8;

    struct Reading {
        torch::Tensor fused;  // u_t: samples x frames x 768
        torch::Tensor maps;   // (samples * frames) x 128 x 8 x 8
    };

    LstmCnnBody();
    // From samples x frames x 256.
    Reading forward(const torch::Tensor& encoded);

private:
    torch::nn::LSTM lstm_{nullptr};
    torch::nn::Sequential convolutions_{nullptr};
};

struct LstmCnnOutput {
    torch::Tensor key_points;  // samples x frames x joints x 3, placed as inference/depth_crop.h says
    torch::Tensor heat_maps;   // samples x frames x (joints + 1) x 8 x 8: logits, the last channel is the background
    torch::Tensor logits;      // samples x classes; undefined without a class head
    torch::Tensor embedding;   // samples x 768: mean of u_t over time
};

// Reads the depth pictures of inference/depth_crop.h. In evaluation mode samples are not coupled.
//
// Thread: one at a time.
class LstmCnnNetwork : public torch::nn::Module {
public:
    explicit LstmCnnNetwork(const LstmCnnShape& shape);
    // From samples x frames x 1 x 32 x 32; any number of frames from one on.
    LstmCnnOutput forward(const torch::Tensor& depth);

private:
    LstmCnnShape shape_;
    torch::nn::Linear encoder_{nullptr};
    std::shared_ptr<LstmCnnBody> body_;
    torch::nn::Sequential key_points_{nullptr};
    torch::nn::Conv2d heat_maps_{nullptr};
    torch::nn::Linear classes_{nullptr};
};

// The same body on the features of a skeleton, with the class head alone.
class LstmSkeletonNetwork : public ClipNetwork {
public:
    explicit LstmSkeletonNetwork(const LstmCnnShape& shape);
    ClipOutput forward(const torch::Tensor& motions) override;
    [[nodiscard]] int frames() const override { return shape_.frames; }

private:
    LstmCnnShape shape_;
    torch::nn::Linear encoder_{nullptr};
    std::shared_ptr<LstmCnnBody> body_;
    torch::nn::Linear classes_{nullptr};
};

}  // namespace inference
