#include "annotator/workflows/synth/random.h"

namespace annotator::synth {
namespace {

// SplitMix64, https://prng.di.unimi.it/splitmix64.c
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

std::uint64_t seed_of(std::uint64_t seed, std::initializer_list<std::uint64_t> path) {
    std::uint64_t result = mixed(seed);
    for (const std::uint64_t part : path) result = mixed(result ^ part);
    return result;
}

}  // namespace

Random::Random(std::uint64_t seed, std::initializer_list<std::uint64_t> path) : engine_(seed_of(seed, path)) {}

double Random::uniform(double low, double high) {
    constexpr double unit = 1.0 / 9007199254740992.0;  // 2^-53
    return low + (high - low) * (static_cast<double>(engine_() >> 11U) * unit);
}

// With a 64-bit draw the bias of the remainder is far below anything measurable here.
std::size_t Random::below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

// The sum of twelve uniform draws: no logarithm, so no difference between math libraries.
double Random::gaussian() {
    double sum = -6;
    for (int draw = 0; draw < 12; ++draw) sum += uniform(0, 1);
    return sum;
}

bool Random::chance(double probability) { return uniform(0, 1) < probability; }

}  // namespace annotator::synth
