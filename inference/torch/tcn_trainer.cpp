#include "inference/torch/tcn_trainer.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "inference/parallel.h"
#include "inference/torch/course.h"
#include "inference/torch/flat_descent.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_tcn.h"

namespace inference {

namespace {

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

class Run final : public TrainingAtWork {
public:
    Run(const MotionSet& motions, const TrainingSet& set, const TcnShape& shape, const LearningOptions& options,
        std::uint64_t seed, const Place& place)
        : set_(set),
          options_(options),
          place_(place),
          random_(seed),
          network_(shape, random_),
          average_(begun(network_, options, place)),
          before_(network_.copy()),
          descent_(network_.decays(), options),
          course_(motions, set, options, random_) {
        network_.to(place.device);
        average_.to(place.device);
        before_.to(place.device);
    }

    void go_on(const TrainingState& before) {
        step_ = step_of(before);
        go_on_from(before, random_);
        course_.go_on_from(before);
        go_on_from(before, "network", network_);
        go_on_from(before, "average", average_);
        go_on_from(before, "before", before_);
        if (before.contains("best")) {
            best_ = average_.copy();
            go_on_from(before, "best", *best_);
        }
        descent_.go_on_from(before, step_);
        if (has_ended(before)) step_ = options_.steps;
    }

    void keep_as_best() override { best_ = average_.copy(); }

    [[nodiscard]] std::shared_ptr<const TrainedNetwork> average() const override {
        return std::make_shared<TrainedTcn>(average_.copy());
    }
    [[nodiscard]] TrainingState state() const override {
        TrainingState state;
        add_step(state, step_ + 1);
        add(state, random_);
        course_.add_to(state);
        add(state, "network", network_);
        add(state, "average", average_);
        add(state, "before", before_);
        if (best_) add(state, "best", *best_);
        descent_.add_to(state);
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
        TcnNetwork& kept = best_ ? *best_ : broken_ ? before_ : average_;
        return {std::make_shared<TrainedTcn>(std::move(kept)), course_.late_losses(), broken_};
    }

private:
    // A copy of the network, which begins with earlier weights where that is wanted.
    static TcnNetwork begun(TcnNetwork& network, const LearningOptions& options, const Place& place) {
        if (options.beginning == Beginning::earlier_weights && place.warm != nullptr) fill_tcn(*place.warm, network);
        return network.copy();
    }

    // What the average says, as a network that is asked and not trained.
    torch::Tensor said_by_teacher(const torch::Tensor& features) const {
        const torch::NoGradGuard guard;
        const std::int64_t rows = features.size(0);
        const auto [first, last] = own_rows(place_, rows);
        const std::vector<torch::Tensor> weights = average_.views();
        const int threads = place_.device.is_cpu() ? std::min(options_.threads, static_cast<int>(last - first)) : 1;
        std::vector<torch::Tensor> logits(static_cast<std::size_t>(threads));
        for_each_index(logits.size(), threads, {}, [&, first = first, last = last](std::size_t part) {
            const torch::NoGradGuard also_here;
            torch::set_num_threads(1);  // OpenMP keeps it for each thread
            const auto [begin, end] = shard(last - first, static_cast<std::int64_t>(part), threads);
            const torch::Tensor own = features.slice(0, first + begin, first + end);
            logits[part] = average_.forward(average_.normalised(own), weights).logits;
        });
        const torch::Tensor all = torch::cat(logits).cpu().contiguous();
        return place_.group == nullptr ? all : place_.group->joined(all, rows);
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
        const StepViews views = course_.draw(network_.shape().frames);
        torch::Tensor teacher;
        if (views.has_teacher()) teacher = said_by_teacher(views.asked.to(place_.device));
        const torch::Tensor features = network_.normalised_in_training(views.seen.to(place_.device));
        BatchLoss loss;
        std::size_t worst = 0;
        const torch::Tensor slope =
            gradient(features, dropout_masks(features.size(0)), [&](std::span<const float> logits) {
                loss =
                    course_.loss(step_, views, logits, teacher.defined() ? span_of(teacher) : std::span<const float>());
                worst = least_sound_row(logits, set_.classes);
                return loss.gradient;
            });
        const bool is_sound =
            std::isfinite(loss.total) && std::isfinite(descent_.step(network_.flat(), slope, course_.rate(step_)));
        if (!is_sound) {
            broken_ = {step_, course_.sample(views, worst)};
            return loss;
        }
        copy_state(average_, before_);
        const double decay = std::min(options_.average_decay, (step_ + 1.0) / (step_ + 10.0));
        follow(average_.flat(), network_.flat(), decay);
        follow(average_.running_mean, network_.running_mean, decay);
        follow(average_.running_variance, network_.running_variance, decay);
        return loss;
    }

    const TrainingSet& set_;
    const LearningOptions& options_;
    Place place_;
    Random random_;
    TcnNetwork network_;
    TcnNetwork average_;
    TcnNetwork before_;  // the average without the last step, whose loss nobody has seen yet
    std::optional<TcnNetwork> best_;
    FlatDescent descent_;
    Course course_;
    int step_ = 0;
    std::optional<Breakdown> broken_;
};

class TcnLearner final : public Learner {
public:
    TcnLearner(const TcnShape& shape, const Place& place) : shape_(shape), place_(place) {}

    [[nodiscard]] std::optional<Training> train(const MotionSet& motions, const TrainingSet& set,
                                                const LearningOptions& options, std::uint64_t seed,
                                                const StepReport& report, const TrainingState* before,
                                                const std::stop_token& stop) const override {
        const SingleThreaded scope;
        Run run(motions, set, shape_, options, seed, place_);
        if (before != nullptr) run.go_on(*before);
        if (!run.all(report, stop)) return std::nullopt;
        return run.result();
    }

    [[nodiscard]] std::optional<Checkpoint> pretrained(const MotionSet& motions, const LearningOptions& options,
                                                       const Pretraining& pretraining, std::uint64_t seed,
                                                       const PretrainingReport& report,
                                                       const std::stop_token& stop) const override {
        const SingleThreaded scope;
        const std::scoped_lock lock(generator_in_use());
        Random random(seed);
        torch::manual_seed(random.bits());
        TcnNetwork network(shape_, random);
        network.to(place_.device);
        const torch::Tensor flat = network.flat().detach().clone().requires_grad_();
        const auto embedding = [&](const torch::Tensor& views) {
            return network.forward(network.normalised_in_training(views), network.views(flat)).embedding;
        };
        const Embedder embedder{shape_.frames, std::int64_t{2} * shape_.width, {flat}, embedding, place_.device};
        if (!pretrain(motions, embedder, options, pretraining, random, report,
                      [&] { return is_stopped(place_, stop); }))
            return std::nullopt;
        network.flat().copy_(flat.detach());
        Checkpoint checkpoint;
        TrainedTcn(std::move(network)).write(checkpoint);
        share(place_, checkpoint);
        return checkpoint;
    }

    [[nodiscard]] WarmFit fit(const WarmStart& warm) const override {
        Random random(0);
        TcnNetwork network(shape_, random);
        return fill_tcn(warm, network);
    }

private:
    TcnShape shape_;
    Place place_;
};

}  // namespace

std::unique_ptr<Learner> tcn_learner(const TcnShape& shape, const Place& place) {
    return std::make_unique<TcnLearner>(shape, place);
}

}  // namespace inference
