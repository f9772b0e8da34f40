#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace inference {

// xoshiro256++ (Blackman and Vigna 2019). The same seed draws the same on every machine,
// which the distributions of the standard library do not promise.
//
// Thread: one.
class Random {
public:
    explicit Random(std::uint64_t seed);

    std::uint64_t bits();
    double uniform(double low = 0, double high = 1);
    double normal();  // mean 0, deviation 1
    // 0 … bound-1.
    std::size_t below(std::size_t bound);
    // 0 … count-1 in random order.
    std::vector<std::size_t> permutation(std::size_t count);
    // Each value is 0 with that probability (to 1/256) and 1 / (1 - probability) otherwise.
    void dropout_mask(std::span<float> mask, double probability);

    // One that is given another's state goes on as that one would.
    using State = std::array<std::uint64_t, 4>;
    [[nodiscard]] const State& state() const { return state_; }
    void go_on_from(const State& state) { state_ = state; }

private:
    State state_;
};

}  // namespace inference
