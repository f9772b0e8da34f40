#include "inference/torch/training_state.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace inference {

namespace {

torch::Tensor whole_numbers(const auto& values) {
    torch::Tensor tensor = torch::empty({static_cast<std::int64_t>(values.size())}, torch::kLong);
    std::ranges::transform(values, tensor.data_ptr<std::int64_t>(),
                           [](auto value) { return static_cast<std::int64_t>(value); });
    return tensor;
}

std::span<const std::int64_t> numbers_of(const TrainingState& state, const std::string& name) {
    const torch::Tensor& tensor = part_of(state, name, torch::kLong);
    return {tensor.data_ptr<std::int64_t>(), static_cast<std::size_t>(tensor.numel())};
}

std::vector<float> values_of(const TrainingState& state, const std::string& name) {
    const torch::Tensor& tensor = part_of(state, name, torch::kFloat);
    return {tensor.data_ptr<float>(), tensor.data_ptr<float>() + tensor.numel()};
}

}  // namespace

const torch::Tensor& part_of(const TrainingState& state, const std::string& name, torch::ScalarType type) {
    const auto found = state.find(name);
    if (found == state.end() || found->second.scalar_type() != type || !found->second.is_contiguous())
        throw std::runtime_error("it lacks '" + name + "'");
    return found->second;
}

void copy_part(const TrainingState& state, const std::string& name, torch::Tensor to) {
    const torch::NoGradGuard guard;
    const torch::Tensor& from = part_of(state, name, to.scalar_type());
    if (from.sizes() != to.sizes()) throw std::runtime_error("its '" + name + "' have an unexpected shape");
    to.copy_(from);
}

void add_step(TrainingState& state, int step) { state["step"] = torch::full({1}, step, torch::kLong); }

int step_of(const TrainingState& state) {
    const auto numbers = numbers_of(state, "step");
    if (numbers.size() != 1 || numbers[0] < 0 || numbers[0] > 1'000'000'000)
        throw std::runtime_error("its step is out of range");
    return static_cast<int>(numbers[0]);
}

void add(TrainingState& state, const Random& random) { state["random"] = whole_numbers(random.state()); }

void go_on_from(const TrainingState& state, Random& random) {
    const auto numbers = numbers_of(state, "random");
    Random::State words{};
    if (numbers.size() != words.size()) throw std::runtime_error("its 'random' has an unexpected shape");
    std::ranges::transform(numbers, words.begin(),
                           [](std::int64_t word) { return std::bit_cast<std::uint64_t>(word); });
    random.go_on_from(words);
}

void add(TrainingState& state, const Curriculum& curriculum) {
    const Curriculum::State& now = curriculum.state();
    state["queue"] = whole_numbers(now.queue);
    state["loss_sums"] = torch::tensor(now.loss_sums, torch::kFloat);
    state["loss_counts"] = whole_numbers(now.loss_counts);
}

void go_on_from(const TrainingState& state, Curriculum& curriculum) {
    Curriculum::State before;
    for (const std::int64_t example : numbers_of(state, "queue"))
        before.queue.push_back(static_cast<std::size_t>(example));
    before.loss_sums = values_of(state, "loss_sums");
    for (const std::int64_t count : numbers_of(state, "loss_counts"))
        before.loss_counts.push_back(static_cast<int>(count));
    curriculum.go_on_from(std::move(before));
}

void add(TrainingState& state, const Teaching& teaching) {
    const Teaching::State& now = teaching.state();
    state["untaught_queue"] = whole_numbers(now.queue);
    state["taught_means"] = torch::tensor(now.means, torch::kFloat);
    state["taught_confidence"] = torch::tensor(now.confidence, torch::kFloat);
}

void go_on_from(const TrainingState& state, Teaching& teaching) {
    Teaching::State before;
    for (const std::int64_t place : numbers_of(state, "untaught_queue"))
        before.queue.push_back(static_cast<std::size_t>(place));
    before.means = values_of(state, "taught_means");
    before.confidence = values_of(state, "taught_confidence");
    teaching.go_on_from(std::move(before));
}

void add(TrainingState& state, const EarlyStopping& stopping) {
    const EarlyStopping::State& now = stopping.state();
    state["best_value"] = torch::full({1}, now.best, torch::kDouble);
    add(state, "best_looks", std::vector<int>{now.best_step, now.in_vain});
}

void go_on_from(const TrainingState& state, EarlyStopping& stopping) {
    const torch::Tensor& best = part_of(state, "best_value", torch::kDouble);
    const std::vector<int> looks = numbers_in(state, "best_looks");
    if (best.numel() != 1 || looks.size() != 2) throw std::runtime_error("its best step is damaged");
    stopping.go_on_from({best.data_ptr<double>()[0], looks[0], looks[1]});
}

void mark_ended(TrainingState& state) { add(state, "ended", std::vector<int>{1}); }

bool has_ended(const TrainingState& state) { return !numbers_in(state, "ended").empty(); }

void add(TrainingState& state, const std::string& name, std::span<const int> numbers) {
    state[name] = whole_numbers(numbers);
}

std::vector<int> numbers_in(const TrainingState& state, const std::string& name) {
    std::vector<int> numbers;
    if (!state.contains(name)) return numbers;
    for (const std::int64_t number : numbers_of(state, name)) {
        if (number < -1'000'000'000 || number > 1'000'000'000)
            throw std::runtime_error("its '" + name + "' are damaged");
        numbers.push_back(static_cast<int>(number));
    }
    return numbers;
}

}  // namespace inference
