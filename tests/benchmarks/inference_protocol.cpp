// Prints D1, D4 and D5 of models.md 3.6 for strategies and seeds:
//   inference_protocol [--strategies all,diverse-hard,random] [--first-seed 0] [--seeds 3] [--steps 1800]
//   [--round-steps 700]
//   [--family tcn_clip] [--performers 1,3] [--threads N] [--semi off] [--OPTION VALUE]
// Rounds that choose are always trained with tcn_clip, which takes seconds; what is judged is of the family.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "inference/metrics.h"
#include "inference/selectors.h"
#include "tests/inference/motions.h"

namespace {

using inference::Prediction;
using inference::Sample;
using inference_tests::Recording;

struct Setting {
    std::string family = "tcn_clip";
    std::vector<std::string> strategies{"all", "diverse-hard", "random"};
    std::vector<int> performers{1, 3, 5, 7, 9};
    int first_seed = 0;
    int seeds = 3;
    int steps = 1800;
    int round_steps = 400;
    int threads = 0;
    bool semi = true;
    std::map<std::string, double> overrides;
};

struct Outcome {
    double pool = 0, unseen = 0, pool_error = 0, unseen_error = 0;
};

std::vector<std::string> parts(const std::string& list) {
    std::vector<std::string> found{""};
    for (const char c : list)
        if (c == ',')
            found.emplace_back();
        else
            found.back() += c;
    return found;
}

const std::vector<std::string>& labels() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> made;
        for (int i = 1; i <= 20; ++i) made.push_back("a" + std::to_string(i));
        return made;
    }();
    return names;
}

int best(std::span<const float> row) { return static_cast<int>(std::ranges::max_element(row) - row.begin()); }

struct Score {
    double accuracy = 0, calibration = 0;
};

Score scored(inference::Model& model, std::span<const Sample> samples) {
    const Prediction prediction = *model.predict(samples, inference::Hardness::skip, {});
    std::vector<float> confidence;
    std::vector<std::uint8_t> correct;
    double hits = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const int label = best(prediction.row(i));
        confidence.push_back(prediction.row(i)[static_cast<std::size_t>(label)]);
        correct.push_back(label == samples[i].label ? 1 : 0);
        hits += correct.back();
    }
    return {samples.empty() ? 0 : 100 * hits / static_cast<double>(samples.size()),
            100 * inference::expected_calibration_error(confidence, correct)};
}

std::unique_ptr<inference::Model> trained(std::vector<Sample> samples, std::span<const std::size_t> chosen, int steps,
                                          std::uint64_t seed, const Setting& setting) {
    std::vector<int> truth;
    for (Sample& sample : samples) truth.push_back(std::exchange(sample.label, -1));
    for (const std::size_t i : chosen) samples[i].label = truth[i];
    inference::TrainOptions options;
    options.seed = seed;
    options.steps = steps;
    options.threads = setting.threads;
    options.semi_supervised = setting.semi;
    options.overrides = setting.overrides;
    auto result = inference::engine().family(setting.family).train(samples, labels(), options, {}, {});
    return std::move(result->model);
}

std::vector<std::size_t> chosen_by(inference::Strategy strategy, const std::vector<Sample>& pool, std::uint64_t seed,
                                   const Setting& setting) {
    const auto distances = *inference::dtw_distances(pool);
    std::vector<std::size_t> chosen;
    Setting of_rounds = setting;
    of_rounds.semi = false;
    of_rounds.family = "tcn_clip";
    if (setting.family != of_rounds.family) of_rounds.overrides.clear();
    Prediction prediction;
    int number = 0;
    std::vector<int> truth;
    for (const Sample& sample : pool) truth.push_back(sample.label);
    for (const inference::Round& round : inference::schedule(strategy, pool.size(), 0.2)) {
        inference::Pool state{.samples = pool.size(),
                              .chosen = chosen,
                              .distances = &distances,
                              .prediction = nullptr,
                              .truth = truth,
                              .unselectable = {}};
        const bool by_model = round.strategy != inference::Strategy::random &&
                              round.strategy != inference::Strategy::facility &&
                              round.strategy != inference::Strategy::balanced_random;
        if (by_model) {
            prediction = *trained(pool, chosen, of_rounds.round_steps,
                                  seed * 100 + static_cast<std::uint64_t>(++number), of_rounds)
                              ->predict(pool, inference::Hardness::measure, {});
            state.prediction = &prediction;
        }
        for (const auto& pick : inference::select(round.strategy, state, round.labelled - chosen.size(), seed))
            chosen.push_back(pick.sample);
    }
    return chosen;
}

Outcome one_fold(const std::string& strategy, int performer, std::uint64_t seed,
                 const std::vector<Recording>& recordings, const Setting& setting) {
    std::vector<Sample> pool;
    std::vector<Sample> unseen;
    for (const Recording& recording : recordings)
        (recording.performer == performer ? unseen : pool).push_back(recording.sample);
    std::vector<std::size_t> chosen(pool.size());
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    if (strategy != "all") chosen = chosen_by(*inference::strategy_named(strategy), pool, seed, setting);
    std::vector<Sample> rest;
    const std::set<std::size_t> taken(chosen.begin(), chosen.end());
    for (std::size_t i = 0; i < pool.size(); ++i)
        if (!taken.contains(i)) rest.push_back(pool[i]);
    const auto model = trained(pool, chosen, setting.steps, seed, setting);
    const Score on_rest = rest.empty() ? Score{} : scored(*model, rest);
    const Score on_unseen = scored(*model, unseen);
    std::printf("  %s s%d seed %llu: %zu labels, rest %.1f (ECE %.1f), unseen %.1f (ECE %.1f)\n", strategy.c_str(),
                performer, static_cast<unsigned long long>(seed), chosen.size(), on_rest.accuracy, on_rest.calibration,
                on_unseen.accuracy, on_unseen.calibration);
    std::fflush(stdout);
    return {on_rest.accuracy, on_unseen.accuracy, on_rest.calibration, on_unseen.calibration};
}

std::pair<double, double> mean_and_deviation(const std::vector<double>& values) {
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return {mean, values.size() < 2 ? 0 : std::sqrt(squares / static_cast<double>(values.size() - 1))};
}

Setting setting_from(int count, char** arguments) {
    Setting setting;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string name = arguments[i];
        const std::string value = arguments[i + 1];
        if (name == "--strategies")
            setting.strategies = parts(value);
        else if (name == "--family")
            setting.family = value;
        else if (name == "--seeds")
            setting.seeds = std::stoi(value);
        else if (name == "--steps")
            setting.steps = std::stoi(value);
        else if (name == "--first-seed")
            setting.first_seed = std::stoi(value);
        else if (name == "--threads")
            setting.threads = std::stoi(value);
        else if (name == "--round-steps")
            setting.round_steps = std::stoi(value);
        else if (name == "--semi")
            setting.semi = value == "on";
        else if (name == "--performers") {
            setting.performers.clear();
            for (const std::string& part : parts(value)) setting.performers.push_back(std::stoi(part));
        } else
            setting.overrides[name.substr(2)] = std::stod(value);
    }
    return setting;
}

}  // namespace

int main(int count, char** arguments) {
    const Setting setting = setting_from(count, arguments);
    const std::vector<Recording> recordings = inference_tests::msr_recordings();
    if (recordings.empty()) {
        std::fprintf(stderr, "inference_protocol: there are no MSR-Action3D recordings in %s\n",
                     inference_tests::data_folder().c_str());
        return 1;
    }
    for (const std::string& strategy : setting.strategies) {
        std::vector<double> pool, unseen, pool_error, unseen_error;
        for (int seed = setting.first_seed; seed < setting.first_seed + setting.seeds; ++seed) {
            Outcome sum;
            for (const int performer : setting.performers) {
                const Outcome outcome = one_fold(strategy, performer, static_cast<std::uint64_t>(seed * 10 + performer),
                                                 recordings, setting);
                sum.pool += outcome.pool / static_cast<double>(setting.performers.size());
                sum.unseen += outcome.unseen / static_cast<double>(setting.performers.size());
                sum.pool_error += outcome.pool_error / static_cast<double>(setting.performers.size());
                sum.unseen_error += outcome.unseen_error / static_cast<double>(setting.performers.size());
            }
            pool.push_back(sum.pool);
            unseen.push_back(sum.unseen);
            pool_error.push_back(sum.pool_error);
            unseen_error.push_back(sum.unseen_error);
        }
        std::printf(
            "%s: rest of the pool %.1f +- %.1f (ECE %.1f), unseen performer %.1f +- %.1f (ECE %.1f), %d seeds\n",
            strategy.c_str(), mean_and_deviation(pool).first, mean_and_deviation(pool).second,
            mean_and_deviation(pool_error).first, mean_and_deviation(unseen).first, mean_and_deviation(unseen).second,
            mean_and_deviation(unseen_error).first, setting.seeds);
    }
}
