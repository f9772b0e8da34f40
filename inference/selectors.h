#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "inference/dtw.h"
#include "inference/model_family.h"

// Which samples a person should label next (models.md 3.2).
namespace inference {

enum class Strategy { random, balanced_random, entropy, margin, ohem, core_set, facility, diverse_hard };

inline constexpr std::array<std::string_view, 8> strategy_names{
    "random", "balanced-random", "entropy", "margin", "ohem", "coreset", "facility", "diverse-hard"};

std::optional<Strategy> strategy_named(std::string_view name);

// uncertain: entropy in nats. narrow_margin: between the two best probabilities.
// high_loss: the ohem score. novel: how far it is from the nearest chosen sample, by
// distance for core_set, else 1 less their similarity. representative: how much more
// alike the pool gets to what is chosen. rare_class: how many of its class are chosen
// already. drawn: at random.
enum class ReasonKind { drawn, uncertain, narrow_margin, high_loss, novel, representative, rare_class };

inline constexpr std::array<std::string_view, 7> reason_names{"drawn", "uncertain",      "narrow_margin", "high_loss",
                                                              "novel", "representative", "rare_class"};

struct Reason {
    ReasonKind kind = ReasonKind::drawn;
    double value = 0;
};

struct Pick {
    std::size_t sample = 0;
    double score = 0;  // larger is sooner; comparable within one call
    std::vector<Reason> reasons;
};

// The pool as a selector sees it. What a strategy does not use may be left out; what it
// uses covers the whole pool, chosen samples included.
struct Pool {
    std::size_t samples = 0;
    std::span<const std::size_t> chosen = {};         // already labelled, in the order of choice
    const DistanceMatrix* distances = nullptr;        // facility, diverse_hard
    const Prediction* prediction = nullptr;           // entropy, margin, ohem, core_set, diverse_hard
    std::span<const int> truth = {};                  // balanced_random, which only a simulation can do
    std::span<const std::uint8_t> unselectable = {};  // 1 for samples never to be picked; may be empty
};

// The next `count` samples, first choice first; fewer when the pool runs out. The same
// arguments give the same picks; of equal scores the lower index wins. diverse_hard
// without a prediction falls back on facility. Throws std::invalid_argument naming what
// the strategy needs.
std::vector<Pick> select(Strategy strategy, const Pool& pool, std::size_t count, std::uint64_t seed);

struct Round {
    Strategy strategy = Strategy::random;
    std::size_t labelled = 0;  // samples that are labelled when the round is over

    bool operator==(const Round&) const = default;
};

// Rounds up to `budget` (share of the samples). diverse_hard: facility to 10 %, then 5 % of
// the samples a round, and margin beyond 20 %. Other strategies that need a model begin
// with 5 % at random, all go on in steps of 5 %.
std::vector<Round> schedule(Strategy strategy, std::size_t samples, double budget);

// Rounds that end at each of those shares of the samples, with the usual steps up to 20 % between them and none beyond:
// what a learning curve through these points takes. Throws std::invalid_argument for a share that is not in (0, 1].
std::vector<Round> schedule_through(Strategy strategy, std::size_t samples, std::span<const double> shares);

}  // namespace inference
