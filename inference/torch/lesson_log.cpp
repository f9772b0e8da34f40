#include "inference/torch/lesson_log.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "inference/torch/checkpoint.h"
#include "inference/torch/torch_support.h"

namespace inference {

namespace {

constexpr const char* family = "unfinished training";
constexpr std::size_t most_trainings = 16;
// The columns of the curve after the two numbers of steps.
constexpr std::array<const char*, 7> figures{
    "total", "dice", "cross_entropy", "unlabelled", "sure", "validation_accuracy", "validation_macro_f1"};

std::string prefix_of(std::size_t training) { return std::to_string(training) + "/"; }

torch::Tensor tensor_of(const std::vector<TrainProgress>& curve) {
    torch::Tensor rows =
        torch::full({static_cast<std::int64_t>(curve.size()), 2 + std::ssize(figures)}, std::nan(""), torch::kDouble);
    auto* value = rows.data_ptr<double>();
    for (const TrainProgress& progress : curve) {
        *value++ = progress.step;
        *value++ = progress.steps;
        for (const char* const figure : figures) {
            const auto found = progress.losses.find(figure);
            if (found != progress.losses.end()) *value = found->second;
            ++value;
        }
    }
    return rows;
}

std::vector<TrainProgress> curve_from(const torch::Tensor& rows) {
    if (rows.dim() != 2 || rows.size(1) != 2 + std::ssize(figures)) throw std::runtime_error("its curve is damaged");
    std::vector<TrainProgress> curve;
    const auto* value = rows.data_ptr<double>();
    for (std::int64_t row = 0; row < rows.size(0); ++row) {
        TrainProgress progress{static_cast<int>(value[0]), static_cast<int>(value[1]), {}};
        for (std::size_t i = 0; i < figures.size(); ++i)
            if (!std::isnan(value[2 + i])) progress.losses[figures[i]] = value[2 + i];
        curve.push_back(std::move(progress));
        value += rows.size(1);
    }
    return curve;
}

}  // namespace

LessonLog::LessonLog(const Interruption& interruption) : interruption_(interruption) {
    if (!std::filesystem::exists(interruption.file)) return;
    try {
        read();
    } catch (const std::exception& error) {
        forget(error);
    }
}

void LessonLog::forget(const std::exception& reason) {
    trainings_.clear();
    curve_.clear();
    steps_ = 0;
    problem_ = "what was left of an interrupted training cannot be used, so it began anew: " + first_line(reason);
}

void LessonLog::read() {
    Checkpoint checkpoint = read_checkpoint(interruption_.file);
    if (checkpoint.family != family || checkpoint.layout != interruption_.fingerprint) return;
    curve_ = curve_from(part_of(checkpoint.tensors, "curve", torch::kDouble));
    checkpoint.tensors.erase("curve");
    trainings_.resize(static_cast<std::size_t>(checkpoint.whole("trainings", 0, most_trainings)));
    for (std::size_t training = 0; training < trainings_.size(); ++training) {
        const std::string prefix = prefix_of(training);
        for (const auto& [name, tensor] : checkpoint.tensors)
            if (name.starts_with(prefix)) trainings_[training][name.substr(prefix.size())] = tensor;
        steps_ += step_of(trainings_[training]);
    }
}

void LessonLog::write() {
    Checkpoint checkpoint{family, interruption_.fingerprint, {}, {}, {}};
    checkpoint.options["trainings"] = static_cast<double>(trainings_.size());
    checkpoint.tensors["curve"] = tensor_of(curve_);
    for (std::size_t training = 0; training < trainings_.size(); ++training)
        for (const auto& [name, tensor] : trainings_[training]) checkpoint.tensors[prefix_of(training) + name] = tensor;
    write_checkpoint(checkpoint, interruption_.file);
}

const TrainingState* LessonLog::of(std::size_t training) const {
    return training < trainings_.size() ? &trainings_[training] : nullptr;
}

bool LessonLog::is_due() const {
    return std::chrono::steady_clock::now() - written_ >= std::chrono::duration<double>(interruption_.seconds);
}

void LessonLog::keep(std::size_t training, TrainingState state, std::vector<TrainProgress> curve) {
    if (trainings_.size() <= training) trainings_.resize(training + 1);
    trainings_[training] = std::move(state);
    curve_ = std::move(curve);
    if (!is_due()) return;
    try {
        write();
    } catch (const std::runtime_error& error) {
        problem_ = "it could not be kept on the way, so an interruption would have lost it: " + first_line(error);
    }
    written_ = std::chrono::steady_clock::now();
}

}  // namespace inference
