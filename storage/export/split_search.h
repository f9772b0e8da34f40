#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace storage {

// What must stay together: its share of the whole, and of each stratum that it has a part in.
struct SplitUnit {
    double share = 0;
    std::vector<std::pair<std::size_t, double>> strata;  // (stratum, share of that stratum), by stratum
    std::string tie;                                     // decides between units of like size
};

// The bin of each unit, so that
//   sum over bins of (share - target)^2  +  mean over strata of sum over bins of (stratum's share - target)^2
// is small: the largest units first, each to where it lowers the sum most; then single units move and
// pairs swap for as long as that helps. Bins with a positive target stay empty only if there are fewer units
// than such bins; bins with target 0 stay empty. `targets` sum to 1.
//
// Units of like size (within a factor of two) come in the order of `tie`, which the caller draws from the seed and
// names: so another seed gives another assignment, and a unit that is added changes no other unit's rank.
// The same input gives the same bins.
std::vector<std::size_t> distribute(const std::vector<SplitUnit>& units, std::size_t strata,
                                    const std::vector<double>& targets, std::uint64_t seed);

}  // namespace storage
