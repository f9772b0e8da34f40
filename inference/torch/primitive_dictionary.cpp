#include "inference/torch/primitive_dictionary.h"

#include <algorithm>
#include <limits>

namespace inference {

namespace {

constexpr std::int64_t window_radius = 2;
constexpr double first_temperature = 0.1;
constexpr double commitment = 0.25;
constexpr double usage_share = 0.01;
constexpr double smallest_weight = 1e-8;
constexpr double shortest_row = 1e-3;  // so that features without variance have a moderate slope

// Over the last dimension; a weight may underflow to 0.
torch::Tensor entropy_of(const torch::Tensor& weights) {
    return -(weights * weights.clamp_min(smallest_weight).log()).sum(-1);
}

torch::Tensor unit_rows(const torch::Tensor& rows) { return rows / rows.norm(2, -1, true).clamp_min(shortest_row); }

// Without scale and shift, so that a dictionary cannot grow without end (A3).
torch::Tensor normalised_rows(const torch::Tensor& rows) { return torch::layer_norm(rows, {rows.size(-1)}); }

}  // namespace

torch::Tensor key_times(const torch::Tensor& scores, std::int64_t count) {
    const auto [highest, times] = scores.detach().topk(std::min(count, scores.size(1)), 1);
    return std::get<0>(times.sort(1));
}

torch::Tensor window_means(const torch::Tensor& features, const torch::Tensor& scores, const torch::Tensor& times,
                           std::int64_t radius) {
    const torch::Tensor frames = torch::arange(scores.size(1), times.options()).view({1, 1, -1});
    const torch::Tensor outside = (frames - times.unsqueeze(2)).abs() > radius;  // samples x key times x frames
    // The softmax over a window is that over all frames, divided by the window's sum.
    const torch::Tensor weights = torch::softmax(
        scores.unsqueeze(1).expand_as(outside).masked_fill(outside, -std::numeric_limits<double>::infinity()), 2);
    return torch::bmm(weights, features.transpose(1, 2));
}

torch::Tensor interpolated(const torch::Tensor& values, const torch::Tensor& times, std::int64_t frames) {
    const torch::Tensor frame = torch::arange(frames, values.options()).view({1, frames, 1});
    const torch::Tensor at = times.to(values.scalar_type()).unsqueeze(1);
    const torch::Tensor before = at.slice(2, 0, at.size(2) - 1);
    const torch::Tensor after = at.slice(2, 1, at.size(2));
    const torch::Tensor passed = (frame - before) / (after - before);  // of every gap between key times
    const torch::Tensor edge = torch::ones({at.size(0), frames, 1}, values.options());
    const torch::Tensor rising = torch::cat({edge, passed}, 2);
    const torch::Tensor falling = torch::cat({1 - passed, edge}, 2);
    return torch::matmul(values, torch::minimum(rising, falling).clamp(0, 1).transpose(1, 2));
}

torch::Tensor soft_assignment(const torch::Tensor& segments, const torch::Tensor& primitives,
                              const torch::Tensor& temperature) {
    const torch::Tensor cosines = torch::matmul(unit_rows(segments), unit_rows(primitives).t());
    return torch::softmax(cosines / temperature, -1);
}

torch::Tensor reconstruction_loss(const torch::Tensor& segments, const torch::Tensor& rebuilt) {
    return (segments.detach() - rebuilt).square().mean() + commitment * (segments - rebuilt.detach()).square().mean();
}

torch::Tensor usage_loss(const torch::Tensor& assignment) {
    return entropy_of(assignment).mean() - entropy_of(assignment.flatten(0, 1).mean(0));
}

PrimitiveDictionary::PrimitiveDictionary(std::int64_t features, std::int64_t primitives, std::int64_t key_times)
    : key_times_(key_times) {
    // The softmax over frames takes a bias away again.
    attention_ = register_module("attention", torch::nn::Conv1d(torch::nn::Conv1dOptions(features, 1, 1).bias(false)));
    primitives_ = register_parameter("primitives", torch::randn({primitives, features}));
    temperature_ = register_parameter("temperature", torch::full({1}, first_temperature));
}

torch::Tensor PrimitiveDictionary::rows() const { return normalised_rows(primitives_); }

KeySegments PrimitiveDictionary::forward(const torch::Tensor& features) {
    // Brought back rather than only clamped where it is used, which would leave it without a gradient outside for good;
    // by data(), so that an earlier pass of the same step can still be differentiated.
    if (is_training()) temperature_.data().clamp_(coldest, warmest);
    const torch::Tensor scores = attention_(features).squeeze(1);
    KeySegments key;
    key.attention = torch::softmax(scores, 1);
    key.times = key_times(scores, key_times_);
    key.segments = normalised_rows(window_means(features, scores, key.times, window_radius));
    const torch::Tensor primitives = normalised_rows(primitives_);
    key.assignment = soft_assignment(key.segments, primitives, temperature_.clamp(coldest, warmest));
    const torch::Tensor rebuilt = torch::matmul(key.assignment, primitives);
    key.loss = reconstruction_loss(key.segments, rebuilt) + usage_share * usage_loss(key.assignment);
    return key;
}

}  // namespace inference
