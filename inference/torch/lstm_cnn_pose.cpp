#include "inference/torch/lstm_cnn_pose.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "inference/torch/checkpoint.h"
#include "inference/torch/lstm_cnn_network.h"
#include "inference/torch/pose_trainer.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_clip_network.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonLayout;
using schemas::SkeletonSequence;

constexpr const char* family_name = "lstm_cnn_pose";
constexpr const char* prefix = "network.";
constexpr std::size_t cells = std::size_t{depth_crop_side} * depth_crop_side;
constexpr int most_frames = 4096;
constexpr std::size_t points_of_curve = 100;

using Layout = std::shared_ptr<const SkeletonLayout>;

torch::Tensor row_of(const std::vector<int>& values) {
    return torch::tensor(std::vector<float>(values.begin(), values.end()));
}

void write_layout(const SkeletonLayout& layout, Checkpoint& checkpoint) {
    std::vector<int> pairs;
    for (const auto& [left, right] : layout.pairs) pairs.insert(pairs.end(), {left, right});
    checkpoint.layout = layout.name;
    checkpoint.labels = layout.joints;
    checkpoint.options["pairs"] = static_cast<double>(layout.pairs.size());
    checkpoint.tensors["parents"] = row_of(layout.parents);
    checkpoint.tensors["pairs"] = row_of(pairs);
    checkpoint.tensors["landmarks"] = row_of({layout.centre, layout.neck, layout.left_shoulder, layout.right_shoulder});
}

std::vector<int> joints_in(const Checkpoint& checkpoint, const std::string& name, int count) {
    const torch::Tensor row = checkpoint.tensor(name, {count}).contiguous();
    std::vector<int> joints;
    for (const float value : span_of(row)) {
        if (!(value >= -1 && value < static_cast<float>(checkpoint.labels.size())))
            throw std::runtime_error("its skeleton speaks of a joint that there is not");
        joints.push_back(static_cast<int>(value));
    }
    return joints;
}

Layout layout_from(const Checkpoint& checkpoint) {
    auto layout = std::make_shared<SkeletonLayout>();
    layout->name = checkpoint.layout;
    layout->joints = checkpoint.labels;
    layout->parents = joints_in(checkpoint, "parents", static_cast<int>(layout->size()));
    const int count = checkpoint.whole("pairs", 0, static_cast<int>(layout->size()));
    const std::vector<int> pairs = joints_in(checkpoint, "pairs", 2 * count);
    for (std::size_t i = 0; i < pairs.size(); i += 2) layout->pairs.emplace_back(pairs[i], pairs[i + 1]);
    const std::vector<int> landmarks = joints_in(checkpoint, "landmarks", 4);
    layout->centre = landmarks[0];
    layout->neck = landmarks[1];
    layout->left_shoulder = landmarks[2];
    layout->right_shoulder = landmarks[3];
    if (const std::string problem = problem_with(*layout); !problem.empty())
        throw std::runtime_error("its skeleton is not sound: " + problem);
    return layout;
}

// Where windows that overlap by half begin; the last one ends with the take.
std::vector<std::int64_t> window_begins(std::int64_t frames, std::int64_t window) {
    std::vector<std::int64_t> begins;
    const std::int64_t step = std::max<std::int64_t>(1, window / 2);
    for (std::int64_t begin = 0; begin + window < frames; begin += step) begins.push_back(begin);
    begins.push_back(std::max<std::int64_t>(0, frames - window));
    return begins;
}

bool shows_person(std::span<const float> picture) {
    return std::ranges::any_of(picture, [](float value) { return value < 1; });
}

class LstmCnnPose final : public PoseModel {
public:
    LstmCnnPose(std::shared_ptr<LstmCnnNetwork> network, Layout layout, int frames, double dropout)
        : network_(std::move(network)), layout_(std::move(layout)), frames_(frames), dropout_(dropout) {
        network_->eval();
        device_ = network_->parameters().front().device();
    }

    [[nodiscard]] std::string_view family() const override { return family_name; }
    [[nodiscard]] std::int64_t parameters() const override {
        std::int64_t count = 0;
        for (const torch::Tensor& parameter : network_->parameters()) count += parameter.numel();
        return count;
    }
    [[nodiscard]] const Layout& layout() const override { return layout_; }

    [[nodiscard]] std::optional<SkeletonSequence> predict(const PoseTake& take, std::stop_token stop) override {
        check(take);
        SkeletonSequence found = SkeletonSequence::empty(layout_, take.frames());
        if (!take.crop || take.frames() == 0) return found;
        const auto answer = asked(take, stop);
        if (!answer) return std::nullopt;
        const auto places = span_of(answer->places), peaks = span_of(answer->peaks);
        for (FrameIndex frame = 0; frame < take.frames(); ++frame) {
            const auto row = static_cast<std::size_t>(frame);
            if (!shows_person(std::span(take.pictures).subspan(row * cells, cells))) continue;
            for (std::size_t joint = 0; joint < layout_->size(); ++joint) {
                const std::size_t at = row * layout_->size() + joint;
                const Eigen::Vector3f place = Eigen::Map<const Eigen::Vector3f>(&places[3 * at]);
                found.set(frame, joint, take.crop->point_from_crop(place, take.camera));
                found.confidence[at] = peaks[at];
            }
        }
        return found;
    }

    void save(const std::filesystem::path& file) const override {
        Checkpoint checkpoint{family_name, {}, {}, {}, {}};
        write_layout(*layout_, checkpoint);
        checkpoint.options["frames"] = frames_;
        checkpoint.options["dropout"] = dropout_;
        for (const auto& [name, tensor] : tensors_of(*network_))
            checkpoint.tensors[prefix + name] = tensor.to(torch::kFloat);
        write_checkpoint(checkpoint, file);
    }

private:
    struct Answer {
        torch::Tensor places;  // frames x joints x 3
        torch::Tensor peaks;   // frames x joints
    };

    static void check(const PoseTake& take) {
        const auto wrong = std::ranges::find_if_not(take.pictures, [](float value) { return std::isfinite(value); });
        if (wrong != take.pictures.end())
            throw std::invalid_argument(
                "the depth of frame " +
                std::to_string(static_cast<std::size_t>(wrong - take.pictures.begin()) / cells) + " is no number");
    }

    // Windows as in training, overlapping by half; where they do, each counts more the nearer its middle is.
    std::optional<Answer> asked(const PoseTake& take, const std::stop_token& stop) const {
        const torch::NoGradGuard guard;
        const SingleThreaded scope;
        const auto joints = static_cast<std::int64_t>(layout_->size());
        const std::int64_t frames = take.frames(), window = std::min<std::int64_t>(frames, frames_);
        // It is only read.
        const torch::Tensor pictures =
            torch::from_blob(const_cast<float*>(take.pictures.data()), {frames, 1, depth_crop_side, depth_crop_side});
        const torch::Tensor ramp = torch::arange(1, window + 1, torch::kFloat);
        const torch::Tensor weights = torch::minimum(ramp, ramp.flip(0)).view({window, 1, 1});
        torch::Tensor places = torch::zeros({frames, joints, 3}), peaks = torch::zeros({frames, joints, 1}),
                      sums = torch::zeros({frames, 1, 1});
        for (const std::int64_t begin : window_begins(frames, window)) {
            if (stop.stop_requested()) return std::nullopt;
            const torch::Tensor part = pictures.narrow(0, begin, window).unsqueeze(0).to(device_);
            const LstmCnnOutput output = network_->forward(part);
            const torch::Tensor maps = output.heat_maps[0].softmax(1).narrow(1, 0, joints);
            places.narrow(0, begin, window).add_(output.key_points[0].cpu() * weights);
            peaks.narrow(0, begin, window).add_(maps.amax({2, 3}).cpu().unsqueeze(2) * weights);
            sums.narrow(0, begin, window).add_(weights);
        }
        return Answer{(places / sums).contiguous(), (peaks / sums).clamp(0, 1).contiguous()};
    }

    std::shared_ptr<LstmCnnNetwork> network_;
    Layout layout_;
    int frames_;
    double dropout_;
    torch::Device device_ = torch::kCPU;
};

void check(const PoseTrainOptions& options) {
    const auto in = [](double value, double low, double high) { return value >= low && value <= high; };
    if (options.steps < 1 || options.batch < 1)
        throw std::invalid_argument("training needs at least one step and a batch of one");
    if (options.frames < 1 || options.frames > most_frames)
        throw std::invalid_argument("a window has 1 to " + std::to_string(most_frames) + " frames, not " +
                                    std::to_string(options.frames));
    if (!(options.rate > 0) || !(options.beta > 0) || !in(options.dropout, 0, 0.95) || !in(options.warm_up, 0, 0.9) ||
        !in(options.average_decay, 0, 1) || !(options.longest_gradient > 0) || !(options.decay >= 0) ||
        !(options.heat_maps >= 0) || !(options.bones >= 0))
        throw std::invalid_argument("an option of training is out of range");
    const PoseAugmentation& augmentation = options.augmentation;
    if (!in(augmentation.scale, 0, 0.9) || !in(augmentation.depth_scale, 0, 0.9) || !in(augmentation.shift, 0, 2) ||
        !in(augmentation.mirror_probability, 0, 1) || !in(augmentation.holes, 0, 1) ||
        !in(augmentation.turn_degrees, 0, 180) || !in(augmentation.depth_shift, 0, 2) ||
        !in(augmentation.slant, 0, 2) || !in(augmentation.depth_noise, 0, 2))
        throw std::invalid_argument("an option of augmentation is out of range");
}

class LstmCnnPoseFamily final : public PoseFamily {
public:
    [[nodiscard]] std::string_view name() const override { return family_name; }

    [[nodiscard]] std::optional<PoseTrainResult> train(std::span<const PoseTake> takes, const PoseTrainOptions& options,
                                                       const std::function<void(const TrainProgress&)>& progress,
                                                       std::stop_token stop) override {
        const auto start = std::chrono::steady_clock::now();
        check(options);
        const PoseSet set(takes);
        PoseTrainResult result;
        const auto note = [&](const TrainProgress& now) {
            const auto point =
                static_cast<std::size_t>(now.step) * points_of_curve / static_cast<std::size_t>(options.steps);
            if (point > result.curve.size() || now.step == options.steps) result.curve.push_back(now);
            if (progress) progress(now);
        };
        auto training = trained_pose_network(set, options, note, stop);
        if (!training) return std::nullopt;
        training->network->to(torch::kCPU);
        result.model = std::make_unique<LstmCnnPose>(training->network, set.layout(), options.frames, options.dropout);
        result.broken = training->broken;
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return result;
    }

    [[nodiscard]] std::unique_ptr<PoseModel> load(const std::filesystem::path& file) override {
        const Checkpoint checkpoint = read_checkpoint(file);
        try {
            if (checkpoint.family != family_name)
                throw std::runtime_error("it finds no key-points, but is of the family " + checkpoint.family);
            const Layout layout = layout_from(checkpoint);
            const LstmCnnShape shape{.joints = static_cast<int>(layout->size()),
                                     .classes = 0,
                                     .frames = checkpoint.whole("frames", 1, most_frames),
                                     .dropout = checkpoint.option("dropout")};
            if (!(shape.dropout >= 0 && shape.dropout < 1)) throw std::runtime_error("its dropout is out of range");
            auto network = std::make_shared<LstmCnnNetwork>(shape);
            const torch::NoGradGuard guard;
            for (auto& [name, tensor] : tensors_of(*network))
                torch::Tensor(tensor).copy_(checkpoint.tensor(prefix + name, tensor.sizes().vec()));
            return std::make_unique<LstmCnnPose>(std::move(network), layout, shape.frames, shape.dropout);
        } catch (const std::exception& error) {
            throw std::runtime_error(file.string() + ": this model cannot be used: " + first_line(error) + ".");
        }
    }
};

}  // namespace

std::unique_ptr<PoseFamily> lstm_cnn_pose_family() { return std::make_unique<LstmCnnPoseFamily>(); }

}  // namespace inference
