#include "inference/agreement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "inference/segmentation_metrics.h"

namespace inference {

namespace {

// -sum p log p over counts.
double entropy(const std::map<int, double>& counts, double total) {
    double sum = 0;
    for (const auto& [name, count] : counts) sum -= count / total * std::log(count / total);
    return sum;
}

// For each row the column of its own that makes the sum of what is chosen largest: the Hungarian method with potentials
// (Kuhn 1955; Jonker and Volgenant 1987). No more rows than columns.
std::vector<int> best_assignment(std::span<const int> gains, int rows, int columns) {
    constexpr double far = std::numeric_limits<double>::infinity();
    // Row and column 0 stand for "none"; the others count from 1.
    const auto cost = [&](int row, int column) {
        return -static_cast<double>(gains[static_cast<std::size_t>((row - 1) * columns + column - 1)]);
    };
    const auto places = static_cast<std::size_t>(columns) + 1;
    std::vector<double> of_row(static_cast<std::size_t>(rows) + 1), of_column(places);
    std::vector<int> row_of(places), before(places);
    for (int row = 1; row <= rows; ++row) {
        row_of[0] = row;
        std::vector<double> slack(places, far);
        std::vector<bool> reached(places);
        std::size_t column = 0;
        do {
            reached[column] = true;
            const int from = row_of[column];
            double step = far;
            std::size_t next = 0;
            for (std::size_t to = 1; to < places; ++to) {
                if (reached[to]) continue;
                const double reduced =
                    cost(from, static_cast<int>(to)) - of_row[static_cast<std::size_t>(from)] - of_column[to];
                if (reduced < slack[to]) {
                    slack[to] = reduced;
                    before[to] = static_cast<int>(column);
                }
                if (slack[to] < step) {
                    step = slack[to];
                    next = to;
                }
            }
            for (std::size_t to = 0; to < places; ++to) {
                if (reached[to]) {
                    of_row[static_cast<std::size_t>(row_of[to])] += step;
                    of_column[to] -= step;
                } else {
                    slack[to] -= step;
                }
            }
            column = next;
        } while (row_of[column] != 0);
        for (; column != 0; column = static_cast<std::size_t>(before[column]))
            row_of[column] = row_of[static_cast<std::size_t>(before[column])];
    }
    std::vector<int> chosen(static_cast<std::size_t>(rows), -1);
    for (std::size_t column = 1; column < places; ++column)
        if (row_of[column] != 0) chosen[static_cast<std::size_t>(row_of[column] - 1)] = static_cast<int>(column) - 1;
    return chosen;
}

}  // namespace

double normalised_mutual_information(std::span<const int> a, std::span<const int> b) {
    if (a.size() != b.size()) throw std::invalid_argument("the two do not name as many things");
    std::map<int, double> of_a, of_b;
    std::map<std::pair<int, int>, double> joint;
    double total = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] < 0 || b[i] < 0) continue;
        ++of_a[a[i]];
        ++of_b[b[i]];
        ++joint[{a[i], b[i]}];
        ++total;
    }
    if (total == 0) return 0;
    const double mean = (entropy(of_a, total) + entropy(of_b, total)) / 2;
    if (mean == 0) return 1;
    double mutual = 0;
    for (const auto& [pair, count] : joint)
        mutual += count / total * std::log(count * total / (of_a[pair.first] * of_b[pair.second]));
    return std::clamp(mutual / mean, 0.0, 1.0);
}

std::optional<double> krippendorff_alpha(std::span<const std::vector<int>> annotators) {
    std::map<std::pair<int, int>, double> coincidences;
    std::map<int, double> counts;
    double total = 0;
    const std::size_t things = annotators.empty() ? 0 : annotators.front().size();
    for (const std::vector<int>& row : annotators)
        if (row.size() != things) throw std::invalid_argument("the annotators did not look at as many things");
    for (std::size_t thing = 0; thing < things; ++thing) {
        std::map<int, double> named;
        double names = 0;
        for (const std::vector<int>& row : annotators)
            if (row[thing] >= 0) ++named[row[thing]], ++names;
        if (names < 2) continue;
        for (const auto& [one, times] : named)
            for (const auto& [other, others] : named)
                coincidences[{one, other}] += times * (one == other ? others - 1 : others) / (names - 1);
        for (const auto& [name, times] : named) counts[name] += times;
        total += names;
    }
    if (total < 2) return std::nullopt;
    double seen = 0, by_chance = 0;
    for (const auto& [pair, weight] : coincidences)
        if (pair.first != pair.second) seen += weight;
    for (const auto& [name, count] : counts) by_chance += count * (total - count);
    return by_chance == 0 ? 1 : 1 - (total - 1) * seen / by_chance;
}

double boundary_agreement(std::span<const schemas::FrameIndex> a, std::span<const schemas::FrameIndex> b,
                          schemas::FrameIndex window) {
    const std::size_t pairs = match_boundaries(within(a, window), b).size();
    const std::size_t all = a.size() + b.size() - pairs;
    return all == 0 ? 1 : static_cast<double>(pairs) / static_cast<double>(all);
}

PrimitiveNames names_of_primitives(std::span<const int> counts, int primitives, int units) {
    if (primitives < 0 || units < 1 ||
        counts.size() != static_cast<std::size_t>(primitives) * static_cast<std::size_t>(units))
        throw std::invalid_argument("the counts are not one row of units for each primitive");
    PrimitiveNames names;
    if (primitives <= units) names.unit = best_assignment(counts, primitives, units);
    for (int primitive = 0; primitive < primitives; ++primitive) {
        const auto row = counts.subspan(static_cast<std::size_t>(primitive * units), static_cast<std::size_t>(units));
        if (primitives > units) names.unit.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
        int& unit = names.unit[static_cast<std::size_t>(primitive)];
        const int appearances = std::accumulate(row.begin(), row.end(), 0);
        if (appearances == 0) unit = -1;
        names.purity.push_back(
            appearances == 0 ? 0 : static_cast<double>(row[static_cast<std::size_t>(unit)]) / appearances);
    }
    return names;
}

}  // namespace inference
