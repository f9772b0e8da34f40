#include "inference/torch/pretraining.h"

#include <cmath>
#include <span>
#include <stdexcept>

namespace inference {

namespace {

constexpr std::int64_t moments = 8;

class Batches {
public:
    Batches(const MotionSet& motions, const Augmentation& weak, Random& random)
        : motions_(motions), weak_(weak), random_(random) {}

    // samples x frames x values, every motion once before any comes again.
    torch::Tensor next(int samples, int frames) {
        const auto stride = static_cast<std::size_t>(frames) * motions_.features();
        torch::Tensor views = torch::empty({samples, frames, static_cast<std::int64_t>(motions_.features())});
        const std::span<float> values(views.data_ptr<float>(), static_cast<std::size_t>(samples) * stride);
        for (std::size_t row = 0; row < static_cast<std::size_t>(samples); ++row) {
            if (queue_.empty()) queue_ = random_.permutation(motions_.size());
            motions_.draw(queue_.back(), frames, weak_, random_, values.subspan(row * stride, stride));
            queue_.pop_back();
        }
        return views;
    }

    // samples x joints, 1 for those that are left out.
    torch::Tensor masks(int samples, double masked) {
        const std::size_t joints = motions_.layout().size();
        torch::Tensor masks = torch::zeros({samples, static_cast<std::int64_t>(joints)});
        auto* value = masks.data_ptr<float>();
        for (int row = 0; row < samples; ++row, value += joints) {
            for (std::size_t joint = 0; joint < joints; ++joint)
                value[joint] = random_.uniform() < masked ? 1.0F : 0.0F;
            value[random_.below(joints)] = 1;
        }
        return masks;
    }

private:
    const MotionSet& motions_;
    const Augmentation& weak_;
    Random& random_;
    std::vector<std::size_t> queue_;
};

}  // namespace

bool pretrain(const MotionSet& motions, const Embedder& embedder, const LearningOptions& options,
              const Pretraining& pretraining, Random& random, const PretrainingReport& report,
              const std::function<bool()>& is_stopped) {
    const auto joints = static_cast<std::int64_t>(motions.layout().size());
    torch::nn::Linear told(embedder.features, moments * joints * 3);
    told->to(embedder.device);
    std::vector<torch::Tensor> parameters = embedder.parameters;
    for (const torch::Tensor& parameter : told->parameters()) parameters.push_back(parameter);
    torch::optim::AdamW optimiser(parameters, torch::optim::AdamWOptions(options.rate).weight_decay(options.decay));
    LearningOptions schedule = options;
    schedule.steps = pretraining.steps;
    const torch::Tensor when =
        torch::linspace(0, embedder.frames - 1, moments).round().to(torch::kLong).to(embedder.device);
    Batches batches(motions, options.weak, random);
    const int samples = 2 * options.batch;
    for (int step = 0; step < pretraining.steps; ++step) {
        if (is_stopped()) return false;
        // Positions are the first of the three values a joint: position, bone and velocity.
        const torch::Tensor views =
            batches.next(samples, embedder.frames).to(embedder.device).view({samples, embedder.frames, 3, joints, 3});
        const torch::Tensor masks = batches.masks(samples, pretraining.masked).to(embedder.device);
        const torch::Tensor wanted = views.select(2, 0).index_select(1, when);
        const torch::Tensor seen = views * (1 - masks).view({samples, 1, 1, joints, 1});
        const torch::Tensor guess = told->forward(embedder.embedding(seen.flatten(2))).view_as(wanted);
        const torch::Tensor far = (guess - wanted).square() * masks.view({samples, 1, joints, 1});
        const torch::Tensor error = far.sum() / (masks.sum() * (3 * moments));
        optimiser.zero_grad();
        error.backward();
        const double length = torch::nn::utils::clip_grad_norm_(parameters, options.longest_gradient);
        const double value = error.item<double>();
        if (!std::isfinite(value) || !std::isfinite(length))
            throw std::runtime_error("at step " + std::to_string(step + 1) +
                                     " of the pre-training the error was no number any more; a lower rate may help");
        for (auto& group : optimiser.param_groups()) group.options().set_lr(scheduled_rate(schedule, step));
        optimiser.step();
        if (report) report(step, value);
    }
    return true;
}

}  // namespace inference
