#include "inference/torch/pose_trainer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "inference/curriculum.h"
#include "inference/parallel.h"
#include "inference/torch/heat_map_loss.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_clip_network.h"

namespace inference {

namespace {

constexpr std::int64_t frames_at_once = 64;  // about 100 ms, forward and backward, on one core

class PoseRun {
public:
    PoseRun(const PoseSet& set, const PoseTrainOptions& options)
        : set_(set), options_(options), random_(options.seed), device_(torch_device(options.device)) {
        const LstmCnnShape shape{.joints = static_cast<int>(set.layout()->size()),
                                 .classes = 0,
                                 .frames = options.frames,
                                 .dropout = options.dropout};
        torch::manual_seed(random_.bits());
        for (auto* network : {&network_, &average_, &before_}) {
            *network = std::make_shared<LstmCnnNetwork>(shape);
            (*network)->to(device_);
        }
        copy_weights(*network_, *average_);
        copy_weights(*network_, *before_);
        loss_options_.beta = options.beta;
        loss_options_.heat_maps = options.heat_maps;
        loss_options_.bones = options.bones;
        make_optimiser();
    }

    // False when stopped.
    bool all(const std::function<void(const TrainProgress&)>& progress, const std::stop_token& stop) {
        for (int step = 0; step < options_.steps; ++step) {
            TrainProgress now{step + 1, options_.steps, {}};
            if (!one(step, now, stop)) return false;
            if (broken_) return true;
            if (progress) progress(now);
        }
        return true;
    }

    PoseTraining result() { return {broken_ ? before_ : average_, broken_}; }

private:
    struct Windows {
        torch::Tensor depth, units;
        KeyPoints truth;

        [[nodiscard]] Windows part(std::int64_t first, std::int64_t last) const {
            return {depth.slice(0, first, last),
                    units.slice(0, first, last),
                    {truth.places.slice(0, first, last), truth.visible.slice(0, first, last)}};
        }
    };

    void make_optimiser() {
        std::vector<torch::Tensor> matrices, others;
        for (const torch::Tensor& parameter : network_->parameters())
            (parameter.dim() > 1 ? matrices : others).push_back(parameter);
        const auto group = [&](const std::vector<torch::Tensor>& parameters, double decay) {
            return torch::optim::OptimizerParamGroup(
                parameters, std::make_unique<torch::optim::AdamWOptions>(
                                torch::optim::AdamWOptions(options_.rate).weight_decay(decay)));
        };
        optimiser_ = std::make_unique<torch::optim::AdamW>(
            std::vector<torch::optim::OptimizerParamGroup>{group(matrices, options_.decay), group(others, 0)});
    }

    void set_rate(int step) {
        const double done = static_cast<double>(step) / options_.steps;
        const double share =
            done < options_.warm_up
                ? std::min(1.0, (step + 1) / (options_.warm_up * options_.steps))
                : 0.5 * (1 + std::cos(std::numbers::pi * (done - options_.warm_up) / (1 - options_.warm_up)));
        for (auto& group : optimiser_->param_groups()) group.options().set_lr(options_.rate * share);
    }

    // Keeps what it was made from.
    Windows drawn() {
        drawn_ = set_.draw(static_cast<std::size_t>(options_.batch), options_.frames, options_.augmentation, random_);
        const std::int64_t windows = options_.batch, frames = options_.frames,
                           joints = static_cast<std::int64_t>(set_.layout()->size());
        const auto here = [&](torch::Tensor tensor) { return tensor.to(device_); };
        return {
            here(torch::from_blob(drawn_.pictures.data(), {windows, frames, 1, depth_crop_side, depth_crop_side})),
            here(torch::from_blob(drawn_.units.data(), {windows, 3})),
            {here(torch::from_blob(drawn_.places.data(), {windows, frames, joints, 3})),
             here(torch::from_blob(drawn_.visible.data(), {windows, frames, joints}, torch::kByte).to(torch::kBool))}};
    }

    // False when stopped.
    bool one(int step, TrainProgress& now, const std::stop_token& stop) {
        network_->train();
        optimiser_->zero_grad();
        const Windows windows = drawn();
        const std::int64_t at_once = std::max<std::int64_t>(1, frames_at_once / options_.frames);
        std::vector<torch::Tensor> answers;
        for (std::int64_t first = 0; first < options_.batch; first += at_once) {
            if (stop.stop_requested()) return false;
            const std::int64_t last = std::min<std::int64_t>(first + at_once, options_.batch);
            answers.push_back(learn(windows.part(first, last),
                                    static_cast<double>(last - first) / static_cast<double>(options_.batch), now));
        }
        if (stop.stop_requested()) return false;
        const double length = torch::nn::utils::clip_grad_norm_(network_->parameters(), options_.longest_gradient);
        if (!std::isfinite(now.losses["total"]) || !std::isfinite(length)) {
            broken_ = {step, worst_take(answers)};
            return true;
        }
        set_rate(step);
        optimiser_->step();
        copy_weights(*average_, *before_);
        follow(*network_, *average_, std::min(options_.average_decay, (step + 1.0) / (step + 10.0)));
        return true;
    }

    // What the network said about key-points.
    torch::Tensor learn(const Windows& windows, double share, TrainProgress& now) {
        const LstmCnnOutput output = network_->forward(windows.depth);
        const PoseLoss loss = pose_loss(output.key_points, output.heat_maps, windows.truth, set_.layout()->parents,
                                        windows.units, loss_options_);
        (share * loss.total).backward();
        now.losses["total"] += share * loss.total.item<double>();
        now.losses["key_points"] += share * loss.key_points.item<double>();
        now.losses["heat_maps"] += share * loss.heat_maps.item<double>();
        now.losses["bones"] += share * loss.bones.item<double>();
        return output.key_points.detach();
    }

    [[nodiscard]] std::size_t worst_take(const std::vector<torch::Tensor>& answers) const {
        const torch::Tensor all = torch::cat(answers).cpu().contiguous();
        return drawn_.takes[least_sound_row(span_of(all), static_cast<int>(all.numel() / all.size(0)))];
    }

    const PoseSet& set_;
    const PoseTrainOptions& options_;
    Random random_;
    torch::Device device_;
    std::shared_ptr<LstmCnnNetwork> network_, average_;
    std::shared_ptr<LstmCnnNetwork> before_;  // the average without the last step, whose loss nobody has seen yet
    std::unique_ptr<torch::optim::Optimizer> optimiser_;
    PoseLossOptions loss_options_;
    PoseWindows drawn_;
    std::optional<Breakdown> broken_;
};

}  // namespace

std::optional<PoseTraining> trained_pose_network(const PoseSet& set, const PoseTrainOptions& options,
                                                 const std::function<void(const TrainProgress&)>& progress,
                                                 const std::stop_token& stop) {
    const Threads scope(thread_count(options.threads));
    PoseRun run(set, options);
    if (!run.all(progress, stop)) return std::nullopt;
    return run.result();
}

}  // namespace inference
