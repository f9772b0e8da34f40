#include "inference/torch/drawn_batch.h"

#include <span>

namespace inference {

torch::Tensor drawn_batch(const MotionSet& motions, const TrainingSet& set, const std::vector<std::size_t>& batch,
                          int frames, const Augmentation& weak, Random& random) {
    const auto stride = static_cast<std::size_t>(frames) * static_cast<std::size_t>(motions.features());
    torch::Tensor views =
        torch::empty({static_cast<std::int64_t>(batch.size()), frames, static_cast<std::int64_t>(motions.features())});
    const std::span<float> values(views.data_ptr<float>(), batch.size() * stride);
    for (std::size_t i = 0; i < batch.size(); ++i)
        motions.draw(set.samples[batch[i]], frames, weak, random, values.subspan(i * stride, stride));
    return views;
}

}  // namespace inference
