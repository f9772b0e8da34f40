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
    const torch::Tensor& sums = part_of(state, "loss_sums", torch::kFloat);
    before.loss_sums.assign(sums.data_ptr<float>(), sums.data_ptr<float>() + sums.numel());
    for (const std::int64_t count : numbers_of(state, "loss_counts"))
        before.loss_counts.push_back(static_cast<int>(count));
    curriculum.go_on_from(std::move(before));
}

}  // namespace inference
