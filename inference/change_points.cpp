#include "inference/change_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

// Sums over rows 0 … r of a signal and of its squares, for the cost of any run of rows.
class RunCosts {
public:
    RunCosts(std::span<const float> signal, std::size_t width)
        : width_(width), rows_(signal.size() / width), sums_((rows_ + 1) * width), squares_(rows_ + 1) {
        for (std::size_t row = 0; row < rows_; ++row) {
            double squares = squares_[row];
            for (std::size_t i = 0; i < width; ++i) {
                const auto value = static_cast<double>(signal[row * width + i]);
                sums_[(row + 1) * width + i] = sums_[row * width + i] + value;
                squares += value * value;
            }
            squares_[row + 1] = squares;
        }
    }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    // Squared distance of rows [begin, end) from their mean.
    [[nodiscard]] double operator()(std::size_t begin, std::size_t end) const {
        double of_mean = 0;
        for (std::size_t i = 0; i < width_; ++i) {
            const double sum = sums_[end * width_ + i] - sums_[begin * width_ + i];
            of_mean += sum * sum;
        }
        return std::max(0.0, squares_[end] - squares_[begin] - of_mean / static_cast<double>(end - begin));
    }

private:
    std::size_t width_;
    std::size_t rows_;
    std::vector<double> sums_;
    std::vector<double> squares_;
};

// The start of a last segment that may still turn out best.
struct Candidate {
    std::size_t start = 0;
    std::size_t useful_until = std::numeric_limits<std::size_t>::max();
};

std::optional<std::vector<std::size_t>> pelt(const RunCosts& cost, double penalty, std::size_t shortest,
                                             const std::stop_token& stop) {
    const std::size_t rows = cost.rows();
    if (shortest == 0 || rows < 2 * shortest) return std::vector<std::size_t>{};
    std::vector<double> best(rows + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> previous(rows + 1, 0);
    best[0] = -penalty;
    std::vector<Candidate> candidates;
    for (std::size_t end = shortest; end <= rows; ++end) {
        if (stop.stop_requested()) return std::nullopt;
        const std::size_t fresh = end - shortest;
        if (fresh == 0 || fresh >= shortest) candidates.push_back({fresh});
        for (Candidate& candidate : candidates) {
            const double without_penalty = best[candidate.start] + cost(candidate.start, end);
            if (without_penalty + penalty < best[end]) {
                best[end] = without_penalty + penalty;
                previous[end] = candidate.start;
            }
        }
        // A change at `end` beats these from the moment on that a segment fits behind it.
        for (Candidate& candidate : candidates)
            if (best[candidate.start] + cost(candidate.start, end) > best[end])
                candidate.useful_until = std::min(candidate.useful_until, end + shortest);
        std::erase_if(candidates, [end](const Candidate& candidate) { return candidate.useful_until <= end + 1; });
    }
    std::vector<std::size_t> points;
    for (std::size_t at = previous[rows]; at > 0; at = previous[at]) points.push_back(at);
    std::ranges::reverse(points);
    return points;
}

}  // namespace

std::optional<std::vector<std::size_t>> pelt(std::span<const float> signal, std::size_t width, double penalty,
                                             std::size_t shortest, std::stop_token stop) {
    if (width == 0 || signal.size() % width != 0) throw std::invalid_argument("a signal is not made of whole rows");
    return pelt(RunCosts(signal, width), penalty, shortest, stop);
}

}  // namespace inference
