#include "inference/torch/structure_loss.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace inference {

torch::Tensor bigram_transitions(std::span<const std::vector<int>> sequences, int units) {
    torch::Tensor counts = torch::ones({units + 1, units + 1});
    auto count = counts.accessor<float, 2>();
    for (const std::vector<int>& sequence : sequences) {
        if (sequence.empty()) continue;
        int before = units;
        for (const int unit : sequence) {
            if (unit < 0 || unit >= units)
                throw std::invalid_argument("there is no unit " + std::to_string(unit) + " among " +
                                            std::to_string(units));
            ++count[before][unit];
            before = unit;
        }
        ++count[before][units];
    }
    return counts / counts.sum(1, true);
}

torch::Tensor grammar_loss(const torch::Tensor& unit_probabilities, const torch::Tensor& log_transitions,
                           SequenceEnds ends) {
    const std::int64_t units = unit_probabilities.size(1);
    const std::int64_t times = unit_probabilities.size(2);
    const torch::Tensor between = log_transitions.narrow(0, 0, units).narrow(1, 0, units);
    torch::Tensor sum = torch::zeros({}, unit_probabilities.options());
    std::int64_t steps = times - 1;
    if (steps > 0) {
        const torch::Tensor before = unit_probabilities.narrow(2, 0, steps);
        const torch::Tensor after = unit_probabilities.narrow(2, 1, steps);
        sum = (before * torch::matmul(between, after)).sum();
    }
    if (ends == SequenceEnds::whole) {
        const torch::Tensor start = log_transitions.select(0, units).narrow(0, 0, units);
        const torch::Tensor end = log_transitions.select(1, units).narrow(0, 0, units);
        sum = sum + (unit_probabilities.select(2, 0) * start).sum() +
              (unit_probabilities.select(2, times - 1) * end).sum();
        steps += 2;
    }
    return -sum / static_cast<double>(std::max<std::int64_t>(1, steps * unit_probabilities.size(0)));
}

}  // namespace inference
