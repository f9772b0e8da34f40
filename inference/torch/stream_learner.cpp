#include "inference/torch/stream_learner.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "inference/curriculum.h"
#include "inference/parallel.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_clip_network.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;

constexpr std::size_t windows_a_pass = 8;
constexpr double faintest_peak = 0.0111;  // of a Gaussian at three deviations

// LibTorch's own threads for as long as it lives.
class LentThreads {
public:
    explicit LentThreads(int count) : before_(torch::get_num_threads()) { torch::set_num_threads(count); }
    ~LentThreads() { torch::set_num_threads(before_); }
    LentThreads(const LentThreads&) = delete;
    LentThreads& operator=(const LentThreads&) = delete;

private:
    int before_;
};

std::unique_ptr<torch::optim::AdamW> optimiser_for(const StreamNetwork& network, const StreamLearning& learning) {
    std::vector<torch::Tensor> matrices, others;
    for (const torch::Tensor& parameter : network.parameters())
        (parameter.dim() > 1 ? matrices : others).push_back(parameter);
    const torch::optim::AdamWOptions usual(learning.rate);
    std::vector<torch::optim::OptimizerParamGroup> groups;
    for (const auto& [parameters, decay] : {std::pair{matrices, learning.decay}, std::pair{others, 0.0}}) {
        auto own = std::make_unique<torch::optim::AdamWOptions>(usual);
        own->weight_decay(decay);
        groups.emplace_back(parameters, std::move(own));
    }
    return std::make_unique<torch::optim::AdamW>(groups, usual);
}

// A window of a lesson, and of how many frames the network is shown it.
struct Window {
    std::size_t lesson = 0;
    FrameSpan rows;
    std::int64_t frames = 0;

    // Rows a frame.
    [[nodiscard]] double pace() const {
        return frames < 2 ? 1 : static_cast<double>(rows.length() - 1) / static_cast<double>(frames - 1);
    }
};

struct Batch {
    torch::Tensor motions;   // windows x frames x values
    torch::Tensor mask;      // windows x frames: 1 where there is a frame
    torch::Tensor labels;    // windows x frames
    torch::Tensor labelled;  // windows x frames, bool
    torch::Tensor peaks;     // windows x 2 x frames
};

class StreamRun {
public:
    StreamRun(std::span<const StreamLesson> lessons, Heading heading, const StreamLearning& learning,
              const MakeStreamNetwork& make, const StreamShape& shape, std::uint64_t seed, torch::Device device)
        : lessons_(lessons), heading_(heading), learning_(learning), device_(device), random_(seed) {
        for (std::size_t lesson = 0; lesson < lessons.size(); ++lesson)
            for (std::size_t row = 0; row < lessons[lesson].targets.labels.size(); ++row)
                if (lessons[lesson].targets.labels[row] != unlabelled)
                    labelled_.emplace_back(lesson, static_cast<FrameIndex>(row));
        if (labelled_.empty()) throw std::invalid_argument("no row of the streams has a label to learn from");
        torch::manual_seed(random_.bits());
        network_ = make(shape);
        average_ = make(shape);
        before_ = make(shape);
        for (const auto& each : {network_, average_, before_}) each->to(device);
        copy_weights(*network_, *average_);
        copy_weights(*network_, *before_);
        optimiser_ = optimiser_for(*network_, learning);
        torch::manual_seed(random_.bits());  // of what is dropped out
    }

    bool all(const std::function<void(const StreamStep&)>& report, const std::stop_token& stop) {
        for (int step = 0; step < learning_.steps; ++step) {
            if (stop.stop_requested()) return false;
            const StreamStep done = one(step);
            if (broken_) return true;
            if (report) report(done);
        }
        return true;
    }

    StreamTraining result() { return {broken_ ? before_ : average_, broken_}; }

private:
    // Around a labelled row.
    Window drawn_window() {
        const auto [lesson, row] = labelled_[random_.below(labelled_.size())];
        const FrameIndex all = lessons_[lesson].rows.rows();
        const double pace = random_.uniform(1 - learning_.tempo, 1 + learning_.tempo);
        const auto fitting = static_cast<FrameIndex>(static_cast<double>(all) / pace);
        const FrameIndex frames = std::max<FrameIndex>(1, std::min<FrameIndex>(learning_.window, fitting));
        const FrameIndex length = std::clamp<FrameIndex>(std::lround(static_cast<double>(frames) * pace), 1, all);
        const FrameIndex first = std::max<FrameIndex>(0, row - length + 1);
        const FrameIndex last = std::min(row, all - length);
        const FrameIndex begin =
            first + static_cast<FrameIndex>(random_.below(static_cast<std::size_t>(last - first + 1)));
        return {lesson, {begin, begin + length}, length == 1 ? 1 : frames};
    }

    void write_targets(const Window& window, std::int64_t place, Batch& batch) const {
        const RowTargets& targets = lessons_[window.lesson].targets;
        auto labels = batch.labels.accessor<std::int64_t, 2>();
        auto labelled = batch.labelled.accessor<bool, 2>();
        for (std::int64_t frame = 0; frame < window.frames; ++frame) {
            const auto row = window.rows.begin + std::lround(static_cast<double>(frame) * window.pace());
            const int label = targets.labels[static_cast<std::size_t>(row)];
            labels[place][frame] = std::max(label, 0);
            labelled[place][frame] = label != unlabelled;
        }
        const double reach = 5 * learning_.deviation;
        const auto within = [&](const std::vector<double>& rows) {
            std::vector<double> frames;
            for (const double row : rows) {
                const double frame = (row - static_cast<double>(window.rows.begin)) / window.pace();
                if (frame > -reach && frame < static_cast<double>(window.frames) + reach) frames.push_back(frame);
            }
            return frames;
        };
        const BoundaryTargets boundaries =
            boundary_targets(within(targets.starts), within(targets.ends), window.frames, learning_.deviation);
        batch.peaks[place].narrow(1, 0, window.frames).copy_(boundaries.peaks);
    }

    Batch drawn_batch(std::span<const Window> windows) {
        std::vector<Sample> samples;
        std::int64_t frames = 0;
        for (const Window& window : windows) {
            samples.push_back({lessons_[window.lesson].rows.skeleton, window.rows});
            frames = std::max(frames, window.frames);
        }
        const MotionSet motions(samples, heading_, 1);
        const auto count = static_cast<std::int64_t>(windows.size());
        const auto values = static_cast<std::int64_t>(motions.features());
        Batch batch{torch::zeros({count, frames, values}), torch::zeros({count, frames}),
                    torch::zeros({count, frames}, torch::kLong), torch::zeros({count, frames}, torch::kBool),
                    torch::zeros({count, 2, frames})};
        Augmentation weak = learning_.weak;
        weak.shortest_crop = 1;
        weak.time_jitter_frames = 0;
        weak.time_warp = 0;
        for (std::int64_t i = 0; i < count; ++i) {
            const Window& window = windows[static_cast<std::size_t>(i)];
            float* const first = batch.motions.data_ptr<float>() + i * frames * values;
            motions.draw(static_cast<std::size_t>(i), static_cast<int>(window.frames), weak, random_,
                         {first, static_cast<std::size_t>(window.frames * values)});
            batch.mask[i].narrow(0, 0, window.frames).fill_(1);
            write_targets(window, i, batch);
        }
        for (torch::Tensor* part : {&batch.motions, &batch.mask, &batch.labels, &batch.labelled, &batch.peaks})
            *part = part->to(device_);
        return batch;
    }

    [[nodiscard]] double rate(int step) const {
        const double done = static_cast<double>(step) / learning_.steps;
        if (done < learning_.warm_up)
            return learning_.rate * std::min(1.0, (step + 1) / (learning_.warm_up * learning_.steps));
        const double left = (done - learning_.warm_up) / (1 - learning_.warm_up);
        return learning_.rate * 0.5 * (1 + std::cos(std::numbers::pi * left));
    }

    // Beside a labelled segment, where its start or end still shows in the target, no other one starts or ends.
    static torch::Tensor loss_of_boundaries(const torch::Tensor& said, const Batch& batch) {
        const torch::Tensor known = batch.labelled.unsqueeze(1).logical_or(batch.peaks.gt(faintest_peak));
        torch::Tensor loss = torch::zeros({}, said.options());
        for (const std::int64_t channel : {0, 1})
            loss = loss + boundary_loss(said.narrow(1, channel, 1), batch.peaks.narrow(1, channel, 1),
                                        known.select(1, channel)) /
                              2;
        return loss;
    }

    StreamStep one(int step) {
        std::vector<Window> windows;
        while (windows.size() < static_cast<std::size_t>(learning_.batch)) windows.push_back(drawn_window());
        const Batch batch = drawn_batch(windows);
        network_->train();
        optimiser_->zero_grad();
        const StreamOutput output = network_->forward(batch.motions, batch.mask);
        UnitLossOptions judged = learning_.loss;
        judged.keep = step > learning_.ohem_from * learning_.steps ? learning_.ohem_keep : 1;
        torch::Tensor units = torch::zeros({}, batch.motions.options());
        for (const torch::Tensor& stage : output.units)
            units = units +
                    unit_loss(stage, batch.labels, batch.labelled, judged) / static_cast<double>(output.units.size());
        const torch::Tensor boundaries = boundary_scale * loss_of_boundaries(output.boundaries, batch);
        const torch::Tensor total = learning_.units * units + learning_.boundaries * boundaries;
        total.backward();
        const double length = torch::nn::utils::clip_grad_norm_(network_->parameters(), learning_.longest_gradient);
        const StreamStep done{step, units.item<double>(), boundaries.item<double>(), total.item<double>()};
        if (!std::isfinite(done.total) || !std::isfinite(length)) {
            const torch::Tensor logits = output.units.back().detach().cpu().contiguous();
            const std::size_t worst =
                least_sound_row(span_of(logits), static_cast<int>(logits.size(1) * logits.size(2)));
            broken_ = {step, windows[worst].lesson};
            return done;
        }
        for (torch::optim::OptimizerParamGroup& group : optimiser_->param_groups()) group.options().set_lr(rate(step));
        optimiser_->step();
        copy_weights(*average_, *before_);
        follow(*network_, *average_, std::min(learning_.average_decay, (step + 1.0) / (step + 10.0)));
        return done;
    }

    std::span<const StreamLesson> lessons_;
    Heading heading_;
    const StreamLearning& learning_;
    torch::Device device_;
    Random random_;
    std::vector<std::pair<std::size_t, FrameIndex>> labelled_;  // lesson and row
    std::shared_ptr<StreamNetwork> network_, average_;
    std::shared_ptr<StreamNetwork> before_;  // the average without the last step, whose loss nobody has seen yet
    std::unique_ptr<torch::optim::AdamW> optimiser_;
    std::optional<Breakdown> broken_;
};

}  // namespace

std::optional<StreamTraining> taught_stream_network(std::span<const StreamLesson> lessons, Heading heading,
                                                    const StreamLearning& learning, const MakeStreamNetwork& make,
                                                    const StreamShape& shape, std::uint64_t seed, torch::Device device,
                                                    const std::function<void(const StreamStep&)>& report,
                                                    const std::stop_token& stop) {
    const LentThreads lent(learning.threads);
    StreamRun run(lessons, heading, learning, make, shape, seed, device);
    if (!run.all(report, stop)) return std::nullopt;
    StreamTraining training = run.result();
    training.network->eval();
    return training;
}

std::optional<std::vector<float>> stream_logits(StreamNetwork& network, const StreamRows& rows, Heading heading,
                                                int labels, int window, int threads, const std::stop_token& stop) {
    const SingleThreaded scope;
    const torch::Device device = network.parameters().front().device();
    const std::vector<FrameSpan> windows = windows_of(rows.rows(), window);
    const std::size_t passes = (windows.size() + windows_a_pass - 1) / windows_a_pass;
    std::vector<torch::Tensor> said(passes);  // windows x frames x (labels + 2)
    const auto pass = [&](std::size_t number) {
        const torch::NoGradGuard guard;
        torch::set_num_threads(1);  // OpenMP keeps it for each thread
        std::vector<Sample> samples;
        for (std::size_t i = number * windows_a_pass; i < std::min(windows.size(), (number + 1) * windows_a_pass); ++i)
            samples.push_back({rows.skeleton, windows[i]});
        const MotionSet motions(samples, heading, 1);
        const auto frames = static_cast<std::int64_t>(windows.front().length());
        const auto count = static_cast<std::int64_t>(samples.size());
        const auto values = static_cast<std::int64_t>(motions.features());
        torch::Tensor features = torch::empty({count, frames, values});
        for (std::int64_t i = 0; i < count; ++i)
            motions.cut(static_cast<std::size_t>(i), static_cast<int>(frames), 0, 1,
                        {features.data_ptr<float>() + i * frames * values, static_cast<std::size_t>(frames * values)});
        const StreamOutput output = network.forward(features.to(device), torch::ones({count, frames}).to(device));
        said[number] =
            torch::cat({output.units.back(), output.boundaries}, 1).transpose(1, 2).to(torch::kCPU).contiguous();
    };
    if (!for_each_index(passes, device.is_cpu() ? threads : 1, stop, pass)) return std::nullopt;
    const auto width = static_cast<std::size_t>(labels) + 2;
    OverlapAdd sums(rows.rows(), width);
    const auto stride = static_cast<std::size_t>(windows.front().length()) * width;
    for (std::size_t i = 0; i < windows.size(); ++i)
        sums.add(windows[i], span_of(said[i / windows_a_pass]).subspan(i % windows_a_pass * stride, stride));
    return sums.mean();
}

}  // namespace inference
