#include "inference/torch/primitive_reading.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "inference/parallel.h"
#include "inference/torch/primitive_source.h"
#include "inference/torch/torch_support.h"
#include "inference/torch/trained_clip_network.h"

namespace inference {

namespace {

const TrainedClipNetwork* with_dictionary(const MotionClassifier& classifier) {
    const auto* network = dynamic_cast<const TrainedClipNetwork*>(classifier.network.get());
    return network != nullptr && network->primitives() != nullptr ? network : nullptr;
}

// The frame of the sequence that lies where a network of so many frames saw `time`, which MotionSet::cut spreads evenly
// over the rows of the motion.
schemas::FrameIndex frame_at(const PreparedMotion& motion, std::int64_t time, int frames) {
    const double share = frames > 1 ? static_cast<double>(time) / (frames - 1) : 0;
    const auto row = static_cast<std::size_t>(std::lround(share * static_cast<double>(motion.rows() - 1)));
    return motion.frames[std::min(row, motion.rows() - 1)];
}

}  // namespace

PrimitiveTable primitive_table(const MotionClassifier& classifier) {
    const TrainedClipNetwork* network = with_dictionary(classifier);
    if (network == nullptr) return {};
    const torch::NoGradGuard guard;
    const torch::Tensor rows = network->primitives()->primitive_rows().cpu().contiguous();
    const auto values = span_of(rows);
    return {static_cast<int>(rows.size(0)), static_cast<int>(rows.size(1)), {values.begin(), values.end()}};
}

std::optional<std::vector<PrimitiveReading>> primitives_in(const MotionClassifier& classifier, const MotionSet& motions,
                                                           const std::stop_token& stop) {
    const TrainedClipNetwork* network = with_dictionary(classifier);
    if (network == nullptr) throw std::invalid_argument("this model has no dictionary of primitives");
    const SingleThreaded scope;
    const int frames = network->frames();
    const auto most = static_cast<std::size_t>(network->samples_a_pass());
    const std::size_t stride = static_cast<std::size_t>(frames) * motions.features();
    std::vector<PrimitiveReading> readings(motions.size());
    const auto pass = [&](std::size_t number) {
        const torch::NoGradGuard guard;
        torch::set_num_threads(1);  // OpenMP keeps it for each thread
        const std::size_t begin = number * most, count = std::min(most, motions.size() - begin);
        torch::Tensor features =
            torch::empty({static_cast<std::int64_t>(count), frames, static_cast<std::int64_t>(motions.features())});
        const std::span<float> values(features.data_ptr<float>(), count * stride);
        for (std::size_t row = 0; row < count; ++row)
            motions.cut(begin + row, frames, 0, 1, values.subspan(row * stride, stride));
        const PrimitiveSource::Rows read = network->key_primitives(features.to(network->device()));
        const torch::Tensor times = read.times.cpu().contiguous(), weights = read.assignment.cpu().contiguous();
        const std::int64_t keys = times.size(1);
        const auto width = static_cast<std::size_t>(weights.size(1) * weights.size(2));
        for (std::size_t row = 0; row < count; ++row) {
            const PreparedMotion& motion = motions.motion(begin + row);
            if (motion.dead) continue;
            PrimitiveReading& reading = readings[begin + row];
            const auto* time = times.data_ptr<std::int64_t>() + static_cast<std::int64_t>(row) * keys;
            for (std::int64_t key = 0; key < keys; ++key) reading.frames.push_back(frame_at(motion, time[key], frames));
            const auto own = span_of(weights).subspan(row * width, width);
            reading.weights.assign(own.begin(), own.end());
        }
    };
    const std::size_t passes = (motions.size() + most - 1) / most;
    if (!for_each_index(passes, network->device().is_cpu() ? classifier.threads : 1, stop, pass)) return std::nullopt;
    return readings;
}

}  // namespace inference
