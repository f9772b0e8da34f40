#include "annotator/workflows/simulation_summary.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace annotator {

namespace {

constexpr double regime = 0.2;     // of the labels
constexpr double rounding = 0.01;  // what whole samples make of a share

std::map<std::string, double> values_of(const SimulationRow& row) {
    std::map<std::string, double> values{{"labelled", row.labelled}, {"corpus_accuracy", row.corpus_accuracy}};
    if (row.pool_accuracy) values["pool_accuracy"] = *row.pool_accuracy;
    if (row.unseen_accuracy) values["unseen_accuracy"] = *row.unseen_accuracy;
    if (row.boundary_f1) values["boundary_f1"] = *row.boundary_f1;
    if (row.reclassified_accuracy) values["reclassified_accuracy"] = *row.reclassified_accuracy;
    if (row.frames_alone) values["frames_alone"] = *row.frames_alone;
    if (row.unseen_boundary_f1) values["unseen_boundary_f1"] = *row.unseen_boundary_f1;
    if (row.unseen_frames_alone) values["unseen_frames_alone"] = *row.unseen_frames_alone;
    if (const double scratch = row.unseen_operations_scratch.value_or(0); scratch > 0) {
        values["unseen_operations"] = row.unseen_operations.value_or(0) / scratch;
        values["unseen_operations_policy_a"] = row.unseen_operations_inherited.value_or(0) / scratch;
    }
    if (row.operations_scratch > 0) {
        values["operations"] = row.operations / row.operations_scratch;
        values["operations_policy_a"] = row.operations_inherited / row.operations_scratch;
    }
    if (row.seconds_scratch > 0) {
        values["seconds"] = row.seconds / row.seconds_scratch;
        values["seconds_policy_a"] = row.seconds_inherited / row.seconds_scratch;
    }
    return values;
}

using Values = std::map<std::string, double>;

// The mean over folds of each strategy, place in its curve, and seed.
struct SeedPoint {
    std::string strategy;
    std::size_t place = 0;
    std::uint64_t seed = 0;
    Values values;
};

std::vector<SeedPoint> seed_points(const std::vector<SimulationRow>& rows) {
    std::map<std::tuple<std::string, std::uint64_t, std::string>, std::size_t> places;
    std::map<std::tuple<std::string, std::size_t, std::uint64_t>, std::size_t> index;
    std::vector<SeedPoint> points;
    std::vector<std::map<std::string, std::size_t>> folds;
    for (const SimulationRow& row : rows) {
        const std::size_t place = places[{row.strategy, row.seed, row.test_performers}]++;
        const auto [found, fresh] = index.try_emplace({row.strategy, place, row.seed}, points.size());
        if (fresh) points.push_back({row.strategy, place, row.seed, {}}), folds.emplace_back();
        for (const auto& [name, value] : values_of(row)) {
            points[found->second].values[name] += value;
            ++folds[found->second][name];
        }
    }
    for (std::size_t i = 0; i < points.size(); ++i)
        for (auto& [name, value] : points[i].values) value /= static_cast<double>(folds[i][name]);
    return points;
}

// Straight between the points, and from nothing to the first one; none beyond the last.
std::optional<double> accuracy_at(std::span<const CurvePoint> points, double labelled) {
    CurvePoint before;
    for (const CurvePoint& point : points) {
        if (labelled <= point.labelled) {
            const double width = point.labelled - before.labelled;
            const double share = width > 0 ? (labelled - before.labelled) / width : 1;
            return before.accuracy + share * (point.accuracy - before.accuracy);
        }
        before = point;
    }
    if (!points.empty() && labelled <= before.labelled + rounding) return before.accuracy;
    return std::nullopt;
}

double area_to(std::span<const CurvePoint> points, double end, double accuracy_at_end) {
    double area = 0;
    CurvePoint before;
    const auto add = [&](CurvePoint point) {
        area += (point.labelled - before.labelled) * (point.accuracy + before.accuracy) / 2;
        before = point;
    };
    for (const CurvePoint& point : points)
        if (point.labelled < end) add(point);
    add({end, accuracy_at_end});
    return area;
}

std::optional<double> labels_for(std::span<const CurvePoint> points, double accuracy) {
    const CurvePoint* before = nullptr;
    for (const CurvePoint& point : points) {
        if (point.accuracy >= accuracy) {
            if (before == nullptr) return point.labelled;
            const double rise = point.accuracy - before->accuracy;
            return before->labelled + (accuracy - before->accuracy) / rise * (point.labelled - before->labelled);
        }
        before = &point;
    }
    return std::nullopt;
}

}  // namespace

Spread spread_of(std::span<const double> values) {
    Spread spread;
    spread.seeds = values.size();
    double squares = 0;
    for (const double value : values) spread.mean += value / static_cast<double>(values.size());
    for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
    if (values.size() > 1) spread.deviation = std::sqrt(squares / static_cast<double>(values.size() - 1));
    return spread;
}

std::vector<PointSummary> point_summaries(const std::vector<SimulationRow>& rows) {
    std::vector<std::pair<std::string, std::size_t>> order;
    std::map<std::pair<std::string, std::size_t>, std::map<std::string, std::vector<double>>> per_seed;
    for (const SeedPoint& point : seed_points(rows)) {
        const std::pair key{point.strategy, point.place};
        if (!per_seed.contains(key)) order.push_back(key);
        for (const auto& [name, value] : point.values) per_seed[key][name].push_back(value);
    }
    std::vector<PointSummary> list;
    for (const auto& key : order) {
        PointSummary summary;
        summary.strategy = key.first;
        for (const auto& [name, values] : per_seed[key]) summary.values[name] = spread_of(values);
        summary.labelled = summary.values["labelled"].mean;
        list.push_back(std::move(summary));
    }
    return list;
}

CurveFigures curve_figures(std::span<const CurvePoint> points, std::optional<double> full) {
    CurveFigures figures;
    if (!full || *full <= 0) return figures;
    figures.full = full;
    if (const auto at_20 = accuracy_at(points, regime)) {
        figures.at_20 = *at_20 / *full;
        figures.area_to_20 = area_to(points, regime, *at_20) / (regime * *full);
    }
    for (std::size_t i = 0; i < curve_goals.size(); ++i) figures.needed[i] = labels_for(points, curve_goals[i] * *full);
    return figures;
}

std::vector<CurveSummary> curve_summaries(const std::vector<SimulationRow>& rows) {
    const auto points = seed_points(rows);
    std::vector<std::string> strategies;
    for (const SeedPoint& point : points)
        if (std::ranges::find(strategies, point.strategy) == strategies.end()) strategies.push_back(point.strategy);
    const auto curve_of = [&](const std::string& strategy, std::uint64_t seed, const std::string& reading) {
        std::vector<CurvePoint> curve;
        for (const SeedPoint& point : points)
            if (point.strategy == strategy && point.seed == seed && point.values.contains(reading))
                curve.push_back({point.values.at("labelled"), point.values.at(reading)});
        std::ranges::stable_sort(curve, {}, &CurvePoint::labelled);
        return curve;
    };
    std::vector<CurveSummary> list;
    for (const std::string& strategy : strategies)
        for (const std::string_view reading : readings) {
            std::map<std::string, std::vector<double>> values;
            std::vector<std::uint64_t> seeds;
            for (const SeedPoint& point : points)
                if (point.strategy == strategy && std::ranges::find(seeds, point.seed) == seeds.end())
                    seeds.push_back(point.seed);
            for (const std::uint64_t seed : seeds) {
                const auto curve = curve_of(strategy, seed, std::string(reading));
                std::optional<double> full;
                for (const auto& each : {curve_of("all", seed, std::string(reading)), curve})
                    if (!each.empty() && each.back().labelled > 1 - 1e-9) full = each.back().accuracy;
                const CurveFigures figures = curve_figures(curve, full);
                const auto add = [&](const std::string& name, const std::optional<double>& value) {
                    if (value) values[name].push_back(*value);
                };
                add("full", figures.full);
                add("r20", figures.at_20);
                add("aulc20", figures.area_to_20);
                for (std::size_t i = 0; i < curve_goals.size(); ++i)
                    add("needed_" + std::to_string(std::lround(100 * curve_goals[i])), figures.needed[i]);
            }
            if (values.empty()) continue;
            CurveSummary summary{strategy, std::string(reading), {}};
            for (const auto& [name, each] : values) summary.figures[name] = spread_of(each);
            list.push_back(std::move(summary));
        }
    return list;
}

}  // namespace annotator
