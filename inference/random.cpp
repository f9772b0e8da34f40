#include "inference/random.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "inference/parallel.h"

namespace inference {

namespace {

KINETOGRAPH_VECTORISED void mark_dropped(float* __restrict mask, const std::uint8_t* __restrict bytes,
                                         std::size_t count, std::uint8_t threshold, float kept) {
    for (std::size_t i = 0; i < count; ++i) mask[i] = bytes[i] < threshold ? 0.0F : kept;
}

}  // namespace

Random::Random(std::uint64_t seed) : state_{} {
    for (std::uint64_t& word : state_) {  // splitmix64
        seed += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
        word = mixed ^ (mixed >> 31U);
    }
}

std::uint64_t Random::bits() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Random::uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(bits() >> 11U) * 0x1.0p-53;
}

double Random::normal() {
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::size_t Random::below(std::size_t bound) {
    return std::min(static_cast<std::size_t>(uniform() * static_cast<double>(bound)), bound - 1);
}

std::vector<std::size_t> Random::permutation(std::size_t count) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t left = count; left > 1; --left) std::swap(order[left - 1], order[below(left)]);
    return order;
}

void Random::dropout_mask(std::span<float> mask, double probability) {
    const auto threshold = static_cast<std::uint8_t>(std::clamp(std::lround(probability * 256), 0L, 255L));
    const float kept = 256.0F / static_cast<float>(256 - threshold);
    std::array<std::uint64_t, 64> words{};
    std::array<std::uint8_t, sizeof(words)> bytes{};
    for (std::size_t begin = 0; begin < mask.size(); begin += bytes.size()) {
        for (std::uint64_t& word : words) word = bits();
        bytes = std::bit_cast<std::array<std::uint8_t, sizeof(words)>>(words);
        mark_dropped(&mask[begin], bytes.data(), std::min(bytes.size(), mask.size() - begin), threshold, kept);
    }
}

}  // namespace inference
