#pragma once

#include <torch/torch.h>

#include <optional>
#include <vector>

#include "inference/curriculum.h"
#include "inference/teaching.h"
#include "inference/torch/training_state.h"

namespace inference {

// What one step is learnt from.
struct StepViews {
    std::vector<std::size_t> batch;     // examples of the set, a row each
    std::vector<std::size_t> untaught;  // places among what nobody has labelled, a row each after those
    std::vector<Side> sides;            // of every row
    torch::Tensor seen;                 // rows x frames x values, as motion_features writes them
    torch::Tensor asked;  // weak views of the untaught rows, for the teacher; undefined where there are none

    [[nodiscard]] bool has_teacher() const { return asked.defined(); }
};

// What both trainers do alike in a step: it draws views of the next batch, and says how wrong the answers are.
//
// Thread: one.
class Course {
public:
    // All that is passed by reference outlives it.
    Course(const MotionSet& motions, const TrainingSet& set, const LearningOptions& options, Random& random);

    StepViews draw(int frames);
    // From logits of all rows, and those of the teacher, on the processor. The gradient is that of all rows.
    BatchLoss loss(int step, const StepViews& views, std::span<const float> logits, std::span<const float> teacher);

    [[nodiscard]] double rate(int step) const { return curriculum_.rate(step); }
    [[nodiscard]] std::vector<float> late_losses() const { return curriculum_.late_losses(); }
    // The sample of a row.
    [[nodiscard]] std::size_t sample(const StepViews& views, std::size_t row) const;

    void add_to(TrainingState& state) const;
    void go_on_from(const TrainingState& state);

private:
    torch::Tensor drawn(const std::vector<std::size_t>& samples, int frames, const Augmentation& augmentation,
                        std::vector<Side>& sides);

    const MotionSet& motions_;
    const TrainingSet& set_;
    const LearningOptions& options_;
    Random& random_;
    Curriculum curriculum_;
    std::optional<Teaching> teaching_;
};

}  // namespace inference
