#include "inference/torch/clip_learner.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <sstream>
#include <stdexcept>

#include "inference/torch/batch_norm.h"
#include "inference/torch/course.h"
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
    for (const torch::Tensor& parameter : parameters) (is_matrix(parameter) ? matrices : others).push_back(parameter);
    std::vector<torch::optim::OptimizerParamGroup> groups;
    groups.emplace_back(matrices, std::make_unique<Options>(of_all.weight_decay(options.decay)));
    groups.emplace_back(others, std::make_unique<Options>(of_all.weight_decay(0)));
    return std::make_unique<Optimiser>(groups, of_all);
}

std::unique_ptr<torch::optim::Optimizer> optimiser_for(const Parameters& parameters, const LearningOptions& options) {
    using namespace torch::optim;
    switch (options.descent) {
        case Descent::adamw:
            return made<AdamW>(parameters, options, AdamWOptions(options.rate));
        case Descent::adam:
            return made<Adam>(parameters, options, AdamOptions(options.rate));
        case Descent::sgd:
            return made<SGD>(parameters, options, SGDOptions(options.rate).momentum(0.9).nesterov(true));
        case Descent::rmsprop:
            return made<RMSprop>(parameters, options, RMSpropOptions(options.rate));
    }
    throw std::logic_error("an optimiser without a name");
}

void set_rate(torch::optim::Optimizer& optimiser, double rate) {
    for (torch::optim::OptimizerParamGroup& group : optimiser.param_groups()) group.options().set_lr(rate);
}

class ClipRun final : public TrainingAtWork {
public:
    ClipRun(const MotionSet& motions, const TrainingSet& set, const MakeClipNetwork& make, const ClipShape& shape,
            const LearningOptions& options, std::uint64_t seed, const Place& place)
        : joints_(static_cast<std::int64_t>(motions.layout().size())),
          set_(set),
          options_(options),
          make_(make),
          shape_(shape),
          place_(place),
          random_(seed),
          course_(motions, set, options, random_) {
        {
            // Networks draw their first weights from the one generator that LibTorch has.
            const std::scoped_lock lock(generator_in_use());
            torch::manual_seed(random_.bits());
            network_ = make(shape);
            if (options.beginning == Beginning::earlier_weights && place.warm != nullptr)
                fill_clip_network(*place.warm, *network_);
            average_ = network_to_fill(make, shape);
            before_ = network_to_fill(make, shape);
            if (place.group != nullptr) divide_among(*place.group, seed);
        }
        network_->to(place.device);
        average_->to(place.device);
        before_->to(place.device);
        copy_weights(*network_, *average_);
        copy_weights(*network_, *before_);
        optimiser_ = optimiser_for(network_->parameters(), options);
    }

    void go_on(const TrainingState& before) {
        step_ = step_of(before);
        go_on_from(before, random_);
        course_.go_on_from(before);
        if (std::ranges::any_of(before, [](const auto& part) { return part.first.starts_with("best."); }))
            best_ = copied(*average_);
        for (const auto& [name, network] : networks())
            for (auto& [part, tensor] : tensors_of(*network)) copy_part(before, name + "." + part, tensor);
        const torch::Tensor& moments = part_of(before, "optimiser", torch::kByte);
        std::istringstream stream(
            std::string(static_cast<const char*>(moments.data_ptr()), static_cast<std::size_t>(moments.numel())));
        torch::load(*optimiser_, stream);
        generator().set_state(part_of(before, "drawing", torch::kByte));
        if (has_ended(before)) step_ = options_.steps;
    }

    void keep_as_best() override { best_ = copied(*average_); }

    [[nodiscard]] std::shared_ptr<const TrainedNetwork> average() const override { return kept(copied(*average_)); }
    [[nodiscard]] TrainingState state() const override {
        TrainingState state;
        add_step(state, step_ + 1);
        add(state, random_);
        course_.add_to(state);
        for (const auto& [name, network] : networks())
            for (const auto& [part, tensor] : tensors_of(*network))
                state[name + "." + part] = tensor.detach().cpu().clone();
        std::ostringstream stream;
        torch::save(*optimiser_, stream);
        const std::string moments = stream.str();
        state["optimiser"] = torch::empty({static_cast<std::int64_t>(moments.size())}, torch::kByte);
        std::ranges::copy(moments, static_cast<char*>(state["optimiser"].data_ptr()));
        state["drawing"] = generator().get_state();
        return state;
    }

    bool all(const StepReport& report, const std::stop_token& stop) {
        for (; step_ < options_.steps; ++step_) {
            if (is_stopped(place_, stop)) return false;
            const BatchLoss loss = one();
            if (broken_) return true;
            if (report && is_to_end(place_, options_, report(step_, loss, *this))) break;
        }
        return true;
    }

    Training result() {
        return {kept(best_ != nullptr ? best_ : broken_ ? before_ : average_), course_.late_losses(), broken_};
    }

private:
    [[nodiscard]] std::vector<std::pair<std::string, const ClipNetwork*>> networks() const {
        std::vector<std::pair<std::string, const ClipNetwork*>> all{
            {"network", network_.get()}, {"average", average_.get()}, {"before", before_.get()}};
        if (best_ != nullptr) all.emplace_back("best", best_.get());
        return all;
    }
    // What units are dropped out is drawn by the one generator that LibTorch has on the device.
    [[nodiscard]] at::Generator generator() const { return at::globalContext().defaultGenerator(place_.device); }
    // Each process drops out units of its own rows, so it draws differently from now on.
    void divide_among(TensorGroup& group, std::uint64_t seed) {
        for (const auto& module : network_->modules())
            if (auto* norm = module->as<BatchNormImpl>()) norm->group = &group;
        torch::manual_seed(seed + static_cast<std::uint64_t>(group.rank()));
    }
    [[nodiscard]] std::shared_ptr<const TrainedNetwork> kept(std::shared_ptr<ClipNetwork> network) const {
        return std::make_shared<TrainedClipNetwork>(std::move(network), shape_, make_);
    }
    [[nodiscard]] std::shared_ptr<ClipNetwork> copied(const ClipNetwork& network) const {
        auto copy = network_to_fill(make_, shape_);
        copy->to(place_.device);
        copy_weights(network, *copy);
        return copy;
    }

    [[nodiscard]] torch::Tensor channels_of(const torch::Tensor& views) const {
        return channels_from(views.to(place_.device), joints_);
    }

    // What the average says, as a network that is asked and not trained.
    torch::Tensor said_by_teacher(const torch::Tensor& views) {
        const torch::NoGradGuard guard;
        const std::int64_t rows = views.size(0);
        const auto [first, last] = own_rows(place_, rows);
        average_->eval();
        torch::Tensor logits = average_->forward(channels_of(views.slice(0, first, last))).logits.cpu().contiguous();
        average_->train();
        return place_.group == nullptr ? logits : place_.group->joined(logits, rows);
    }

    // The loss over classes has its own gradient; what the network adds is differentiated by LibTorch. `share` is that
    // of the batch that `output` is about, from row `first` on.
    void backward(const ClipOutput& output, BatchLoss& loss, std::int64_t first, double share) {
        const torch::Tensor slope =
            torch::from_blob(loss.gradient.data() + first * output.logits.size(1), output.logits.sizes());
        torch::Tensor whole = (output.logits * slope.to(place_.device)).sum();
        if (output.extra_loss.defined()) whole = whole + share * output.extra_loss;
        if (options_.l1 > 0)
            for (const torch::Tensor& parameter : network_->parameters())
                if (is_matrix(parameter)) whole = whole + share * options_.l1 * parameter.abs().sum();
        whole.backward();
        if (place_.group != nullptr) sum_gradients();
    }

    // In one exchange.
    void sum_gradients() {
        std::vector<torch::Tensor> pieces;
        for (const torch::Tensor& parameter : network_->parameters())
            pieces.push_back(parameter.grad().defined() ? parameter.grad().reshape({-1})
                                                        : torch::zeros({parameter.numel()}, parameter.options()));
        torch::Tensor all = torch::cat(pieces);
        place_.group->sum(all);
        std::int64_t at = 0;
        for (const torch::Tensor& parameter : network_->parameters()) {
            if (parameter.grad().defined())
                parameter.grad().copy_(all.narrow(0, at, parameter.numel()).view_as(parameter));
            at += parameter.numel();
        }
    }

    BatchLoss one() {
        const StepViews views = course_.draw(network_->frames());
        torch::Tensor teacher;
        if (views.has_teacher()) teacher = said_by_teacher(views.asked);
        network_->train();
        optimiser_->zero_grad();
        const std::int64_t rows = views.seen.size(0);
        const auto [first, last] = own_rows(place_, rows);
        const ClipOutput output = network_->forward(channels_of(views.seen.slice(0, first, last)));
        torch::Tensor logits = output.logits.detach().cpu().contiguous();
        if (place_.group != nullptr) logits = place_.group->joined(logits, rows);
        BatchLoss loss = course_.loss(step_, views, span_of(logits),
                                      teacher.defined() ? span_of(teacher) : std::span<const float>());
        backward(output, loss, first, static_cast<double>(last - first) / static_cast<double>(rows));
        const double length = torch::nn::utils::clip_grad_norm_(network_->parameters(), options_.longest_gradient);
        if (!std::isfinite(loss.total) || !std::isfinite(length)) {
            const std::size_t row = least_sound_row(span_of(logits), set_.classes);
            broken_ = {step_, course_.sample(views, row)};
            return loss;
        }
        set_rate(*optimiser_, course_.rate(step_));
        optimiser_->step();
        copy_weights(*average_, *before_);
        follow(*network_, *average_, std::min(options_.average_decay, (step_ + 1.0) / (step_ + 10.0)));
        return loss;
    }

    std::int64_t joints_;
    const TrainingSet& set_;
    const LearningOptions& options_;
    const MakeClipNetwork& make_;
    const ClipShape& shape_;
    Place place_;
    Random random_;
    Course course_;
    std::shared_ptr<ClipNetwork> network_, average_;
    std::shared_ptr<ClipNetwork> best_;    // of those that were watched, as far as any was
    std::shared_ptr<ClipNetwork> before_;  // the average without the last step, whose loss nobody has seen yet
    std::unique_ptr<torch::optim::Optimizer> optimiser_;
    int step_ = 0;
    std::optional<Breakdown> broken_;
};

class ClipLearner final : public Learner {
public:
    ClipLearner(MakeClipNetwork make, ClipShape shape, const Place& place)
        : make_(std::move(make)), shape_(std::move(shape)), place_(place) {}

    [[nodiscard]] std::optional<Training> train(const MotionSet& motions, const TrainingSet& set,
                                                const LearningOptions& options, std::uint64_t seed,
                                                const StepReport& report, const TrainingState* before,
                                                const std::stop_token& stop) const override {
        const Threads scope(options.threads);
        keep_freed_memory();
        ClipRun run(motions, set, make_, shape_, options, seed, place_);
        if (before != nullptr) run.go_on(*before);
        if (!run.all(report, stop)) return std::nullopt;
        return run.result();
    }

    [[nodiscard]] std::optional<Checkpoint> pretrained(const MotionSet& motions, const LearningOptions& options,
                                                       const Pretraining& pretraining, std::uint64_t seed,
                                                       const PretrainingReport& report,
                                                       const std::stop_token& stop) const override {
        const Threads scope(options.threads);
        const std::scoped_lock lock(generator_in_use());
        Random random(seed);
        torch::manual_seed(random.bits());
        const auto network = make_(shape_);
        network->to(place_.device);
        network->train();
        const auto joints = static_cast<std::int64_t>(motions.layout().size());
        const TrainedClipNetwork shown(network, shape_, make_);
        const auto embedding = [&](const torch::Tensor& views) {
            return network->forward(channels_from(views, joints)).embedding;
        };
        const Embedder embedder{network->frames(), shown.features(), network->parameters(), embedding, place_.device};
        if (!pretrain(motions, embedder, options, pretraining, random, report,
                      [&] { return is_stopped(place_, stop); }))
            return std::nullopt;
        Checkpoint checkpoint;
        TrainedClipNetwork(network, shape_, make_).write(checkpoint);
        for (auto& [name, tensor] : checkpoint.tensors) tensor = tensor.detach().cpu();
        share(place_, checkpoint);
        return checkpoint;
    }

    [[nodiscard]] WarmFit fit(const WarmStart& warm) const override {
        return fill_clip_network(warm, *network_to_fill(make_, shape_));
    }

private:
    MakeClipNetwork make_;
    ClipShape shape_;
    Place place_;
};

}  // namespace

torch::Tensor channels_from(const torch::Tensor& motions, std::int64_t joints) {
    const std::int64_t samples = motions.size(0);
    const std::int64_t frames = motions.size(1);
    return motions.view({samples, frames, 3, joints, 3})
        .permute({0, 2, 4, 1, 3})
        .reshape({samples, feature_channels, frames, joints});
}

std::unique_ptr<Learner> clip_learner(MakeClipNetwork make, ClipShape shape, const Place& place) {
    return std::make_unique<ClipLearner>(std::move(make), std::move(shape), place);
}

}  // namespace inference
