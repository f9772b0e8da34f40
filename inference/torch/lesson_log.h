#pragma once

#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include "inference/model_family.h"
#include "inference/torch/training_state.h"

namespace inference {

// The trainings of a lesson as they were last, in a file, so that a lesson that was killed goes on where it was: what
// had been over is over, what had begun goes on, and everything in between is computed again.
class LessonLog {
public:
    // Reads what is there; what belongs to another lesson is no more than overwritten.
    explicit LessonLog(const Interruption& interruption);

    // How far the lesson had come, in its own steps; 0 where nothing was there.
    [[nodiscard]] int steps() const { return steps_; }
    [[nodiscard]] const std::vector<TrainProgress>& curve() const { return curve_; }
    // Of the training of that number; null when it had not begun.
    [[nodiscard]] const TrainingState* of(std::size_t training) const;

    // Begins anew: what was there does not fit.
    void forget(const std::exception& reason);

    [[nodiscard]] bool is_due() const;
    // Writes the file when that is due. A file that cannot be written ends nothing: problem() says why.
    void keep(std::size_t training, TrainingState state, std::vector<TrainProgress> curve);
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    void read();
    void write();

    const Interruption& interruption_;
    std::vector<TrainingState> trainings_;
    std::vector<TrainProgress> curve_;
    int steps_ = 0;
    std::string problem_;
    std::chrono::steady_clock::time_point written_ = std::chrono::steady_clock::now();
};

}  // namespace inference
