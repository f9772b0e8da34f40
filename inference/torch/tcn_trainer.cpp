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

constexpr int steps_a_report = 10;

// AdamW (Loshchilov and Hutter 2019) and the moving average, over flat weights.
class Optimiser {
public:
    Optimiser(TcnNetwork& network, const TcnOptions& options)
        : options_(options), decays_(network.decays()), first_(decays_.size()), second_(decays_.size()) {}

    void step(torch::Tensor& weights, const torch::Tensor& gradient, double rate) {
        ++steps_;
        const auto* g = gradient.data_ptr<float>();
        auto* w = weights.data_ptr<float>();
        const auto scale = static_cast<float>(clipping(gradient));
        const auto decay = static_cast<float>(rate * options_.decay);
        const auto size = static_cast<float>(rate / (1 - std::pow(0.9, steps_)));
        const auto correction = static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, steps_)));
        for (std::size_t i = 0; i < decays_.size(); ++i) {
            const float slope = scale * g[i];
            first_[i] += 0.1F * (slope - first_[i]);
            second_[i] += 0.001F * (slope * slope - second_[i]);
            w[i] -= decay * decays_[i] * w[i] + size * first_[i] / (std::sqrt(second_[i]) * correction + 1e-8F);
        }
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

void follow(torch::Tensor& average, const torch::Tensor& value, double decay) {
    average.mul_(decay).add_(value, 1 - decay);
}

class Run {
public:
    Run(const TrainingSet& set, const TcnShape& shape, const TcnOptions& options, std::uint64_t seed,
        torch::Device device)
        : set_(set),
          options_(options),
          device_(device),
          random_(seed),
          network_(shape, random_),
          average_(network_.copy()),
          optimiser_(network_, options),
          loss_sums_(set.labels.size()),
          loss_counts_(set.labels.size()) {
        for (std::size_t i = 0; i < set.labels.size(); ++i)
            if (set.labels[i] >= 0) labelled_.push_back(i);
    }

    bool all(const std::function<void(const TrainProgress&)>& progress, const std::stop_token& stop) {
        for (step_ = 0; step_ < options_.steps; ++step_) {
            if (stop.stop_requested()) return false;
            const TrainProgress done = one();
            if ((step_ + 1) % steps_a_report != 0 && step_ + 1 != options_.steps) continue;
            curve_.push_back(done);
            if (progress) progress(done);
        }
        return true;
    }

    TcnTraining result() {
        std::vector<float> late(loss_sums_.size());
        for (std::size_t i = 0; i < late.size(); ++i)
            late[i] = loss_counts_[i] == 0 ? 0.0F : loss_sums_[i] / static_cast<float>(loss_counts_[i]);
        return {std::move(average_), std::move(curve_), std::move(late)};
    }

private:
    [[nodiscard]] double rate() const {
        const double done = static_cast<double>(step_) / options_.steps;
        if (done < options_.warm_up)
            return options_.rate * std::min(1.0, (step_ + 1) / (options_.warm_up * options_.steps));
        return options_.rate * 0.5 *
               (1 + std::cos(std::numbers::pi * (done - options_.warm_up) / (1 - options_.warm_up)));
    }

    std::vector<std::size_t> next_batch() {
        std::vector<std::size_t> batch;
        while (batch.size() < static_cast<std::size_t>(options_.batch)) {
            if (queue_.empty()) {
                for (const std::size_t place : random_.permutation(labelled_.size()))
                    queue_.push_back(labelled_[place]);
                std::ranges::reverse(queue_);
            }
            batch.push_back(queue_.back());
            queue_.pop_back();
        }
        return batch;
    }

    // Every sample has random numbers of its own, so that threads may draw in any order.
    torch::Tensor drawn(const std::vector<std::size_t>& batch, const Augmentation& augmentation) {
        const int frames = network_.shape().frames;
        const std::size_t stride = static_cast<std::size_t>(frames) * set_.motions.features();
        torch::Tensor features =
            torch::empty({static_cast<std::int64_t>(batch.size()), frames, network_.shape().features()});
        std::span<float> values(features.data_ptr<float>(), batch.size() * stride);
        for (std::size_t i = 0; i < batch.size(); ++i)
            set_.motions.draw(batch[i], frames, augmentation, random_, values.subspan(i * stride, stride));
        return features.to(device_);
    }

    std::vector<torch::Tensor> masks(std::int64_t rows) {
        const TcnShape& shape = network_.shape();
        std::vector<torch::Tensor> masks;
        const auto add = [&](torch::Tensor mask, double probability) {
            random_.dropout_mask({mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel())}, probability);
            masks.push_back(mask.to(device_));
        };
        for (int layer = 0; layer < shape.layers; ++layer)
            add(torch::empty({rows, shape.frames, shape.width}), options_.layer_dropout);
        add(torch::empty({rows, std::int64_t{2} * shape.width}), options_.embedding_dropout);
        return masks;
    }

    struct Part {
        std::vector<torch::Tensor> weights;
        torch::Tensor logits;
    };

    // Forward, loss over the whole batch, backward; the gradient by the flat weights.
    torch::Tensor gradient(const torch::Tensor& normalised, const std::vector<torch::Tensor>& dropout,
                           const std::function<std::vector<float>(std::span<const float> logits)>& by_logits) {
        const std::int64_t rows = normalised.size(0);
        const int parts = device_.is_cpu() ? std::min(options_.threads, static_cast<int>(rows)) : 1;
        std::vector<Part> of_part(static_cast<std::size_t>(parts));
        for_each_index(of_part.size(), parts, {}, [&](std::size_t part) {
            const auto [begin, end] = shard(rows, static_cast<int>(part), parts);
            std::vector<torch::Tensor> own;
            for (const torch::Tensor& mask : dropout) own.push_back(mask.slice(0, begin, end));
            for (const torch::Tensor& view : network_.views())
                of_part[part].weights.push_back(view.detach().requires_grad_());
            of_part[part].logits = network_.forward(normalised.slice(0, begin, end), of_part[part].weights, own).logits;
        });
        torch::Tensor logits = torch::empty({rows, network_.shape().classes});
        for (int part = 0; part < parts; ++part) {
            const auto [begin, end] = shard(rows, part, parts);
            logits.slice(0, begin, end).copy_(of_part[static_cast<std::size_t>(part)].logits.detach());
        }
        const std::vector<float> slopes =
            by_logits({logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())});
        const torch::Tensor by = torch::from_blob(const_cast<float*>(slopes.data()), logits.sizes()).to(device_);
        std::vector<torch::Tensor> gradients(of_part.size());
        for_each_index(of_part.size(), parts, {}, [&](std::size_t part) {
            const auto [begin, end] = shard(rows, static_cast<int>(part), parts);
            std::vector<torch::Tensor> pieces;
            for (const torch::Tensor& piece :
                 torch::autograd::grad({of_part[part].logits}, of_part[part].weights, {by.slice(0, begin, end)}))
                pieces.push_back(piece.reshape({-1}));
            gradients[part] = torch::cat(pieces);
        });
        for (std::size_t part = 1; part < gradients.size(); ++part) gradients[0].add_(gradients[part]);
        return gradients[0];
    }

    [[nodiscard]] std::vector<float> targets(const std::vector<std::size_t>& batch) const {
        const auto classes = static_cast<std::size_t>(network_.shape().classes);
        std::vector<float> rows(batch.size() * classes);
        for (std::size_t i = 0; i < batch.size(); ++i)
            rows[i * classes + static_cast<std::size_t>(set_.labels[batch[i]])] = 1;
        return rows;
    }

    std::vector<std::size_t> learnt_from(std::span<const float> losses) const {
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

    BatchLoss labelled_loss(std::span<const float> logits, const std::vector<std::size_t>& batch) {
        const int classes = network_.shape().classes;
        const std::vector<float> wanted = targets(batch);
        std::vector<float> weights;
        for (const std::size_t sample : batch) weights.push_back(set_.weights[sample]);
        const std::vector<float> losses = cross_entropies(logits, wanted, classes, options_.loss.label_smoothing);
        remember(batch, losses);
        return dice_cross_entropy(logits, wanted, classes, weights, learnt_from(losses), options_.loss);
    }

    TrainProgress one() {
        const std::vector<std::size_t> batch = next_batch();
        const torch::Tensor features = network_.normalised_in_training(drawn(batch, options_.weak));
        BatchLoss loss;
        const torch::Tensor slope = gradient(features, masks(features.size(0)), [&](std::span<const float> logits) {
            loss = labelled_loss(logits, batch);
            return loss.gradient;
        });
        optimiser_.step(network_.flat(), slope, rate());
        const double decay = std::min(options_.average_decay, (step_ + 1.0) / (step_ + 10.0));
        follow(average_.flat(), network_.flat(), decay);
        follow(average_.running_mean, network_.running_mean, decay);
        follow(average_.running_variance, network_.running_variance, decay);
        return {step_ + 1,
                options_.steps,
                {{"total", loss.total}, {"dice", loss.dice}, {"cross_entropy", loss.cross_entropy}}};
    }

    const TrainingSet& set_;
    const TcnOptions& options_;
    torch::Device device_;
    Random random_;
    TcnNetwork network_;
    TcnNetwork average_;
    Optimiser optimiser_;
    int step_ = 0;
    std::vector<std::size_t> labelled_;
    std::vector<std::size_t> queue_;
    std::vector<float> loss_sums_;
    std::vector<int> loss_counts_;
    std::vector<TrainProgress> curve_;
};

}  // namespace

std::pair<std::int64_t, std::int64_t> shard(std::int64_t count, int part, int parts) {
    return {count * part / parts, count * (part + 1) / parts};
}

std::optional<TcnTraining> train_tcn(const TrainingSet& set, const TcnShape& shape, const TcnOptions& options,
                                     std::uint64_t seed, torch::Device device,
                                     const std::function<void(const TrainProgress&)>& progress, std::stop_token stop) {
    const SingleThreaded scope;
    Run run(set, shape, options, seed, device);
    if (!run.all(progress, stop)) return std::nullopt;
    return run.result();
}

}  // namespace inference
