#include "inference/selectors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>

#include "inference/hard_examples.h"

namespace inference {

namespace {

// Added to the hardness over its mean, so that samples of no loss count too.
constexpr double hardness_floor = 1;

void require(bool fact, Strategy strategy, const char* need) {
    if (!fact)
        throw std::invalid_argument("selecting by " + std::string(strategy_names[static_cast<std::size_t>(strategy)]) +
                                    " needs " + need);
}

// Which samples may still be picked.
std::vector<std::uint8_t> open_samples(const Pool& pool) {
    std::vector<std::uint8_t> open(pool.samples, 1);
    for (std::size_t i = 0; i < pool.unselectable.size(); ++i)
        if (pool.unselectable[i] != 0) open[i] = 0;
    for (const std::size_t sample : pool.chosen) open.at(sample) = 0;
    return open;
}

void check_pool(Strategy strategy, const Pool& pool) {
    if (!pool.unselectable.empty() && pool.unselectable.size() != pool.samples)
        throw std::invalid_argument("a pool's list of unselectable samples does not cover it");
    for (const std::size_t sample : pool.chosen)
        if (sample >= pool.samples) throw std::invalid_argument("a chosen sample is not of the pool");
    const bool by_distance = strategy == Strategy::facility || strategy == Strategy::diverse_hard;
    require(!by_distance || (pool.distances != nullptr && pool.distances->size == pool.samples), strategy,
            "the distances between all samples of the pool");
    const bool by_model = strategy == Strategy::entropy || strategy == Strategy::margin || strategy == Strategy::ohem ||
                          strategy == Strategy::core_set;
    require(!by_model || pool.prediction != nullptr, strategy, "a model's prediction for the pool");
    require(strategy != Strategy::balanced_random || pool.truth.size() == pool.samples, strategy,
            "the true labels of the pool, which only a simulation has");
    if (pool.prediction == nullptr) return;
    const Prediction& prediction = *pool.prediction;
    require(prediction.classes > 0 &&
                prediction.probabilities.size() == pool.samples * static_cast<std::size_t>(prediction.classes),
            strategy, "a prediction that covers the whole pool");
    const bool by_hardness = strategy == Strategy::ohem || strategy == Strategy::diverse_hard;
    require(!by_hardness || prediction.hardness.size() == pool.samples, strategy, "the hardness of the whole pool");
    require(strategy != Strategy::core_set ||
                prediction.embedding.size() == pool.samples * static_cast<std::size_t>(prediction.features),
            strategy, "the embedding of the whole pool");
}

// The open sample of the largest score, the lowest index of equals; none when all are taken.
template <class Score>
std::optional<std::size_t> best_open(const std::vector<std::uint8_t>& open, Score&& score) {
    std::optional<std::size_t> best;
    double best_score = 0;
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (open[i] == 0) continue;
        const double value = score(i);
        if (best && !(value > best_score)) continue;
        best = i;
        best_score = value;
    }
    return best;
}

std::vector<std::size_t> shuffled_open(const std::vector<std::uint8_t>& open, std::uint64_t seed) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < open.size(); ++i)
        if (open[i] != 0) order.push_back(i);
    std::mt19937_64 engine(seed);
    for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[engine() % left]);
    return order;
}

// Another draw for every state of the pool, so that rounds with one seed differ.
std::uint64_t round_seed(const Pool& pool, std::uint64_t seed) {
    return seed * 0x9E3779B97F4A7C15U + pool.chosen.size();
}

std::vector<Pick> picked_at_random(const Pool& pool, std::size_t count, std::uint64_t seed) {
    std::vector<Pick> picks;
    for (const std::size_t sample : shuffled_open(open_samples(pool), round_seed(pool, seed))) {
        if (picks.size() == count) break;
        picks.push_back({sample, 0, {{ReasonKind::drawn, 0}}});
    }
    return picks;
}

std::vector<Pick> picked_balanced(const Pool& pool, std::size_t count, std::uint64_t seed) {
    std::vector<std::size_t> order = shuffled_open(open_samples(pool), round_seed(pool, seed));
    const int classes = pool.truth.empty() ? 0 : *std::ranges::max_element(pool.truth) + 1;
    std::vector<std::int64_t> chosen_of(static_cast<std::size_t>(std::max(classes, 0)));
    const auto class_of = [&pool](std::size_t sample) { return static_cast<std::size_t>(pool.truth[sample]); };
    std::erase_if(order, [&pool](std::size_t sample) { return pool.truth[sample] < 0; });
    for (const std::size_t sample : pool.chosen)
        if (pool.truth[sample] >= 0) ++chosen_of[class_of(sample)];
    std::vector<Pick> picks;
    while (picks.size() < count && !order.empty()) {
        const auto next =
            std::ranges::min_element(order, {}, [&](std::size_t sample) { return chosen_of[class_of(sample)]; });
        const auto before = static_cast<double>(chosen_of[class_of(*next)]++);
        picks.push_back({*next, -before, {{ReasonKind::rare_class, before}}});
        order.erase(next);
    }
    return picks;
}

std::vector<Reason> model_reasons(const Prediction& prediction, std::size_t sample) {
    std::vector<Reason> reasons{{ReasonKind::uncertain, entropy(prediction.row(sample))},
                                {ReasonKind::narrow_margin, margin(prediction.row(sample))}};
    if (!prediction.hardness.empty())
        reasons.insert(reasons.begin(), {ReasonKind::high_loss, static_cast<double>(prediction.hardness[sample])});
    return reasons;
}

double model_score(Strategy strategy, const Prediction& prediction, std::size_t sample) {
    if (strategy == Strategy::entropy) return entropy(prediction.row(sample));
    if (strategy == Strategy::margin) return 1 - margin(prediction.row(sample));
    return static_cast<double>(prediction.hardness[sample]);
}

std::vector<Pick> picked_by_model(Strategy strategy, const Pool& pool, std::size_t count) {
    const std::vector<std::uint8_t> open = open_samples(pool);
    std::vector<Pick> picks;
    for (std::size_t sample = 0; sample < pool.samples; ++sample)
        if (open[sample] != 0)
            picks.push_back(
                {sample, model_score(strategy, *pool.prediction, sample), model_reasons(*pool.prediction, sample)});
    std::ranges::stable_sort(picks, std::ranges::greater{}, &Pick::score);
    picks.resize(std::min(count, picks.size()));
    const ReasonKind first = strategy == Strategy::entropy  ? ReasonKind::uncertain
                             : strategy == Strategy::margin ? ReasonKind::narrow_margin
                                                            : ReasonKind::high_loss;
    for (Pick& pick : picks)
        std::ranges::stable_partition(pick.reasons, [first](const Reason& reason) { return reason.kind == first; });
    return picks;
}

// Greedy k-centre: always the sample that is furthest from all chosen ones.
std::vector<Pick> picked_as_core_set(const Pool& pool, std::size_t count, std::uint64_t seed) {
    const auto width = static_cast<std::size_t>(pool.prediction->features);
    const auto distance = [&](std::size_t a, std::size_t b) {
        double sum = 0;
        for (std::size_t i = 0; i < width; ++i) {
            const double difference = static_cast<double>(pool.prediction->embedding[a * width + i]) -
                                      static_cast<double>(pool.prediction->embedding[b * width + i]);
            sum += difference * difference;
        }
        return std::sqrt(sum);
    };
    std::vector<std::uint8_t> open = open_samples(pool);
    std::vector<double> nearest(pool.samples, std::numeric_limits<double>::infinity());
    const auto take = [&](std::size_t sample) {
        open[sample] = 0;
        for (std::size_t i = 0; i < pool.samples; ++i) nearest[i] = std::min(nearest[i], distance(i, sample));
    };
    for (const std::size_t sample : pool.chosen) take(sample);
    std::vector<Pick> picks;
    if (pool.chosen.empty() && count > 0) {
        picks = picked_at_random(pool, 1, seed);
        for (const Pick& pick : picks) take(pick.sample);
    }
    while (picks.size() < count) {
        const auto next = best_open(open, [&](std::size_t i) { return nearest[i]; });
        if (!next) break;
        picks.push_back({*next, nearest[*next], {{ReasonKind::novel, nearest[*next]}}});
        take(*next);
    }
    return picks;
}

// How alike two samples are, 0 to 1, where what is near is measured by how dense the pool
// is around both (self-tuning, Zelnik-Manor and Perona 2004). A plain distance lets
// outliers be picked first.
DistanceMatrix similarities(const DistanceMatrix& distances) {
    constexpr std::size_t neighbour = 5;
    const std::size_t count = distances.size;
    std::vector<float> scale(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<float> row(distances.row(i).begin(), distances.row(i).end());
        const auto at = row.begin() + static_cast<std::ptrdiff_t>(std::min(neighbour, count - 1));
        std::nth_element(row.begin(), at, row.end());
        scale[i] = std::max(*at, 1e-6F);
    }
    DistanceMatrix similar{count, std::vector<float>(count * count)};
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < count; ++j)
            similar.values[i * count + j] = std::exp(-distances.at(i, j) * distances.at(i, j) / (scale[i] * scale[j]));
    return similar;
}

// Greedy facility location: the sample that makes the pool, each by its weight, most alike
// to its nearest chosen one.
std::vector<Pick> picked_as_facilities(const Pool& pool, std::size_t count, std::span<const float> weights) {
    const DistanceMatrix similar = similarities(*pool.distances);
    std::vector<std::uint8_t> open = open_samples(pool);
    std::vector<float> covered(pool.samples, 0.0F);
    const auto take = [&](std::size_t sample) {
        open[sample] = 0;
        const std::span<const float> row = similar.row(sample);
        for (std::size_t i = 0; i < row.size(); ++i) covered[i] = std::max(covered[i], row[i]);
    };
    for (const std::size_t sample : pool.chosen) take(sample);
    const auto gain = [&](std::size_t sample) {
        const std::span<const float> row = similar.row(sample);
        float sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i) sum += weights[i] * std::max(row[i] - covered[i], 0.0F);
        return static_cast<double>(sum);
    };
    std::vector<Pick> picks;
    while (picks.size() < count) {
        const auto next = best_open(open, gain);
        if (!next) break;
        const double gained = gain(*next);
        picks.push_back(
            {*next,
             gained,
             {{ReasonKind::representative, gained}, {ReasonKind::novel, 1 - static_cast<double>(covered[*next])}}});
        take(*next);
    }
    return picks;
}

// Facility location in which what is hard to classify counts for more: it finds hard
// samples that stand for others, where distance times hardness finds outliers.
std::vector<Pick> picked_diverse_and_hard(const Pool& pool, std::size_t count) {
    const std::vector<std::uint8_t> open = open_samples(pool);
    const Prediction& prediction = *pool.prediction;
    double sum = 0;
    double counted = 0;
    for (std::size_t i = 0; i < pool.samples; ++i)
        if (open[i] != 0) {
            sum += static_cast<double>(prediction.hardness[i]);
            ++counted;
        }
    const double mean = sum > 0 ? sum / counted : 1;
    std::vector<float> weights(pool.samples, 0.0F);
    for (std::size_t i = 0; i < pool.samples; ++i)
        if (open[i] != 0)
            weights[i] = static_cast<float>(static_cast<double>(prediction.hardness[i]) / mean + hardness_floor);
    std::vector<Pick> picks = picked_as_facilities(pool, count, weights);
    for (Pick& pick : picks)
        for (const Reason& reason : model_reasons(prediction, pick.sample)) pick.reasons.push_back(reason);
    return picks;
}

}  // namespace

std::optional<Strategy> strategy_named(std::string_view name) {
    const auto found = std::ranges::find(strategy_names, name);
    if (found == strategy_names.end()) return std::nullopt;
    return static_cast<Strategy>(found - strategy_names.begin());
}

std::vector<Pick> select(Strategy strategy, const Pool& pool, std::size_t count, std::uint64_t seed) {
    if (strategy == Strategy::diverse_hard && pool.prediction == nullptr) strategy = Strategy::facility;
    check_pool(strategy, pool);
    switch (strategy) {
        case Strategy::random:
            return picked_at_random(pool, count, seed);
        case Strategy::balanced_random:
            return picked_balanced(pool, count, seed);
        case Strategy::entropy:
        case Strategy::margin:
        case Strategy::ohem:
            return picked_by_model(strategy, pool, count);
        case Strategy::core_set:
            return picked_as_core_set(pool, count, seed);
        case Strategy::facility:
            return picked_as_facilities(pool, count, std::vector<float>(pool.samples, 1.0F));
        case Strategy::diverse_hard:
            return picked_diverse_and_hard(pool, count);
    }
    throw std::invalid_argument("there is no such strategy");
}

std::vector<Round> schedule_through(Strategy strategy, std::size_t samples, std::span<const double> shares) {
    constexpr double rounding = 1e-9;
    const bool needs_model = strategy == Strategy::entropy || strategy == Strategy::margin ||
                             strategy == Strategy::ohem || strategy == Strategy::core_set;
    double last = 0;
    for (const double share : shares) {
        if (!(share > 0 && share <= 1))
            throw std::invalid_argument(
                "a point of a learning curve is a share of the samples, more than 0 and at most 1");
        last = std::max(last, share);
    }
    std::vector<double> ends(shares.begin(), shares.end());
    for (int step = strategy == Strategy::diverse_hard ? 2 : 1; step <= 4 && 0.05 * step < last; ++step)
        ends.push_back(0.05 * step);
    std::ranges::sort(ends);
    std::vector<Round> rounds;
    for (const double end : ends) {
        const std::size_t until =
            std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(end * static_cast<double>(samples))),
                                    std::min<std::size_t>(1, samples), samples);
        if (until == 0 || (!rounds.empty() && until <= rounds.back().labelled)) continue;
        Strategy by = strategy;
        if (needs_model && rounds.empty()) by = Strategy::random;
        if (strategy == Strategy::diverse_hard && end < 0.1 + rounding) by = Strategy::facility;
        if (strategy == Strategy::diverse_hard && rounds.empty()) by = Strategy::facility;
        if (strategy == Strategy::diverse_hard && end > 0.2 + rounding && !rounds.empty()) by = Strategy::margin;
        rounds.push_back({by, until});
    }
    return rounds;
}

std::vector<Round> schedule(Strategy strategy, std::size_t samples, double budget) {
    const auto share = [samples](double part) {
        return static_cast<std::size_t>(std::lround(part * static_cast<double>(samples)));
    };
    const std::size_t last = std::min(samples, share(std::clamp(budget, 0.0, 1.0)));
    const bool needs_model = strategy == Strategy::entropy || strategy == Strategy::margin ||
                             strategy == Strategy::ohem || strategy == Strategy::core_set;
    std::vector<Round> rounds;
    for (int step = 1; rounds.empty() ? last > 0 : rounds.back().labelled < last; ++step) {
        const bool first = rounds.empty();
        const std::size_t until = std::clamp<std::size_t>(share(0.05 * step), 1, last);
        Strategy by = strategy;
        if (needs_model && first) by = Strategy::random;
        if (strategy == Strategy::diverse_hard) {
            if (step == 1 && until < last) continue;  // the diverse start takes two steps at once
            if (first) by = Strategy::facility;
            if (step > 4) by = Strategy::margin;
        }
        if (first || until > rounds.back().labelled) rounds.push_back({by, until});
    }
    return rounds;
}

}  // namespace inference
