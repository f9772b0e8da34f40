#include "storage/export/split_search.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace storage {
namespace {

constexpr double least_gain = 1e-12;
constexpr int most_passes = 20;
constexpr std::size_t all_pairs_up_to = 400;
constexpr std::size_t random_pairs = 50'000;

class Search {
public:
    Search(const std::vector<SplitUnit>& units, std::size_t strata, const std::vector<double>& targets)
        : units_(units),
          targets_(targets),
          bin_of_(units.size(), nowhere),
          sizes_(targets.size(), 0),
          shares_(targets.size(), 0),
          strata_(targets.size(), std::vector<double>(strata, 0)),
          stratum_weight_(strata == 0 ? 0 : 1 / static_cast<double>(strata)) {}

    void place_largest_first() {
        std::vector<std::size_t> order(units_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const int size_a = magnitude(units_[a]), size_b = magnitude(units_[b]);
            return size_a != size_b ? size_a > size_b : units_[a].tie < units_[b].tie;
        });
        for (std::size_t i = 0; i < order.size(); ++i) put(order[i], best_bin(order[i], order.size() - i));
    }

    void improve(std::uint64_t seed) {
        std::mt19937_64 random(seed);
        for (int pass = 0; pass < most_passes; ++pass) {
            bool better = false;
            for (std::size_t i = 0; i < units_.size(); ++i) better |= try_moves(i);
            better |= units_.size() <= all_pairs_up_to ? try_all_swaps() : try_random_swaps(random);
            if (!better) return;
        }
    }

    [[nodiscard]] const std::vector<std::size_t>& bins() const { return bin_of_; }

private:
    static constexpr auto nowhere = static_cast<std::size_t>(-1);

    static int magnitude(const SplitUnit& unit) { return unit.share > 0 ? std::ilogb(unit.share) : -2000; }

    bool may_receive(std::size_t bin) const { return targets_[bin] > 0; }
    bool may_lose_one(std::size_t bin) const { return sizes_[bin] > 1; }

    // (x + w - t)^2 - (x - t)^2, summed as in distribute().
    double cost_of_adding(const SplitUnit& unit, std::size_t bin) const {
        double cost = unit.share * (unit.share + 2 * (shares_[bin] - targets_[bin]));
        double strata = 0;
        for (const auto& [stratum, share] : unit.strata)
            strata += share * (share + 2 * (strata_[bin][stratum] - targets_[bin]));
        return cost + stratum_weight_ * strata;
    }

    std::size_t best_bin(std::size_t unit, std::size_t left) const {
        const auto empty =
            static_cast<std::size_t>(std::count_if(targets_.begin(), targets_.end(), [&](const double& t) {
                return t > 0 && sizes_[static_cast<std::size_t>(&t - targets_.data())] == 0;
            }));
        std::size_t best = nowhere;
        double least = 0;
        for (std::size_t bin = 0; bin < targets_.size(); ++bin) {
            if (!may_receive(bin) || (left <= empty && sizes_[bin] > 0)) continue;
            const double cost = cost_of_adding(units_[unit], bin);
            if (best == nowhere || cost < least - least_gain) {
                best = bin;
                least = cost;
            }
        }
        return best;
    }

    void put(std::size_t unit, std::size_t bin) { change(unit, bin, 1); }
    void take(std::size_t unit) { change(unit, bin_of_[unit], -1); }

    void change(std::size_t unit, std::size_t bin, int sign) {
        bin_of_[unit] = bin;
        sizes_[bin] += sign;
        shares_[bin] += sign * units_[unit].share;
        for (const auto& [stratum, share] : units_[unit].strata) strata_[bin][stratum] += sign * share;
    }

    bool try_moves(std::size_t unit) {
        const std::size_t from = bin_of_[unit];
        if (!may_lose_one(from)) return false;
        take(unit);
        std::size_t best = from;
        double least = cost_of_adding(units_[unit], from);
        for (std::size_t bin = 0; bin < targets_.size(); ++bin) {
            if (bin == from || !may_receive(bin)) continue;
            const double cost = cost_of_adding(units_[unit], bin);
            if (cost < least - least_gain) {
                best = bin;
                least = cost;
            }
        }
        put(unit, best);
        return best != from;
    }

    bool try_swap(std::size_t a, std::size_t b) {
        const std::size_t bin_a = bin_of_[a], bin_b = bin_of_[b];
        if (bin_a == bin_b) return false;
        take(a);
        take(b);
        const double stay = cost_of_adding(units_[a], bin_a) + cost_of_adding(units_[b], bin_b);
        const double swap = cost_of_adding(units_[a], bin_b) + cost_of_adding(units_[b], bin_a);
        const bool better = swap < stay - least_gain;
        put(a, better ? bin_b : bin_a);
        put(b, better ? bin_a : bin_b);
        return better;
    }

    bool try_all_swaps() {
        bool better = false;
        for (std::size_t a = 0; a < units_.size(); ++a)
            for (std::size_t b = a + 1; b < units_.size(); ++b) better |= try_swap(a, b);
        return better;
    }

    bool try_random_swaps(std::mt19937_64& random) {
        bool better = false;
        for (std::size_t i = 0; i < random_pairs; ++i) {
            const std::size_t a = random() % units_.size(), b = random() % units_.size();
            better |= try_swap(a, b);
        }
        return better;
    }

    const std::vector<SplitUnit>& units_;
    const std::vector<double>& targets_;
    std::vector<std::size_t> bin_of_;
    std::vector<int> sizes_;
    std::vector<double> shares_;
    std::vector<std::vector<double>> strata_;  // [bin][stratum]
    double stratum_weight_;
};

}  // namespace

std::vector<std::size_t> distribute(const std::vector<SplitUnit>& units, std::size_t strata,
                                    const std::vector<double>& targets, std::uint64_t seed) {
    Search search(units, strata, targets);
    search.place_largest_first();
    search.improve(seed);
    return search.bins();
}

}  // namespace storage
