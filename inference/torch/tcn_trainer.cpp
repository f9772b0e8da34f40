#include "inference/torch/tcn_trainer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "inference/hard_examples.h"
#include "inference/parallel.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

// What one step of AdamW (Loshchilov and Hutter 2019) does to every weight.
struct AdamStep {
    float slope_scale;  // clips the gradient
    float decay;
    float size;
    float correction;  // of the second moment
};

KINETOGRAPH_VECTORISED void step_weights(float* __restrict weights, float* __restrict first, float* __restrict second,
                                         const float* __restrict gradient, const float* __restrict decays,
                                         std::size_t count, const AdamStep step) {
    for (std::size_t i = 0; i < count; ++i) {
        const float slope = step.slope_scale * gradient[i];
        first[i] += 0.1F * (slope - first[i]);
        second[i] += 0.001F * (slope * slope - second[i]);
        weights[i] -= step.decay * decays[i] * weights[i] +
                      step.size * first[i] / (std::sqrt(second[i]) * step.correction + 1e-8F);
    }
}

// Over flat weights.
class Optimiser {
public:
    Optimiser(TcnNetwork& network, const TcnOptions& options)
        : options_(options), decays_(network.decays()), first_(decays_.size()), second_(decays_.size()) {}

    void step(torch::Tensor& weights, const torch::Tensor& gradient, double rate) {
        ++steps_;
        const torch::Tensor slopes = gradient.cpu().contiguous();
        torch::Tensor changed = weights.cpu();  // the same memory on the processor
        const AdamStep step{static_cast<float>(clipping(gradient)), static_cast<float>(rate * options_.decay),
                            static_cast<float>(rate / (1 - std::pow(0.9, steps_))),
                            static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, steps_)))};
        step_weights(changed.data_ptr<float>(), first_.data(), second_.data(), slopes.data_ptr<float>(), decays_.data(),
                     decays_.size(), step);
        if (!weights.is_cpu()) weights.copy_(changed);
    }

private:
    [[nodiscard]] double clipping(const torch::Tensor& gradient) const {
        const double length = gradient.norm().item<double>();
        return std::isfinite(length) ? std::min(1.0, options_.longest_gradient / (length + 1e-6)) : 0.0;
    }

    const TcnOptions& options_;
    std::vector<float> decays_, first_, second_;
    int steps_ = 0;
};

// [begin, end) of the part of `count` rows that a thread works on.
std::pair<std::int64_t, std::int64_t> shard(std::int64_t count, std::size_t part, std::size_t parts) {
    const auto of = static_cast<std::int64_t>(parts);
    const auto number = static_cast<std::int64_t>(part);
    return {count * number / of, count * (number + 1) / of};
}

void follow(torch::Tensor& average, const torch::Tensor& value, double decay) {
    average.mul_(decay).add_(value, 1 - decay);
}

// Which examples come next.
class Draw {
public:
    Draw(const TrainingSet& set, Random& random) : set_(set), random_(random) {
        double sum = 0;
        for (const float weight : set.weights) sums_.push_back(sum += static_cast<double>(weight));
    }

    std::vector<std::size_t> batch(std::size_t count) {
        std::vector<std::size_t> examples;
        while (examples.size() < count) examples.push_back(set_.drawing == Drawing::in_turn ? in_turn() : by_weight());
        return examples;
    }

private:
    std::size_t in_turn() {
        if (queue_.empty()) queue_ = random_.permutation(set_.samples.size());
        const std::size_t example = queue_.back();
        queue_.pop_back();
        return example;
    }
    std::size_t by_weight() {
        const auto found = std::ranges::upper_bound(sums_, random_.uniform(0, sums_.back()));
        return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
    }

    const TrainingSet& set_;
    Random& random_;
    std::vector<double> sums_;
    std::vector<std::size_t> queue_;
};

class Run {
public:
    Run(const MotionSet& motions, const TrainingSet& set, const TcnShape& shape, const TcnOptions& options,
        std::uint64_t seed, torch::Device device)
        : motions_(motions),
          set_(set),
          options_(options),
          device_(device),
          random_(seed),
          network_(shape, random_),
          average_(network_.copy()),
          optimiser_(network_, options),
          draw_(set, random_),
          loss_sums_(set.samples.size()),
          loss_counts_(set.samples.size()) {
        network_.to(device);
        average_.to(device);
    }

    bool all(const StepReport& report, const std::stop_token& stop) {
        for (step_ = 0; step_ < options_.steps; ++step_) {
            if (stop.stop_requested()) return false;
            const BatchLoss loss = one();
            if (report) report(step_, loss, average_);
        }
        return true;
    }

    TcnTraining result() {
        std::vector<float> late(loss_sums_.size());
        for (std::size_t i = 0; i < late.size(); ++i)
            late[i] = loss_counts_[i] == 0 ? 0.0F : loss_sums_[i] / static_cast<float>(loss_counts_[i]);
        return {std::move(average_), std::move(late)};
    }

private:
    [[nodiscard]] double rate() const {
        const double done = static_cast<double>(step_) / options_.steps;
        if (done < options_.warm_up)
            return options_.rate * std::min(1.0, (step_ + 1) / (options_.warm_up * options_.steps));
        return options_.rate * 0.5 *
               (1 + std::cos(std::numbers::pi * (done - options_.warm_up) / (1 - options_.warm_up)));
    }

    torch::Tensor features_of(const std::vector<std::size_t>& batch) {
        const TcnShape& shape = network_.shape();
        torch::Tensor features =
            torch::empty({static_cast<std::int64_t>(batch.size()), shape.frames, shape.features()});
        const auto stride = static_cast<std::size_t>(shape.frames * shape.features());
        const std::span<float> values(features.data_ptr<float>(), batch.size() * stride);
        for (std::size_t i = 0; i < batch.size(); ++i)
            motions_.draw(set_.samples[batch[i]], shape.frames, options_.weak, random_,
                          values.subspan(i * stride, stride));
        return features.to(device_);
    }

    std::vector<torch::Tensor> dropout_masks(std::int64_t rows) {
        const TcnShape& shape = network_.shape();
        std::vector<torch::Tensor> masks;
        const auto add = [&](const torch::Tensor& mask, double probability) {
            random_.dropout_mask({mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel())}, probability);
            masks.push_back(mask.to(device_));
        };
        for (int layer = 0; layer < shape.layers; ++layer)
            add(torch::empty({rows, shape.width, shape.frames}), options_.layer_dropout);
        add(torch::empty({rows, std::int64_t{2} * shape.width}), options_.embedding_dropout);
        return masks;
    }

    // The part of a batch that one thread computes.
    struct Part {
        std::vector<torch::Tensor> weights;
        torch::Tensor logits;
        torch::Tensor gradient;
    };

    void forward(Part& part, const torch::Tensor& features, const std::vector<torch::Tensor>& masks,
                 std::pair<std::int64_t, std::int64_t> rows) const {
        torch::set_num_threads(1);  // OpenMP keeps it for each thread
        std::vector<torch::Tensor> own;
        for (const torch::Tensor& mask : masks) own.push_back(mask.slice(0, rows.first, rows.second));
        for (const torch::Tensor& view : network_.views()) part.weights.push_back(view.detach().requires_grad_());
        part.logits = network_.forward(features.slice(0, rows.first, rows.second), part.weights, own).logits;
    }

    static void backward(Part& part, const torch::Tensor& by_logits) {
        torch::set_num_threads(1);
        std::vector<torch::Tensor> pieces;
        for (const torch::Tensor& piece : torch::autograd::grad({part.logits}, part.weights, {by_logits}))
            pieces.push_back(piece.reshape({-1}));
        part.gradient = torch::cat(pieces);
    }

    // Forward in parts, the loss over the whole batch, backward in parts.
    torch::Tensor gradient(const torch::Tensor& features, const std::vector<torch::Tensor>& masks,
                           const std::function<std::vector<float>(std::span<const float> logits)>& by_logits) const {
        const std::int64_t rows = features.size(0);
        const int threads = device_.is_cpu() ? std::min(options_.threads, static_cast<int>(rows)) : 1;
        std::vector<Part> parts(static_cast<std::size_t>(threads));
        for_each_index(parts.size(), threads, {}, [&](std::size_t part) {
            forward(parts[part], features, masks, shard(rows, part, parts.size()));
        });
        std::vector<torch::Tensor> logits_of_parts;
        for (const Part& part : parts) logits_of_parts.push_back(part.logits.detach());
        const torch::Tensor logits = torch::cat(logits_of_parts).cpu().contiguous();
        std::vector<float> slopes = by_logits({logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())});
        const torch::Tensor by = torch::from_blob(slopes.data(), logits.sizes()).to(device_);
        for_each_index(parts.size(), threads, {}, [&](std::size_t part) {
            const auto [begin, end] = shard(rows, part, parts.size());
            backward(parts[part], by.slice(0, begin, end));
        });
        for (std::size_t part = 1; part < parts.size(); ++part) parts[0].gradient.add_(parts[part].gradient);
        return parts[0].gradient;
    }

    [[nodiscard]] std::vector<std::size_t> learnt_from(std::span<const float> losses) const {
        if (step_ > options_.ohem_from * options_.steps && options_.ohem_keep < 1)
            return hardest(losses, {.keep = options_.ohem_keep, .suspicious = 0}).kept;
        std::vector<std::size_t> all(losses.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        return all;
    }

    void remember(const std::vector<std::size_t>& batch, std::span<const float> losses) {
        if (step_ < options_.steps * 4 / 5) return;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            loss_sums_[batch[i]] += losses[i];
            ++loss_counts_[batch[i]];
        }
    }

    BatchLoss loss_of(std::span<const float> logits, const std::vector<std::size_t>& batch) {
        const int classes = network_.shape().classes;
        const auto width = static_cast<std::ptrdiff_t>(classes);
        std::vector<float> targets;
        std::vector<float> weights;
        for (const std::size_t example : batch) {
            const auto row = set_.targets.begin() + static_cast<std::ptrdiff_t>(example) * width;
            targets.insert(targets.end(), row, row + width);
            weights.push_back(set_.drawing == Drawing::in_turn ? set_.weights[example] : 1.0F);
        }
        const std::vector<float> losses = cross_entropies(logits, targets, classes, options_.loss.label_smoothing);
        remember(batch, losses);
        return dice_cross_entropy(logits, targets, classes, weights, learnt_from(losses), options_.loss);
    }

    BatchLoss one() {
        const std::vector<std::size_t> batch = draw_.batch(static_cast<std::size_t>(options_.batch));
        const torch::Tensor features = network_.normalised_in_training(features_of(batch));
        BatchLoss loss;
        const torch::Tensor slope =
            gradient(features, dropout_masks(features.size(0)), [&](std::span<const float> logits) {
                loss = loss_of(logits, batch);
                return loss.gradient;
            });
        optimiser_.step(network_.flat(), slope, rate());
        const double decay = std::min(options_.average_decay, (step_ + 1.0) / (step_ + 10.0));
        follow(average_.flat(), network_.flat(), decay);
        follow(average_.running_mean, network_.running_mean, decay);
        follow(average_.running_variance, network_.running_variance, decay);
        return loss;
    }

    const MotionSet& motions_;
    const TrainingSet& set_;
    const TcnOptions& options_;
    torch::Device device_;
    Random random_;
    TcnNetwork network_;
    TcnNetwork average_;
    Optimiser optimiser_;
    Draw draw_;
    int step_ = 0;
    std::vector<float> loss_sums_;
    std::vector<int> loss_counts_;
};

}  // namespace

std::optional<TcnTraining> train_tcn(const MotionSet& motions, const TrainingSet& set, const TcnShape& shape,
                                     const TcnOptions& options, std::uint64_t seed, torch::Device device,
                                     const StepReport& report, std::stop_token stop) {
    const SingleThreaded scope;
    Run run(motions, set, shape, options, seed, device);
    if (!run.all(report, stop)) return std::nullopt;
    return run.result();
}

}  // namespace inference
