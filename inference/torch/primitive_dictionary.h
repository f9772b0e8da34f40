#pragma once

#include <torch/torch.h>

// Key segments of a motion and the dictionary of motion primitives that they are read with (paper 003, 2.4.1 to 2.4.3,
// by the register's A1 to A4). Features are samples x features x frames, times samples x key times in frames.
namespace inference {

// The min(count, frames) frames with the highest scores (samples x frames), ascending. Not differentiable.
torch::Tensor key_times(const torch::Tensor& scores, std::int64_t count);

// samples x key times x features: around every key time the mean of the frames up to `radius` away, weighted by the
// softmax of the scores, through which alone they are learnt.
torch::Tensor window_means(const torch::Tensor& features, const torch::Tensor& scores, const torch::Tensor& times,
                           std::int64_t radius);

// samples x channels x frames from samples x channels x key times, piecewise linear between neighbouring key times and
// constant outside of them (paper 003, eq. 3). Times ascend strictly; one row of times serves all samples.
torch::Tensor interpolated(const torch::Tensor& values, const torch::Tensor& times, std::int64_t frames);

// samples x key times x primitives, rows sum to 1: softmax(cos(S_i, D_j) / temperature). At temperature 1, which is
// the paper's text, no weight can exceed 0.2 among 32 primitives.
torch::Tensor soft_assignment(const torch::Tensor& segments, const torch::Tensor& primitives,
                              const torch::Tensor& temperature);

// Mean over segments of |sg(S) - R|^2 + |S - sg(R)|^2 / 4, divided by the width; R are the segments rebuilt from
// primitives. Paper 003, eq. 2, in the commitment form of A3.
torch::Tensor reconstruction_loss(const torch::Tensor& segments, const torch::Tensor& rebuilt);

// Mean entropy of the assignments less the entropy of their mean, in nats, never above 0: lowest where every segment
// takes one primitive and all primitives are taken alike.
torch::Tensor usage_loss(const torch::Tensor& assignment);

struct KeySegments {
    torch::Tensor attention;   // samples x frames: rows sum to 1
    torch::Tensor times;       // samples x key times, ascending
    torch::Tensor segments;    // samples x key times x features: mean 0 and variance 1 over features
    torch::Tensor assignment;  // samples x key times x primitives: rows sum to 1
    torch::Tensor loss;        // reconstruction_loss + 0.01 usage_loss
};

// The temperature is learnt and kept in [coldest, warmest].
//
// Thread: one at a time.
class PrimitiveDictionary : public torch::nn::Module {
public:
    static constexpr double coldest = 0.02;
    static constexpr double warmest = 0.5;

    PrimitiveDictionary(std::int64_t features, std::int64_t primitives, std::int64_t key_times);
    KeySegments forward(const torch::Tensor& features);
    // primitives x features, normalised as they are compared.
    [[nodiscard]] torch::Tensor rows() const;

private:
    std::int64_t key_times_;
    torch::nn::Conv1d attention_ = nullptr;
    torch::Tensor primitives_;   // primitives x features
    torch::Tensor temperature_;  // one value
};

}  // namespace inference
