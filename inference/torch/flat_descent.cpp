#include "inference/torch/flat_descent.h"

#include <algorithm>
#include <cmath>

#include "inference/parallel.h"

namespace inference {

namespace {

// What one step does to every weight.
struct Step {
    float slope_scale;  // clips the gradient
    float decay;        // of AdamW: times the rate
    float size;
    float correction;  // of the second moment
};

// Loshchilov and Hutter 2019.
KINETOGRAPH_VECTORISED void adamw(float* __restrict weights, float* __restrict first, float* __restrict second,
                                  const float* __restrict gradient, const float* __restrict decays, std::size_t count,
                                  const Step step) {
    for (std::size_t i = 0; i < count; ++i) {
        const float slope = step.slope_scale * gradient[i];
        first[i] += 0.1F * (slope - first[i]);
        second[i] += 0.001F * (slope * slope - second[i]);
        weights[i] -= step.decay * decays[i] * weights[i] +
                      step.size * first[i] / (std::sqrt(second[i]) * step.correction + 1e-8F);
    }
}

// Kingma and Ba 2015.
KINETOGRAPH_VECTORISED void adam(float* __restrict weights, float* __restrict first, float* __restrict second,
                                 const float* __restrict gradient, const float* __restrict decays, std::size_t count,
                                 const Step step) {
    for (std::size_t i = 0; i < count; ++i) {
        const float slope = step.slope_scale * gradient[i] + step.decay * decays[i] * weights[i];
        first[i] += 0.1F * (slope - first[i]);
        second[i] += 0.001F * (slope * slope - second[i]);
        weights[i] -= step.size * first[i] / (std::sqrt(second[i]) * step.correction + 1e-8F);
    }
}

KINETOGRAPH_VECTORISED void sgd(float* __restrict weights, float* __restrict first, const float* __restrict gradient,
                                const float* __restrict decays, std::size_t count, const Step step) {
    for (std::size_t i = 0; i < count; ++i) {
        const float slope = step.slope_scale * gradient[i] + step.decay * decays[i] * weights[i];
        first[i] = 0.9F * first[i] + slope;
        weights[i] -= step.size * (slope + 0.9F * first[i]);
    }
}

KINETOGRAPH_VECTORISED void rmsprop(float* __restrict weights, float* __restrict second,
                                    const float* __restrict gradient, const float* __restrict decays, std::size_t count,
                                    const Step step) {
    for (std::size_t i = 0; i < count; ++i) {
        const float slope = step.slope_scale * gradient[i] + step.decay * decays[i] * weights[i];
        second[i] += 0.01F * (slope * slope - second[i]);
        weights[i] -= step.size * slope / (std::sqrt(second[i]) + 1e-8F);
    }
}

}  // namespace

FlatDescent::FlatDescent(std::vector<float> decays, const LearningOptions& options)
    : options_(options), decays_(std::move(decays)), first_(decays_.size()), second_(decays_.size()) {}

double FlatDescent::step(torch::Tensor& weights, const torch::Tensor& gradient, double rate) {
    torch::Tensor slopes = gradient.cpu().contiguous();
    torch::Tensor changed = weights.cpu();  // the same memory on the processor
    auto* const values = changed.data_ptr<float>();
    if (options_.l1 > 0) {
        slopes = slopes.clone();
        auto* const slope = slopes.data_ptr<float>();
        const auto l1 = static_cast<float>(options_.l1);
        for (std::size_t i = 0; i < decays_.size(); ++i)
            slope[i] += l1 * decays_[i] * static_cast<float>((values[i] > 0) - (values[i] < 0));
    }
    const double length = slopes.norm().item<double>();
    if (!std::isfinite(length)) return length;
    ++steps_;
    const auto scale = static_cast<float>(std::min(1.0, options_.longest_gradient / (length + 1e-6)));
    const auto decay = static_cast<float>(options_.decay);
    const auto size = static_cast<float>(rate);
    const auto with_moments = [&](double decays) {
        return Step{scale, static_cast<float>(decays), static_cast<float>(rate / (1 - std::pow(0.9, steps_))),
                    static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, steps_)))};
    };
    const auto* const slope = slopes.data_ptr<float>();
    switch (options_.descent) {
        case Descent::adamw:
            adamw(values, first_.data(), second_.data(), slope, decays_.data(), decays_.size(),
                  with_moments(rate * options_.decay));
            break;
        case Descent::adam:
            adam(values, first_.data(), second_.data(), slope, decays_.data(), decays_.size(),
                 with_moments(options_.decay));
            break;
        case Descent::sgd:
            sgd(values, first_.data(), slope, decays_.data(), decays_.size(), {scale, decay, size, 1});
            break;
        case Descent::rmsprop:
            rmsprop(values, second_.data(), slope, decays_.data(), decays_.size(), {scale, decay, size, 1});
            break;
    }
    if (!weights.is_cpu()) weights.copy_(changed);
    return length;
}

void FlatDescent::add_to(TrainingState& state) const {
    state["first"] = torch::tensor(first_, torch::kFloat);
    state["second"] = torch::tensor(second_, torch::kFloat);
}

void FlatDescent::go_on_from(const TrainingState& state, int steps) {
    copy_part(state, "first", torch::from_blob(first_.data(), {static_cast<std::int64_t>(first_.size())}));
    copy_part(state, "second", torch::from_blob(second_.data(), {static_cast<std::int64_t>(second_.size())}));
    steps_ = steps;
}

}  // namespace inference
