#include "inference/maximum_entropy.h"

#include <algorithm>
#include <cmath>

namespace inference {

namespace {

constexpr std::uint64_t bins = std::tuple_size_v<GreyHistogram>;

// What a part contributes: ln N - (sum of n ln n) / N, for its counts n and their sum N.
struct Part {
    double count = 0;
    double sum_count_log = 0;

    void add(std::uint64_t in_bin) {
        if (in_bin == 0) return;
        const auto n = static_cast<double>(in_bin);
        count += n;
        sum_count_log += n * std::log(n);
    }
    [[nodiscard]] double entropy() const { return std::log(count) - sum_count_log / count; }
};

// Sums in another order differ in their last digits; that is no difference of entropies.
constexpr double equal_entropies = 1e-9;

// How the values are dealt into bins.
class DepthBins {
public:
    DepthBins(std::uint16_t smallest, std::uint16_t highest)
        : smallest_(smallest), width_(std::uint64_t{highest} - smallest + 1) {}

    [[nodiscard]] std::size_t bin_of(std::uint16_t value) const {
        return static_cast<std::size_t>(std::min(bins - 1, (std::uint64_t{value} - smallest_) * bins / width_));
    }
    // The largest value that is in that bin or in one below it.
    [[nodiscard]] std::uint16_t largest_in(std::size_t bin) const {
        return static_cast<std::uint16_t>(smallest_ + ((bin + 1) * width_ - 1) / bins);
    }

private:
    std::uint64_t smallest_, width_;
};

}  // namespace

std::optional<std::size_t> maximum_entropy_bin(const GreyHistogram& histogram) {
    // above[t]: the part (t, 255].
    std::array<Part, bins> above{};
    for (std::size_t t = bins - 1; t > 0; --t) {
        above[t - 1] = above[t];
        above[t - 1].add(histogram[t]);
    }
    std::optional<std::size_t> best;
    double highest = 0;
    Part below;
    for (std::size_t t = 0; t + 1 < bins; ++t) {
        below.add(histogram[t]);
        if (below.count == 0 || above[t].count == 0) continue;
        const double sum = below.entropy() + above[t].entropy();
        if (best && sum <= highest + equal_entropies) continue;
        best = t;
        highest = sum;
    }
    return best;
}

std::optional<std::uint8_t> maximum_entropy_threshold(std::span<const std::uint8_t> grey) {
    GreyHistogram histogram{};
    for (const std::uint8_t value : grey) ++histogram[value];
    const auto bin = maximum_entropy_bin(histogram);
    return bin ? std::optional(static_cast<std::uint8_t>(*bin)) : std::nullopt;
}

std::optional<std::uint16_t> maximum_entropy_threshold(std::span<const std::uint16_t> depth) {
    std::vector<std::uint16_t> measured;
    std::ranges::copy_if(depth, std::back_inserter(measured), [](std::uint16_t value) { return value != 0; });
    if (measured.empty()) return std::nullopt;
    const auto percentile = measured.begin() + static_cast<std::ptrdiff_t>((measured.size() - 1) * 99 / 100);
    std::ranges::nth_element(measured, percentile);
    const DepthBins deal(*std::min_element(measured.begin(), percentile + 1), *percentile);
    GreyHistogram histogram{};
    for (const std::uint16_t value : measured) ++histogram[deal.bin_of(value)];
    const auto bin = maximum_entropy_bin(histogram);
    return bin ? std::optional(deal.largest_in(*bin)) : std::nullopt;
}

std::vector<std::uint8_t> nearer_part(std::span<const std::uint16_t> depth, std::uint16_t threshold) {
    std::vector<std::uint8_t> mask(depth.size());
    std::ranges::transform(depth, mask.begin(), [threshold](std::uint16_t value) {
        return static_cast<std::uint8_t>(0 < value && value <= threshold);
    });
    return mask;
}

}  // namespace inference
