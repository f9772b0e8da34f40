#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>

namespace annotator::synth {

// Numbers that are the same on every machine: std::mt19937_64 is portable, the
// distributions of the standard library are not.
//
// Thread: one.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    // An independent stream for each path, so that one take does not depend on how many
    // others are drawn, or in which order: Random(seed, {category, performer, take}).
    Random(std::uint64_t seed, std::initializer_list<std::uint64_t> path);

    double uniform(double low, double high);  // [low, high)
    std::size_t below(std::size_t count);     // 0 … count - 1; count > 0
    double gaussian();                        // mean 0, deviation 1, within ±6
    bool chance(double probability);

private:
    std::mt19937_64 engine_;
};

}  // namespace annotator::synth
