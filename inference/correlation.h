#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace inference {

// Sums of products of one signal with another that is moved along it, by FFT.
// at(lag) = sum over i of a[i + lag] * b[i], for -b.size() < lag < a.size(); 0 beyond.
struct CrossCorrelation {
    std::vector<float> values;
    std::ptrdiff_t first_lag = 0;

    [[nodiscard]] float at(std::ptrdiff_t lag) const {
        const std::ptrdiff_t i = lag - first_lag;
        return 0 <= i && i < static_cast<std::ptrdiff_t>(values.size()) ? values[static_cast<std::size_t>(i)] : 0;
    }
};

CrossCorrelation cross_correlation(std::span<const float> a, std::span<const float> b);

// The same with the spectrum flattened: each frequency counts by its magnitude to the power of
// 1 - whitening (Knapp and Carter 1976; 1 is their phase transform). 1 at the lag where b is a, moved round;
// around it, as in a circle. Both of the same size, a power of two of at least 4.
// values[i] is for lag i, and for lag i - size.
std::vector<float> circular_phase_correlation(std::span<const float> a, std::span<const float> b, double whitening);

}  // namespace inference
