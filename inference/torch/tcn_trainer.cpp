#include "inference/torch/tcn_trainer.h"

#include <algorithm>
#include <cmath>

#include "inference/parallel.h"
#include "inference/torch/drawn_batch.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_tcn.h"

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
    Optimiser(TcnNetwork& network, const LearningOptions& options)
        : options_(options), decays_(network.decays()), first_(decays_.size()), second_(decays_.size()) {}

    // `length` is that of the gradient.
    void step(torch::Tensor& weights, const torch::Tensor& gradient, double length, double rate) {
        ++steps_;
        const torch::Tensor slopes = gradient.cpu().contiguous();
        torch::Tensor changed = weights.cpu();  // the same memory on the processor
        const AdamStep step{static_cast<float>(clipping(length)), static_cast<float>(rate * options_.decay),
                            static_cast<float>(rate / (1 - std::pow(0.9, steps_))),
                            static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, steps_)))};
        step_weights(changed.data_ptr<float>(), first_.data(), second_.data(), slopes.data_ptr<float>(), decays_.data(),
                     decays_.size(), step);
        if (!weights.is_cpu()) weights.copy_(changed);
    }

    void add_to(TrainingState& state) const {
        state["first"] = torch::tensor(first_, torch::kFloat);
        state["second"] = torch::tensor(second_, torch::kFloat);
    }
    void go_on_from(const TrainingState& state, int steps) {
        copy_part(state, "first", torch::from_blob(first_.data(), {static_cast<std::int64_t>(first_.size())}));
        copy_part(state, "second", torch::from_blob(second_.data(), {static_cast<std::int64_t>(second_.size())}));
        steps_ = steps;
    }

private:
    [[nodiscard]] double clipping(double length) const {
        return std::min(1.0, options_.longest_gradient / (length + 1e-6));
    }

    const LearningOptions& options_;
    std::vector<float> decays_, first_, second_;
    int steps_ = 0;
};

void follow(torch::Tensor& average, const torch::Tensor& value, double decay) {
    average.mul_(decay).add_(value, 1 - decay);
}

void copy_state(TcnNetwork& from, TcnNetwork& to) {
    to.flat().copy_(from.flat());
    to.running_mean.copy_(from.running_mean);
    to.running_variance.copy_(from.running_variance);
}

void add(TrainingState& state, const std::string& name, const TcnNetwork& network) {
    state[name] = network.flat().detach().cpu().clone();
    state[name + "_mean"] = network.running_mean.cpu().clone();
    state[name + "_variance"] = network.running_variance.cpu().clone();
}

void go_on_from(const TrainingState& state, const std::string& name, TcnNetwork& network) {
    copy_part(state, name, network.flat());
    copy_part(state, name + "_mean", network.running_mean);
    copy_part(state, name + "_variance", network.running_variance);
}

NamedTensors tensors_of(const TcnNetwork& network) {
    NamedTensors tensors{{"running_mean", network.running_mean}, {"running_variance", network.running_variance}};
    const std::vector<torch::Tensor> views = network.views();
    for (std::size_t i = 0; i < views.size(); ++i) tensors[network.names()[i]] = views[i];
    return tensors;
}

TcnNetwork begun(const TcnShape& shape, Random& random, const NamedTensors& start) {
    TcnNetwork network(shape, random);
    begin_with(start, tensors_of(network));
    return network;
}

class Run final : public TrainingAtWork {
public:
    Run(const MotionSet& motions, const TrainingSet& set, const TcnShape& shape, const NamedTensors& start,
        const LearningOptions& options, std::uint64_t seed, const Place& place)
        : motions_(motions),
          set_(set),
          options_(options),
          place_(place),
          random_(seed),
          network_(begun(shape, random_, start)),
          average_(network_.copy()),
          before_(network_.copy()),
          optimiser_(network_, options),
          curriculum_(set, options, random_) {
        network_.to(place.device);
        average_.to(place.device);
        before_.to(place.device);
    }

    void go_on(const TrainingState& before) {
        step_ = step_of(before);
        go_on_from(before, random_);
        go_on_from(before, curriculum_);
        go_on_from(before, "network", network_);
        go_on_from(before, "average", average_);
        go_on_from(before, "before", before_);
        optimiser_.go_on_from(before, step_);
    }

    [[nodiscard]] std::shared_ptr<const TrainedNetwork> average() const override {
        return std::make_shared<TrainedTcn>(average_.copy());
    }
    [[nodiscard]] TrainingState state() const override {
        TrainingState state;
        add_step(state, step_ + 1);
        add(state, random_);
        add(state, curriculum_);
        add(state, "network", network_);
        add(state, "average", average_);
        add(state, "before", before_);
        optimiser_.add_to(state);
        return state;
    }

    bool all(const StepReport& report, const std::stop_token& stop) {
        for (; step_ < options_.steps; ++step_) {
            if (is_stopped(place_, stop)) return false;
            const BatchLoss loss = one();
            if (broken_) return true;
            if (report) report(step_, loss, *this);
        }
        return true;
    }

    Training result() {
        return {std::make_shared<TrainedTcn>(std::move(broken_ ? before_ : average_)), curriculum_.late_losses(),
                broken_};
    }

private:
    torch::Tensor features_of(const std::vector<std::size_t>& batch) {
        return drawn_batch(motions_, set_, batch, network_.shape().frames, options_.weak, random_).to(place_.device);
    }

    std::vector<torch::Tensor> dropout_masks(std::int64_t rows) {
        const TcnShape& shape = network_.shape();
        std::vector<torch::Tensor> masks;
        const auto add = [&](const torch::Tensor& mask, double probability) {
            random_.dropout_mask({mask.data_ptr<float>(), static_cast<std::size_t>(mask.numel())}, probability);
            masks.push_back(mask.to(place_.device));
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

    // Forward in parts, the loss over the whole batch, backward in parts. Every process knows the whole batch and works
    // on its rows of it.
    torch::Tensor gradient(const torch::Tensor& features, const std::vector<torch::Tensor>& masks,
                           const std::function<std::vector<float>(std::span<const float> logits)>& by_logits) const {
        const std::int64_t rows = features.size(0);
        const auto [first, last] = own_rows(place_, rows);
        const int threads = place_.device.is_cpu() ? std::min(options_.threads, static_cast<int>(last - first)) : 1;
        std::vector<Part> parts(static_cast<std::size_t>(threads));
        const auto rows_of = [&, first = first, last = last](std::size_t part) {
            const auto [begin, end] = shard(last - first, static_cast<std::int64_t>(part), threads);
            return std::pair(first + begin, first + end);
        };
        for_each_index(parts.size(), threads, {},
                       [&](std::size_t part) { forward(parts[part], features, masks, rows_of(part)); });
        std::vector<torch::Tensor> logits_of_parts;
        for (const Part& part : parts) logits_of_parts.push_back(part.logits.detach());
        torch::Tensor logits = torch::cat(logits_of_parts).cpu().contiguous();
        if (place_.group != nullptr) logits = place_.group->joined(logits, rows);
        std::vector<float> slopes = by_logits({logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())});
        const torch::Tensor by = torch::from_blob(slopes.data(), logits.sizes()).to(place_.device);
        for_each_index(parts.size(), threads, {}, [&](std::size_t part) {
            const auto [begin, end] = rows_of(part);
            backward(parts[part], by.slice(0, begin, end));
        });
        for (std::size_t part = 1; part < parts.size(); ++part) parts[0].gradient.add_(parts[part].gradient);
        if (place_.group != nullptr) place_.group->sum(parts[0].gradient);
        return parts[0].gradient;
    }

    BatchLoss one() {
        const std::vector<std::size_t> batch = curriculum_.batch();
        const torch::Tensor features = network_.normalised_in_training(features_of(batch));
        BatchLoss loss;
        std::size_t worst = 0;
        const torch::Tensor slope =
            gradient(features, dropout_masks(features.size(0)), [&](std::span<const float> logits) {
                loss = curriculum_.loss(step_, logits, batch);
                worst = least_sound_row(logits, set_.classes);
                return loss.gradient;
            });
        const double length = slope.norm().item<double>();
        if (!std::isfinite(loss.total) || !std::isfinite(length)) {
            broken_ = {step_, set_.samples[batch[worst]]};
            return loss;
        }
        optimiser_.step(network_.flat(), slope, length, curriculum_.rate(step_));
        copy_state(average_, before_);
        const double decay = std::min(options_.average_decay, (step_ + 1.0) / (step_ + 10.0));
        follow(average_.flat(), network_.flat(), decay);
        follow(average_.running_mean, network_.running_mean, decay);
        follow(average_.running_variance, network_.running_variance, decay);
        return loss;
    }

    const MotionSet& motions_;
    const TrainingSet& set_;
    const LearningOptions& options_;
    Place place_;
    Random random_;
    TcnNetwork network_;
    TcnNetwork average_;
    TcnNetwork before_;  // the average without the last step, whose loss nobody has seen yet
    Optimiser optimiser_;
    Curriculum curriculum_;
    int step_ = 0;
    std::optional<Breakdown> broken_;
};

class TcnLearner final : public Learner {
public:
    TcnLearner(const TcnShape& shape, const Place& place) : shape_(shape), place_(place) {}

    std::vector<std::string> start_from(const StartingWeights& weights) override {
        Random random(0);
        StartingPoint start = starting_point(weights, tensors_of(TcnNetwork(shape_, random)));
        start_ = std::move(start.tensors);
        return start.notes;
    }

    [[nodiscard]] std::optional<Training> train(const MotionSet& motions, const TrainingSet& set,
                                                const LearningOptions& options, std::uint64_t seed,
                                                const StepReport& report, const TrainingState* before,
                                                const std::stop_token& stop) const override {
        const SingleThreaded scope;
        Run run(motions, set, shape_, start_, options, seed, place_);
        if (before != nullptr) run.go_on(*before);
        if (!run.all(report, stop)) return std::nullopt;
        return run.result();
    }

private:
    TcnShape shape_;
    Place place_;
    NamedTensors start_;
};

}  // namespace

std::unique_ptr<Learner> tcn_learner(const TcnShape& shape, const Place& place) {
    return std::make_unique<TcnLearner>(shape, place);
}

}  // namespace inference
