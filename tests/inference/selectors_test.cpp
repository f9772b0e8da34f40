#include "inference/selectors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "inference/random.h"

using namespace inference;

namespace {

// Points of the plane in tight clusters: sample i belongs to cluster i / each.
struct Clusters {
    DistanceMatrix distances;
    Prediction prediction;
    std::vector<int> truth;

    Clusters(std::size_t clusters, std::size_t each) {
        Random random(4);
        std::vector<std::pair<double, double>> points;
        for (std::size_t i = 0; i < clusters * each; ++i) {
            const auto cluster = static_cast<double>(i / each);
            points.emplace_back(10 * std::cos(cluster) + 0.3 * random.normal(),
                                10 * std::sin(cluster) + 0.3 * random.normal());
            truth.push_back(static_cast<int>(i / each));
        }
        distances.size = points.size();
        prediction.classes = 2;
        prediction.features = 2;
        for (const auto& [x, y] : points) {
            for (const auto& [u, v] : points) distances.values.push_back(static_cast<float>(std::hypot(x - u, y - v)));
            prediction.probabilities.insert(prediction.probabilities.end(), {0.9F, 0.1F});
            prediction.embedding.insert(prediction.embedding.end(),
                                        {static_cast<float>(x / 10), static_cast<float>(y / 10)});
            prediction.hardness.push_back(0.1F);
        }
    }
    [[nodiscard]] Pool pool(std::span<const std::size_t> chosen = {}) const {
        return {.samples = distances.size,
                .chosen = chosen,
                .distances = &distances,
                .prediction = &prediction,
                .truth = truth,
                .unselectable = {}};
    }
};

std::vector<std::size_t> samples(const std::vector<Pick>& picks) {
    std::vector<std::size_t> indices;
    for (const Pick& pick : picks) indices.push_back(pick.sample);
    return indices;
}

std::set<int> clusters_of(const std::vector<Pick>& picks, const Clusters& clusters) {
    std::set<int> found;
    for (const Pick& pick : picks) found.insert(clusters.truth[pick.sample]);
    return found;
}

constexpr std::array everything{
    Strategy::random, Strategy::balanced_random, Strategy::entropy,  Strategy::margin,
    Strategy::ohem,   Strategy::core_set,        Strategy::facility, Strategy::diverse_hard};

}  // namespace

TEST_CASE("facility location picks one of each cluster first") {
    const Clusters clusters(5, 8);
    CHECK(clusters_of(select(Strategy::facility, clusters.pool(), 5, 0), clusters).size() == 5);
}

TEST_CASE("facility location takes no outlier before what stands for many") {
    Clusters clusters(2, 10);
    for (std::size_t i = 0; i + 1 < clusters.distances.size; ++i)
        clusters.distances.values[i * 20 + 19] = clusters.distances.values[19 * 20 + i] = 100;
    CHECK(samples(select(Strategy::facility, clusters.pool(), 2, 0)) != std::vector<std::size_t>{19, 19});
    for (const std::size_t sample : samples(select(Strategy::facility, clusters.pool(), 2, 0))) CHECK(sample != 19);
}

TEST_CASE("facility location goes on where the chosen ones do not reach") {
    const Clusters clusters(4, 6);
    const std::vector<std::size_t> chosen{0, 7, 13};
    CHECK(clusters_of(select(Strategy::facility, clusters.pool(chosen), 1, 0), clusters) == std::set{3});
}

TEST_CASE("core-set picks one of each cluster") {
    const Clusters clusters(5, 8);
    CHECK(clusters_of(select(Strategy::core_set, clusters.pool(), 5, 3), clusters).size() == 5);
}

TEST_CASE("entropy, margin and ohem pick what the model is least sure of") {
    Clusters clusters(2, 10);
    clusters.prediction.probabilities[2 * 7] = clusters.prediction.probabilities[2 * 7 + 1] = 0.5F;
    clusters.prediction.hardness[12] = 3;
    CHECK(samples(select(Strategy::entropy, clusters.pool(), 1, 0)) == std::vector<std::size_t>{7});
    CHECK(samples(select(Strategy::margin, clusters.pool(), 1, 0)) == std::vector<std::size_t>{7});
    CHECK(samples(select(Strategy::ohem, clusters.pool(), 1, 0)) == std::vector<std::size_t>{12});
}

TEST_CASE("diverse-hard goes to the hard cluster among those that nothing stands for") {
    Clusters clusters(3, 8);
    for (std::size_t i = 16; i < 24; ++i) clusters.prediction.hardness[i] = 2;
    const std::vector<std::size_t> chosen{0};
    const auto picks = select(Strategy::diverse_hard, clusters.pool(chosen), 1, 0);
    CHECK(clusters_of(picks, clusters) == std::set{2});
    std::set<ReasonKind> kinds;
    for (const Reason& reason : picks[0].reasons) kinds.insert(reason.kind);
    CHECK(kinds.contains(ReasonKind::high_loss));
    CHECK(kinds.contains(ReasonKind::novel));
}

TEST_CASE("diverse-hard is not taken in by a hard outlier, as hardness times distance is") {
    Clusters clusters(2, 10);
    for (std::size_t i = 0; i + 1 < clusters.distances.size; ++i)
        clusters.distances.values[i * 20 + 19] = clusters.distances.values[19 * 20 + i] = 100;
    for (std::size_t i = 10; i < 20; ++i) clusters.prediction.hardness[i] = 2;
    const std::vector<std::size_t> chosen{0};
    CHECK(select(Strategy::diverse_hard, clusters.pool(chosen), 1, 0)[0].sample != 19);
}

TEST_CASE("diverse-hard without a model is facility location") {
    const Clusters clusters(5, 8);
    Pool pool = clusters.pool();
    pool.prediction = nullptr;
    CHECK(samples(select(Strategy::diverse_hard, pool, 5, 0)) == samples(select(Strategy::facility, pool, 5, 0)));
}

TEST_CASE("balanced random takes the classes in turn") {
    const Clusters clusters(5, 8);
    CHECK(clusters_of(select(Strategy::balanced_random, clusters.pool(), 5, 9), clusters).size() == 5);
}

TEST_CASE("random draws differ by seed and by round") {
    const Clusters clusters(5, 8);
    const auto first = samples(select(Strategy::random, clusters.pool(), 10, 1));
    CHECK(first != samples(select(Strategy::random, clusters.pool(), 10, 2)));
    const auto second = samples(select(Strategy::random, clusters.pool(first), 10, 1));
    for (const std::size_t sample : second) CHECK(std::ranges::find(first, sample) == first.end());
}

TEST_CASE("every strategy repeats itself, picks nothing twice and says why") {
    const Clusters clusters(5, 8);
    const std::vector<std::size_t> chosen{3, 20};
    std::vector<std::uint8_t> unselectable(40, 0);
    unselectable[30] = 1;
    Pool pool = clusters.pool(chosen);
    pool.unselectable = unselectable;
    for (const Strategy strategy : everything) {
        const auto picks = select(strategy, pool, 100, 7);
        CHECK(samples(picks) == samples(select(strategy, pool, 100, 7)));
        CHECK(picks.size() == 37);
        const std::vector<std::size_t> indices = samples(picks);
        const std::set<std::size_t> found(indices.begin(), indices.end());
        CHECK(found.size() == 37);
        CHECK_FALSE(found.contains(3));
        CHECK_FALSE(found.contains(30));
        for (const Pick& pick : picks) CHECK_FALSE(pick.reasons.empty());
    }
}

TEST_CASE("an empty pool and a count of zero give nothing") {
    const Clusters clusters(2, 3);
    const DistanceMatrix nothing;
    const Prediction none{.classes = 1, .probabilities = {}, .features = 1, .embedding = {}, .hardness = {}};
    for (const Strategy strategy : everything) {
        CHECK(select(strategy, clusters.pool(), 0, 0).empty());
        CHECK(select(strategy,
                     {.samples = 0,
                      .chosen = {},
                      .distances = &nothing,
                      .prediction = &none,
                      .truth = {},
                      .unselectable = {}},
                     5, 0)
                  .empty());
    }
}

TEST_CASE("a strategy says what it lacks") {
    CHECK_THROWS_WITH_AS(select(Strategy::margin, {.samples = 3}, 1, 0),
                         "selecting by margin needs a model's prediction for the pool", std::invalid_argument);
    CHECK_THROWS_AS(select(Strategy::facility, {.samples = 3}, 1, 0), std::invalid_argument);
}

TEST_CASE("the default schedule is diverse to ten percent, then hard, and margin beyond twenty") {
    const std::vector<Round> expected{
        {Strategy::facility, 20}, {Strategy::diverse_hard, 30}, {Strategy::diverse_hard, 40}, {Strategy::margin, 50}};
    CHECK(schedule(Strategy::diverse_hard, 200, 0.25) == expected);
}

TEST_CASE("a learning curve passes its points, in the usual steps to twenty percent and in one beyond") {
    const std::vector<double> points{0.05, 0.12, 0.2, 0.5, 1};
    const std::vector<Round> expected{{Strategy::facility, 10},     {Strategy::facility, 20},
                                      {Strategy::diverse_hard, 24}, {Strategy::diverse_hard, 30},
                                      {Strategy::diverse_hard, 40}, {Strategy::margin, 100},
                                      {Strategy::margin, 200}};
    CHECK(schedule_through(Strategy::diverse_hard, 200, points) == expected);
    const auto entropy = schedule_through(Strategy::entropy, 200, std::vector<double>{0.1, 0.3});
    CHECK(entropy == std::vector<Round>{{Strategy::random, 10},
                                        {Strategy::entropy, 20},
                                        {Strategy::entropy, 30},
                                        {Strategy::entropy, 40},
                                        {Strategy::entropy, 60}});
    for (const Strategy strategy : everything)
        for (const double budget : {0.1, 0.2})
            CHECK(schedule_through(strategy, 200, std::vector<double>{budget}) == schedule(strategy, 200, budget));
    CHECK(schedule_through(Strategy::random, 0, points).empty());
    CHECK(schedule_through(Strategy::random, 3, points).back().labelled == 3);
    CHECK_THROWS_AS((void)schedule_through(Strategy::random, 3, std::vector<double>{1.5}), std::invalid_argument);
    CHECK_THROWS_AS((void)schedule_through(Strategy::random, 3, std::vector<double>{0}), std::invalid_argument);
}

TEST_CASE("a schedule ends exactly at the budget") {
    for (const Strategy strategy : everything)
        for (const std::size_t count : {std::size_t{1}, std::size_t{7}, std::size_t{229}, std::size_t{1000}})
            for (const double budget : {0.0, 0.03, 0.2, 0.5, 1.0}) {
                const auto rounds = schedule(strategy, count, budget);
                const auto last = static_cast<std::size_t>(std::lround(budget * static_cast<double>(count)));
                CHECK((rounds.empty() ? 0 : rounds.back().labelled) == last);
            }
}

TEST_CASE("strategies have the names of the command line") {
    CHECK(strategy_named("diverse-hard") == Strategy::diverse_hard);
    CHECK(strategy_named("coreset") == Strategy::core_set);
    CHECK_FALSE(strategy_named("oracle").has_value());
}
