#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "inference/torch/clip_network.h"
#include "inference/torch/gcn_layers.h"
#include "inference/torch/primitive_dictionary.h"
#include "inference/torch/primitive_source.h"

namespace inference {

// Widths of the blocks: xs 32 32 64 64 128 128, s four of 32, three of 64 and three of 128, m twice and l three times
// as wide as s. The branches of xs and s are 4 and 2 times narrower than that. xs looks for its attention once a motion
// and halves the frames where it grows wider.
enum class EstgcnSize { xs, s, m, l };

struct EstgcnOptions {
    EstgcnSize size = EstgcnSize::s;
    int channels = 3;  // the first so many of a motion: 3 joint, 9 with bone and velocity
    int classes = 0;
    int units = 10;  // motion units that annotators name; the head needs some where none are known
    int frames = 64;
    int primitives = 32;
    int key_times = 16;
    double dropout = 0.1;      // of each block's temporal pyramid, in training
    bool seg_skip = true;      // the unit head sees the features too, not only the primitives (A5)
    bool literal_ids = false;  // … and of the primitives the interpolated number, as paper 003 has it (A1)
    bool literal_bnd = false;  // boundaries are probabilities themselves and have no offsets (A7)
};

// What models.md 2.4 gives a size: xs reads all 9 channels of 48 frames.
EstgcnOptions estgcn_options(EstgcnSize size, int classes);

struct EstgcnOutput {
    ClipOutput clip;
    torch::Tensor offsets;    // samples x 2 x frames: frames from here to the nearest start and end
    torch::Tensor attention;  // samples x frames, or every fourth of them for xs
    torch::Tensor key_times;  // samples x key times, in frames of the motion
};

// The enhanced ST-GCN of paper 003: blocks of graph convolution with joint attention and a temporal pyramid, and on the
// mean over joints the heads for category, motion units and boundaries and the dictionary of primitives (models.md 2.4,
// register A1 to A10). Weights are drawn by LibTorch's generator. The extra loss is 0.8 times that of the dictionary.
//
// Motions may have any number of frames; key times are no more than those.
//
// Thread: one at a time.
class EstgcnNetwork final : public ClipNetwork, public PrimitiveSource {
public:
    // Throws std::invalid_argument when the layout is not sound or a number is not positive.
    EstgcnNetwork(const schemas::SkeletonLayout& layout, const EstgcnOptions& options);

    // Throws std::invalid_argument when the motions have fewer channels or other joints.
    EstgcnOutput parse(const torch::Tensor& motions);
    ClipOutput forward(const torch::Tensor& motions) override { return parse(motions).clip; }

    Rows key_primitives(const torch::Tensor& motions) override;
    torch::Tensor primitive_rows() override { return dictionary_->rows(); }

    void fold() override;

    [[nodiscard]] int frames() const override { return options_.frames; }
    [[nodiscard]] const EstgcnOptions& options() const { return options_; }

private:
    torch::Tensor features(const torch::Tensor& motions);
    torch::Tensor unit_logits(const torch::Tensor& features, const KeySegments& key);

    EstgcnOptions options_;
    std::int64_t joints_;
    std::int64_t stride_ = 1;  // frames of the motion for each of the features
    BatchNorm norm_ = nullptr;
    std::vector<std::shared_ptr<AttentiveGraphConvolution>> spatial_;
    std::vector<std::shared_ptr<TemporalPyramid>> temporal_;
    std::shared_ptr<PrimitiveDictionary> dictionary_;
    torch::nn::Linear classes_ = nullptr;
    torch::nn::Conv1d projection_ = nullptr;  // null without seg_skip
    torch::nn::Sequential units_ = nullptr;
    torch::nn::Conv1d boundaries_ = nullptr;
    torch::nn::Conv1d offsets_ = nullptr;  // null with literal_bnd
};

}  // namespace inference
