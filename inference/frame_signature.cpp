#include "inference/frame_signature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace inference {

namespace {

constexpr std::size_t side = 32;
constexpr std::size_t kept = 8;

// basis[k][x] of the cosine transform for the frequencies 1 … 8.
std::array<std::array<float, side>, kept> cosines() {
    std::array<std::array<float, side>, kept> basis{};
    for (std::size_t k = 0; k < kept; ++k)
        for (std::size_t x = 0; x < side; ++x)
            basis[k][x] = static_cast<float>(std::cos(std::numbers::pi / static_cast<double>(side) *
                                                      (static_cast<double>(x) + 0.5) * static_cast<double>(k + 1)));
    return basis;
}

}  // namespace

std::uint64_t frame_signature(const LumaPicture& picture) {
    static const auto basis = cosines();
    const std::vector<float> cells = cell_means(picture, static_cast<int>(side), static_cast<int>(side));
    std::array<std::array<float, side>, kept> across{};  // frequency over x, then y
    for (std::size_t k = 0; k < kept; ++k)
        for (std::size_t y = 0; y < side; ++y)
            for (std::size_t x = 0; x < side; ++x) across[k][y] += basis[k][x] * cells[y * side + x];
    std::array<float, kept * kept> transform{};
    for (std::size_t k = 0; k < kept; ++k)
        for (std::size_t l = 0; l < kept; ++l)
            for (std::size_t y = 0; y < side; ++y) transform[k * kept + l] += basis[l][y] * across[k][y];
    std::array<float, kept* kept> sorted = transform;
    std::ranges::nth_element(sorted, sorted.begin() + sorted.size() / 2);
    const float median = sorted[sorted.size() / 2];
    std::uint64_t signature = 0;
    for (std::size_t i = 0; i < transform.size(); ++i)
        if (transform[i] > median) signature |= std::uint64_t{1} << i;
    return signature;
}

}  // namespace inference
