#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "inference/curriculum.h"
#include "inference/model_family.h"
#include "inference/torch/checkpoint.h"
#include "inference/torch/pretraining.h"
#include "inference/torch/tensor_group.h"
#include "inference/torch/training_state.h"
#include "inference/torch/warm_start.h"
#include "schemas/skeleton.h"

// What the families of motion classifiers have in common, and what each brings along.
namespace inference {

// A network that has been trained, for asking.
//
// Thread: any number at once.
class TrainedNetwork {
public:
    virtual ~TrainedNetwork() = default;
    [[nodiscard]] virtual std::int64_t parameters() const = 0;
    [[nodiscard]] virtual int frames() const = 0;    // that a motion is resampled to
    [[nodiscard]] virtual int features() const = 0;  // of an embedding
    [[nodiscard]] virtual int samples_a_pass() const = 0;
    [[nodiscard]] virtual torch::Device device() const = 0;

    struct Rows {
        torch::Tensor logits;     // samples x classes
        torch::Tensor embedding;  // samples x features
    };
    // Of motions samples x frames x values, as motion_features writes them. Rows do not depend on each other.
    [[nodiscard]] virtual Rows read(const torch::Tensor& motions) const = 0;

    // Weights and shape.
    virtual void write(Checkpoint& checkpoint) const = 0;
};

struct Training {
    std::shared_ptr<const TrainedNetwork> network;  // the moving average
    std::vector<float> late_losses;                 // of each example
    std::optional<Breakdown> broken;                // the step is that of this training
};

// A training after a step. What it gives is made only when it is asked for.
class TrainingAtWork {
public:
    virtual ~TrainingAtWork() = default;
    // The average as it is now is what is kept in the end, unless this is called again.
    virtual void keep_as_best() = 0;
    // The network that would be kept if this were the last step.
    [[nodiscard]] virtual std::shared_ptr<const TrainedNetwork> average() const = 0;
    [[nodiscard]] virtual TrainingState state() const = 0;
};
enum class Going { on, to_end };
// to_end: this was the last step. In a group it is, where any of the processes says so; they are asked only where
// LearningOptions::patience or ::teaching is there.
using StepReport = std::function<Going(int step, const BatchLoss& loss, TrainingAtWork& training)>;

// Trains networks of one shape, from nothing or from earlier weights.
class Learner {
public:
    virtual ~Learner() = default;
    // Goes on from the state `before` of a training of the same set, options and seed, where there is one. Throws
    // std::runtime_error when it is not. nullopt when stopped, in every process of the group. The same seed and number
    // of threads give the same weights on the processor.
    [[nodiscard]] virtual std::optional<Training> train(const MotionSet& motions, const TrainingSet& set,
                                                        const LearningOptions& options, std::uint64_t seed,
                                                        const StepReport& report, const TrainingState* before,
                                                        const std::stop_token& stop) const = 0;
    // The weights of a network that learnt from motions alone (Pretraining). nullopt when stopped, in every process of
    // the group, which all get the same. Throws std::runtime_error where that comes to no number.
    [[nodiscard]] virtual std::optional<Checkpoint> pretrained(const MotionSet& motions, const LearningOptions& options,
                                                               const Pretraining& pretraining, std::uint64_t seed,
                                                               const PretrainingReport& report,
                                                               const std::stop_token& stop) const = 0;
    // What of earlier weights would be begun with.
    [[nodiscard]] virtual WarmFit fit(const WarmStart& warm) const = 0;
};

// Where a network is trained.
struct Place {
    torch::Device device = torch::kCPU;
    TensorGroup* group = nullptr;           // that every batch is divided among; none: this process trains alone
    std::shared_ptr<const WarmStart> warm;  // what trainings that do not begin from nothing begin from
};

// Those of a batch that this process works on.
inline std::pair<std::int64_t, std::int64_t> own_rows(const Place& place, std::int64_t rows) {
    return place.group == nullptr ? std::pair<std::int64_t, std::int64_t>{0, rows}
                                  : shard(rows, place.group->rank(), place.group->size());
}

// In any of the processes.
inline bool is_stopped(const Place& place, const std::stop_token& stop) {
    return place.group == nullptr ? stop.stop_requested() : place.group->any(stop.stop_requested());
}

// Whether any of the processes wants to end it now.
inline bool is_to_end(const Place& place, const LearningOptions& options, Going going) {
    const bool here = going == Going::to_end;
    const bool may_end = options.patience > 0 || options.teaching.has_value();
    return place.group == nullptr || !may_end ? here : place.group->any(here);
}

// Those of the first process, in every one.
inline void share(const Place& place, Checkpoint& checkpoint) {
    if (place.group == nullptr) return;
    for (auto& [name, tensor] : checkpoint.tensors) {
        tensor = tensor.detach().clone();
        if (place.group->rank() > 0) tensor.zero_();
        place.group->sum(tensor);
    }
}

// What is the network's own among the options of training, by name.
using ShapeOptions = std::map<std::string, double>;

// What one family brings along.
class NetworkKind {
public:
    virtual ~NetworkKind() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual LearningOptions learning() const = 0;  // as it learns best
    [[nodiscard]] virtual ShapeOptions shape() const = 0;        // with the usual values
    // Options of learning that networks of this kind do not obey, by the names that people give them.
    [[nodiscard]] virtual std::vector<std::string> ignored() const { return {}; }
    [[nodiscard]] virtual std::unique_ptr<Learner> learner(const std::shared_ptr<const schemas::SkeletonLayout>& layout,
                                                           int classes, const ShapeOptions& shape,
                                                           const Place& place) const = 0;
    // Throws std::runtime_error for weights that do not fit.
    [[nodiscard]] virtual std::shared_ptr<const TrainedNetwork> read(const Checkpoint& checkpoint) const = 0;
};

}  // namespace inference
