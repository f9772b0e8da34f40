#include "inference/torch/motion_classifier.h"

#include <algorithm>
#include <cmath>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/losses.h"
#include "inference/parallel.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr int strong_views = 4;

void copy_rows(const torch::Tensor& tensor, std::int64_t begin, std::vector<float>& to) {
    const torch::Tensor rows = tensor.cpu().contiguous();
    std::copy_n(rows.data_ptr<float>(), rows.numel(), to.begin() + begin * rows.size(1));
}

}  // namespace

std::optional<NetworkOutput> MotionClassifier::viewed(const MotionSet& motions, const View& view,
                                                      const std::stop_token& stop) const {
    const SingleThreaded scope;
    const auto count = static_cast<std::int64_t>(motions.size());
    const std::int64_t most = network->samples_a_pass();
    const auto frames = static_cast<std::int64_t>(network->frames());
    const auto stride = static_cast<std::size_t>(frames) * motions.features();
    NetworkOutput result{std::vector<float>(motions.size() * static_cast<std::size_t>(classes)),
                         std::vector<float>(motions.size() * static_cast<std::size_t>(network->features()))};
    const auto pass = [&](std::size_t number) {
        const torch::NoGradGuard guard;
        torch::set_num_threads(1);  // OpenMP keeps it for each thread
        const std::int64_t begin = static_cast<std::int64_t>(number) * most;
        const std::int64_t rows = std::min(most, count - begin);
        torch::Tensor features = torch::empty({rows, frames, static_cast<std::int64_t>(motions.features())});
        const std::span<float> values(features.data_ptr<float>(), static_cast<std::size_t>(rows) * stride);
        for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row)
            view(static_cast<std::size_t>(begin) + row, values.subspan(row * stride, stride));
        const TrainedNetwork::Rows output = network->read(features.to(network->device()));
        copy_rows(output.logits, begin, result.logits);
        copy_rows(output.embedding / output.embedding.norm(2, 1, true).clamp_min(1e-12), begin, result.embedding);
    };
    const std::size_t passes = (motions.size() + static_cast<std::size_t>(most) - 1) / static_cast<std::size_t>(most);
    if (!for_each_index(passes, network->device().is_cpu() ? threads : 1, stop, pass)) return std::nullopt;
    return result;
}

std::optional<NetworkOutput> MotionClassifier::whole(const MotionSet& motions, const std::stop_token& stop) const {
    const auto view = [&](std::size_t sample, std::span<float> features) {
        motions.cut(sample, network->frames(), 0, 1, features);
    };
    return viewed(motions, view, stop);
}

std::optional<std::vector<float>> MotionClassifier::fused(const MotionSet& motions, std::span<const float> logits,
                                                          const std::stop_token& stop) const {
    const auto width = static_cast<std::size_t>(classes);
    std::vector<float> sum = softmax(logits, classes);
    for (float& value : sum) value = std::log(std::max(value, 1e-9F));
    const auto add = [&](std::size_t sample) {
        const PreparedMotion& motion = motions.motion(sample);
        if (motion.dead || known.size() == 0) return;
        const auto near = known.log_probabilities(warping_features(motion, NearestMotions::frames));
        for (std::size_t c = 0; c < width; ++c) sum[sample * width + c] += near[c];
    };
    if (!for_each_index(motions.size(), threads, stop, add)) return std::nullopt;
    return sum;
}

std::optional<std::vector<float>> MotionClassifier::hardness(const MotionSet& motions, std::span<const float> logits,
                                                             const std::stop_token& stop) const {
    const auto width = static_cast<std::size_t>(classes);
    const std::vector<float> plain = softmax(logits, classes);
    std::vector<float> best(plain.size(), 0.0F);
    std::vector<float> hard(motions.size());
    for (std::size_t sample = 0; sample < motions.size(); ++sample) {
        const auto row = std::span(plain).subspan(sample * width, width);
        best[sample * width + static_cast<std::size_t>(std::ranges::max_element(row) - row.begin())] = 1;
        hard[sample] = static_cast<float>(entropy(row));
    }
    for (std::uint64_t number = 1; number <= strong_views; ++number) {
        const auto view = [&](std::size_t sample, std::span<float> features) {
            // The same views whatever the company of a sample.
            Random random(number);
            motions.draw(sample, network->frames(), strong_augmentation(), random, features);
        };
        const auto strong = viewed(motions, view, stop);
        if (!strong) return std::nullopt;
        const std::vector<float> losses = cross_entropies(strong->logits, best, classes, 0);
        for (std::size_t sample = 0; sample < hard.size(); ++sample) hard[sample] += losses[sample] / strong_views;
    }
    return hard;
}

}  // namespace inference
