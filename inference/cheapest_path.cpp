#include "inference/cheapest_path.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <limits>

namespace inference {

namespace {

constexpr float unreachable = std::numeric_limits<float>::infinity();
constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

// The cheapest way to each row of a column from the rows of the column before.
struct Arrivals {
    std::vector<float> costs;
    std::vector<std::uint32_t> from;  // rows of the column before, `nowhere` where none leads here

    void offer(std::size_t row, float cost, std::size_t source) {
        if (cost >= costs[row]) return;
        costs[row] = cost;
        from[row] = static_cast<std::uint32_t>(source);
    }
};

// One step, seen from rows with times `before` to rows with times `now`, both in the direction of the path;
// `reaches(source, row)` is how a path may go. The cost |t' - (t + advance)| is linear on both
// sides of t + advance, so that one sweep finds the best source below it and a window the best above.
class Step {
public:
    Step(std::span<const double> before, std::span<const float> costs, std::span<const double> now,
         std::ptrdiff_t shift, double advance, const StepCosts& steps)
        : before_(before), costs_(costs), now_(now), shift_(shift), advance_(advance), steps_(steps) {}

    Arrivals arrivals() {
        Arrivals result{std::vector<float>(now_.size(), unreachable), std::vector<std::uint32_t>(now_.size(), nowhere)};
        jump(result);
        late(result);
        early(result);
        return result;
    }

private:
    // How many sources are not beyond the row.
    [[nodiscard]] std::size_t sources_up_to(std::size_t row) const {
        const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(row) + shift_ + 1;
        return static_cast<std::size_t>(
            std::clamp<std::ptrdiff_t>(count, 0, static_cast<std::ptrdiff_t>(costs_.size())));
    }

    void jump(Arrivals& result) const {
        std::size_t seen = 0, best = 0;
        for (std::size_t row = 0; row < now_.size(); ++row) {
            for (const std::size_t up_to = sources_up_to(row); seen < up_to; ++seen)
                if (costs_[seen] < costs_[best]) best = seen;
            if (seen > 0) result.offer(row, costs_[best] + static_cast<float>(steps_.most), best);
        }
    }

    // Sources whose expected time has passed: t + advance <= t'.
    void late(Arrivals& result) const {
        std::size_t seen = 0, best = 0;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t row = 0; row < now_.size(); ++row) {
            for (const std::size_t up_to = sources_up_to(row); seen < up_to && before_[seen] + advance_ <= now_[row];
                 ++seen)
                if (const double cost = costs_[seen] - steps_.per_second * before_[seen]; cost < least)
                    least = cost, best = seen;
            if (least < std::numeric_limits<double>::infinity())
                result.offer(row, static_cast<float>(least + steps_.per_second * (now_[row] - advance_)), best);
        }
    }

    // Sources whose expected time is still to come.
    void early(Arrivals& result) const {
        std::deque<std::size_t> window;  // increasing in place and in cost
        const auto cost = [&](std::size_t source) { return costs_[source] + steps_.per_second * before_[source]; };
        std::size_t seen = 0;
        for (std::size_t row = 0; row < now_.size(); ++row) {
            for (const std::size_t up_to = sources_up_to(row); seen < up_to; ++seen) {
                while (!window.empty() && cost(window.back()) >= cost(seen)) window.pop_back();
                window.push_back(seen);
            }
            while (!window.empty() && before_[window.front()] + advance_ <= now_[row]) window.pop_front();
            if (!window.empty())
                result.offer(row, static_cast<float>(cost(window.front()) + steps_.per_second * (advance_ - now_[row])),
                             window.front());
        }
    }

    std::span<const double> before_;
    std::span<const float> costs_;
    std::span<const double> now_;
    std::ptrdiff_t shift_;  // row r of this column is row r + shift of the one before
    double advance_;
    const StepCosts& steps_;
};

std::ptrdiff_t shift(const PathColumn& from, const PathColumn& to) {
    return static_cast<std::ptrdiff_t>(to.offset) - static_cast<std::ptrdiff_t>(from.offset);
}

// The cheapest way to each row, its own cost included.
std::vector<std::vector<float>> ways_to(std::span<const PathColumn> columns, const StepCosts& steps,
                                        std::vector<std::vector<std::uint32_t>>* from) {
    std::vector<std::vector<float>> costs;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::vector<float> row_costs = columns[i].costs;
        if (i > 0) {
            Arrivals arrivals = Step(columns[i - 1].seconds, costs[i - 1], columns[i].seconds,
                                     shift(columns[i - 1], columns[i]), columns[i].advance_seconds, steps)
                                    .arrivals();
            // Costs stay small numbers however long the path is.
            const float least = *std::ranges::min_element(arrivals.costs);
            for (std::size_t row = 0; row < row_costs.size(); ++row) row_costs[row] += arrivals.costs[row] - least;
            if (from != nullptr) from->push_back(std::move(arrivals.from));
        } else if (from != nullptr) {
            from->emplace_back();
        }
        costs.push_back(std::move(row_costs));
        if (from != nullptr && i > 0) costs[i - 1] = {};
    }
    return costs;
}

// The same columns seen from the end: a way to a row there is a way on from it here.
class Reversed {
public:
    explicit Reversed(std::span<const PathColumn> columns) : seconds_(columns.size()), columns_(columns.size()) {
        std::size_t rows = 0;
        for (const PathColumn& column : columns) rows = std::max(rows, column.offset + column.costs.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const PathColumn& column = columns[columns.size() - 1 - i];
            seconds_[i].assign(column.seconds.rbegin(), column.seconds.rend());
            for (double& time : seconds_[i]) time = -time;
            columns_[i].offset = rows - column.offset - column.costs.size();
            columns_[i].seconds = seconds_[i];
            columns_[i].costs.assign(column.costs.rbegin(), column.costs.rend());
            if (i > 0) columns_[i].advance_seconds = columns[columns.size() - i].advance_seconds;
        }
    }
    [[nodiscard]] std::span<const PathColumn> columns() const { return columns_; }

private:
    std::vector<std::vector<double>> seconds_;
    std::vector<PathColumn> columns_;
};

}  // namespace

std::vector<std::size_t> cheapest_path(std::span<const PathColumn> columns, const StepCosts& steps) {
    if (columns.empty()) return {};
    std::vector<std::vector<std::uint32_t>> from;
    const auto costs = ways_to(columns, steps, &from);
    std::vector<std::size_t> path(columns.size());
    auto row = static_cast<std::size_t>(std::ranges::min_element(costs.back()) - costs.back().begin());
    for (std::size_t i = columns.size(); i-- > 0;) {
        path[i] = columns[i].offset + row;
        if (i > 0) row = from[i][row];
    }
    return path;
}

std::vector<float> path_confidence(std::span<const PathColumn> columns, const StepCosts& steps,
                                   std::span<const std::size_t> path) {
    const auto there = ways_to(columns, steps, nullptr);
    const Reversed back(columns);
    const auto onwards = ways_to(back.columns(), steps, nullptr);
    std::vector<float> confidence;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t rows = columns[i].costs.size();
        const auto& from_here = onwards[columns.size() - 1 - i];
        const auto through = [&](std::size_t row) {
            return there[i][row] + from_here[rows - 1 - row] - columns[i].costs[row];
        };
        const float chosen = through(path[i] - columns[i].offset);
        double sum = 0;
        for (std::size_t row = 0; row < rows; ++row) sum += std::exp(static_cast<double>(chosen - through(row)));
        confidence.push_back(static_cast<float>(1 / std::max(1.0, sum)));
    }
    return confidence;
}

}  // namespace inference
