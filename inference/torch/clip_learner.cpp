#include "inference/torch/clip_learner.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "inference/torch/torch_support.h"
#include "inference/torch/trained_clip_network.h"

namespace inference {

namespace {

using Parameters = std::vector<torch::Tensor>;

// Matrices decay, biases and the scales of normalisations do not.
bool is_matrix(const torch::Tensor& parameter) { return parameter.dim() > 1; }

template <class Optimiser, class Options>
std::unique_ptr<torch::optim::Optimizer> made(const Parameters& parameters, const LearningOptions& options,
                                              Options of_all) {
    Parameters matrices, others;
    for (const torch::Tensor& parameter : parameters)
        (is_matrix(parameter) ? matrices : others).push_back(parameter);
    std::vector<torch::optim::OptimizerParamGroup> groups;
    groups.emplace_back(matrices, std::make_unique<Options>(of_all.weight_decay(options.decay)));
    groups.emplace_back(others, std::make_unique<Options>(of_all.weight_decay(0)));
    return std::make_unique<Optimiser>(groups, of_all);
}

std::unique_ptr<torch::optim::Optimizer> optimiser_for(const Parameters& parameters, const LearningOptions& options) {
    using namespace torch::optim;
    switch (options.descent) {
        case Descent::adamw: return made<AdamW>(parameters, options, AdamWOptions(options.rate));
        case Descent::adam: return made<Adam>(parameters, options, AdamOptions(options.rate));
        case Descent::sgd: return made<SGD>(parameters, options, SGDOptions(options.rate).momentum(0.9).nesterov(true));
        case Descent::rmsprop: return made<RMSprop>(parameters, options, RMSpropOptions(options.rate));
    }
    throw std::logic_error("an optimiser without a name");
}

void set_rate(torch::optim::Optimizer& optimiser, double rate) {
    for (torch::optim::OptimizerParamGroup& group : optimiser.param_groups()) group.options().set_lr(rate);
}

// LibTorch's own threads for as long as it lives.
class Threads {
public:
    explicit Threads(int count) : before_(torch::get_num_threads()) { torch::set_num_threads(count); }
    ~Threads() { torch::set_num_threads(before_); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

private:
    int before_;
};

class ClipRun {
public:
    ClipRun(const MotionSet& motions, const TrainingSet& set, const MakeClipNetwork& make, const ClipShape& shape,
            const LearningOptions& options, std::uint64_t seed, torch::Device device)
        : motions_(motions),
          set_(set),
          options_(options),
          make_(make),
          shape_(shape),
          device_(device),
          random_(seed),
          curriculum_(set, options, random_) {
        torch::manual_seed(random_.bits());
        network_ = make(shape);
        average_ = make(shape);
        network_->to(device);
        average_->to(device);
        copy_weights(*network_, *average_);
        optimiser_ = optimiser_for(network_->parameters(), options);
    }

    bool all(const StepReport& report, const std::stop_token& stop) {
        for (step_ = 0; step_ < options_.steps; ++step_) {
            if (stop.stop_requested()) return false;
            const BatchLoss loss = one();
            if (report) report(step_, loss, [&] { return kept(copied(*average_)); });
        }
        return true;
    }

    Training result() { return {kept(average_), curriculum_.late_losses()}; }

private:
    [[nodiscard]] std::shared_ptr<const TrainedNetwork> kept(std::shared_ptr<ClipNetwork> network) const {
        return std::make_shared<TrainedClipNetwork>(std::move(network), shape_);
    }
    [[nodiscard]] std::shared_ptr<ClipNetwork> copied(const ClipNetwork& network) const {
        auto copy = make_(shape_);
        copy->to(device_);
        copy_weights(network, *copy);
        return copy;
    }

    torch::Tensor views_of(const std::vector<std::size_t>& batch) {
        const auto frames = static_cast<std::int64_t>(network_->frames());
        const auto values = static_cast<std::int64_t>(motions_.features());
        torch::Tensor features = torch::empty({static_cast<std::int64_t>(batch.size()), frames, values});
        const auto stride = static_cast<std::size_t>(frames * values);
        const std::span<float> rows(features.data_ptr<float>(), batch.size() * stride);
        for (std::size_t i = 0; i < batch.size(); ++i)
            motions_.draw(set_.samples[batch[i]], network_->frames(), options_.weak, random_,
                          rows.subspan(i * stride, stride));
        return channels_from(features.to(device_), static_cast<std::int64_t>(motions_.layout().size()));
    }

    // The loss over classes has its own gradient; what the network adds is differentiated by LibTorch.
    void backward(const ClipOutput& output, const BatchLoss& loss) {
        torch::Tensor slope = torch::from_blob(const_cast<float*>(loss.gradient.data()), output.logits.sizes());
        torch::Tensor whole = (output.logits * slope.to(device_)).sum();
        if (output.extra_loss.defined()) whole = whole + output.extra_loss;
        if (options_.l1 > 0)
            for (const torch::Tensor& parameter : network_->parameters())
                if (is_matrix(parameter)) whole = whole + options_.l1 * parameter.abs().sum();
        whole.backward();
    }

    BatchLoss one() {
        const std::vector<std::size_t> batch = curriculum_.batch();
        network_->train();
        optimiser_->zero_grad();
        const ClipOutput output = network_->forward(views_of(batch));
        const torch::Tensor logits = output.logits.detach().cpu().contiguous();
        BatchLoss loss = curriculum_.loss(
            step_, {logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())}, batch);
        backward(output, loss);
        const double length = torch::nn::utils::clip_grad_norm_(network_->parameters(), options_.longest_gradient);
        if (!std::isfinite(length)) return loss;  // nothing is learnt from this batch
        set_rate(*optimiser_, curriculum_.rate(step_));
        optimiser_->step();
        follow(*network_, *average_, std::min(options_.average_decay, (step_ + 1.0) / (step_ + 10.0)));
        return loss;
    }

    const MotionSet& motions_;
    const TrainingSet& set_;
    const LearningOptions& options_;
    const MakeClipNetwork& make_;
    const ClipShape& shape_;
    torch::Device device_;
    Random random_;
    Curriculum curriculum_;
    std::shared_ptr<ClipNetwork> network_, average_;
    std::unique_ptr<torch::optim::Optimizer> optimiser_;
    int step_ = 0;
};

class ClipLearner final : public Learner {
public:
    ClipLearner(MakeClipNetwork make, ClipShape shape, torch::Device device)
        : make_(std::move(make)), shape_(std::move(shape)), device_(device) {}

    [[nodiscard]] std::optional<Training> train(const MotionSet& motions, const TrainingSet& set,
                                                const LearningOptions& options, std::uint64_t seed,
                                                const StepReport& report, const std::stop_token& stop) const override {
        const Threads scope(options.threads);
        ClipRun run(motions, set, make_, shape_, options, seed, device_);
        if (!run.all(report, stop)) return std::nullopt;
        return run.result();
    }

private:
    MakeClipNetwork make_;
    ClipShape shape_;
    torch::Device device_;
};

}  // namespace

torch::Tensor channels_from(const torch::Tensor& motions, std::int64_t joints) {
    const std::int64_t samples = motions.size(0);
    const std::int64_t frames = motions.size(1);
    return motions.view({samples, frames, 3, joints, 3})
        .permute({0, 2, 4, 1, 3})
        .reshape({samples, feature_channels, frames, joints});
}

std::unique_ptr<Learner> clip_learner(MakeClipNetwork make, ClipShape shape, torch::Device device) {
    return std::make_unique<ClipLearner>(std::move(make), std::move(shape), device);
}

}  // namespace inference
