#include "inference/grammar.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

constexpr double impossible = -std::numeric_limits<double>::infinity();
constexpr double shared_durations = 5;   // so many of all labels join those of each
constexpr double least_deviation = 0.1;  // a tenth of the duration
constexpr std::size_t fewest_durations = 2;

bool is_duration(double seconds) { return std::isfinite(seconds) && seconds > 0; }

void check(const LabelledRun& run, int labels) {
    if (run.seconds.size() != run.labels.size())
        throw std::invalid_argument("a run of " + std::to_string(run.labels.size()) + " labels has " +
                                    std::to_string(run.seconds.size()) + " durations");
    for (const int label : run.labels)
        if (label < 0 || label >= labels)
            throw std::invalid_argument("there is no label " + std::to_string(label) + " among " +
                                        std::to_string(labels));
    for (const double seconds : run.seconds)
        if (!is_duration(seconds))
            throw std::invalid_argument("a segment lasts " + std::to_string(seconds) +
                                        " s; a duration must be positive");
}

struct Moments {
    double count = 0, sum = 0, squares = 0;

    void add(double value) { count += 1, sum += value, squares += value * value; }
    [[nodiscard]] double mean() const { return sum / count; }
    [[nodiscard]] double variance() const { return std::max(0.0, squares / count - mean() * mean()); }
};

std::vector<DurationPrior> durations_of(std::span<const LabelledRun> runs, int labels) {
    Moments all;
    std::vector<Moments> each(static_cast<std::size_t>(labels));
    for (const LabelledRun& run : runs)
        for (std::size_t i = 0; i < run.labels.size(); ++i) {
            const double value = std::log(run.seconds[i]);
            all.add(value);
            each[static_cast<std::size_t>(run.labels[i])].add(value);
        }
    if (all.count < fewest_durations) return {};
    std::vector<DurationPrior> durations;
    for (Moments own : each) {
        own.count += shared_durations;
        own.sum += shared_durations * all.mean();
        own.squares += shared_durations * (all.variance() + all.mean() * all.mean());
        durations.push_back({own.mean(), std::max(least_deviation, std::sqrt(own.variance()))});
    }
    return durations;
}

// What a chain's segments say, weighed, as logarithms.
class Chain {
public:
    Chain(const LabelChain& chain, const Grammar& grammar, double weight)
        : chain_(chain), grammar_(grammar), weight_(weight), labels_(static_cast<std::size_t>(grammar.labels)) {
        for (std::size_t segment = 0; segment < size(); ++segment)
            for (std::size_t label = 0; label < labels_; ++label) said_.push_back(said_of(segment, label));
    }

    [[nodiscard]] std::size_t size() const { return chain_.seconds.size(); }

    LabelPath likeliest() {
        forward();
        LabelPath path;
        path.labels.resize(size());
        std::size_t label = first_largest(size() - 1, [&](std::size_t segment, std::size_t each) {
            return best_[at(segment, each)] + onwards(each);
        });
        for (std::size_t segment = size(); segment-- > 0;) {
            path.labels[segment] = static_cast<int>(label);
            if (segment > 0) label = from_[at(segment, label)];
        }
        path.probabilities = marginals();
        return path;
    }

private:
    [[nodiscard]] std::size_t at(std::size_t segment, std::size_t label) const { return segment * labels_ + label; }

    [[nodiscard]] double step(std::size_t from, std::size_t to) const {
        return weight_ * grammar_.transition(static_cast<int>(from), static_cast<int>(to));
    }
    [[nodiscard]] double onwards(std::size_t label) const { return chain_.ends ? step(label, labels_) : 0; }

    [[nodiscard]] double said_of(std::size_t segment, std::size_t label) const {
        double said = std::log(static_cast<double>(chain_.probabilities[at(segment, label)]));
        if (segment == 0 && chain_.begins) said += step(labels_, label);
        if (grammar_.durations.empty()) return said;
        const DurationPrior& prior = grammar_.durations[label];
        const double off = (std::log(chain_.seconds[segment]) - prior.mean) / prior.deviation;
        return said - weight_ * (off * off / 2 + std::log(prior.deviation));
    }

    template <class Value>
    [[nodiscard]] std::size_t first_largest(std::size_t segment, Value&& value) const {
        std::size_t best = 0;
        for (std::size_t label = 1; label < labels_; ++label)
            if (value(segment, label) > value(segment, best)) best = label;
        return best;
    }

    // The likeliest way to each label of each segment, what it says itself included.
    void forward() {
        best_.assign(said_.begin(), said_.begin() + static_cast<std::ptrdiff_t>(labels_));
        from_.assign(labels_, 0);
        for (std::size_t segment = 1; segment < size(); ++segment)
            for (std::size_t label = 0; label < labels_; ++label) {
                const std::size_t before = first_largest(segment - 1, [&](std::size_t earlier, std::size_t each) {
                    return best_[at(earlier, each)] + step(each, label);
                });
                best_.push_back(best_[at(segment - 1, before)] + step(before, label) + said_[at(segment, label)]);
                from_.push_back(before);
            }
    }

    std::vector<float> marginals() const {
        std::vector<float> probabilities(said_.size());
        std::vector<double> after(labels_);  // the likeliest way on from each label
        for (std::size_t label = 0; label < labels_; ++label) after[label] = onwards(label);
        for (std::size_t segment = size(); segment-- > 0;) {
            double largest = impossible, sum = 0;
            for (std::size_t label = 0; label < labels_; ++label)
                largest = std::max(largest, best_[at(segment, label)] + after[label]);
            for (std::size_t label = 0; label < labels_; ++label)
                sum += std::exp(best_[at(segment, label)] + after[label] - largest);
            for (std::size_t label = 0; label < labels_; ++label)
                probabilities[at(segment, label)] =
                    static_cast<float>(std::exp(best_[at(segment, label)] + after[label] - largest) / sum);
            std::vector<double> earlier(labels_, impossible);
            for (std::size_t before = 0; before < labels_; ++before)
                for (std::size_t label = 0; label < labels_; ++label)
                    earlier[before] =
                        std::max(earlier[before], step(before, label) + said_[at(segment, label)] + after[label]);
            after = std::move(earlier);
        }
        return probabilities;
    }

    const LabelChain& chain_;
    const Grammar& grammar_;
    double weight_;
    std::size_t labels_;
    std::vector<double> said_, best_;
    std::vector<std::size_t> from_;
};

void check(const LabelChain& chain, const Grammar& grammar, double weight) {
    const auto labels = static_cast<std::size_t>(grammar.labels);
    if (grammar.labels < 1 || grammar.transitions.size() != (labels + 1) * (labels + 1) ||
        (!grammar.durations.empty() && grammar.durations.size() != labels))
        throw std::invalid_argument("the grammar is not whole");
    if (!std::isfinite(weight) || weight < 0) throw std::invalid_argument("a grammar's weight must be 0 or more");
    if (chain.probabilities.size() != chain.seconds.size() * labels)
        throw std::invalid_argument("expected " + std::to_string(labels) + " probabilities for each of " +
                                    std::to_string(chain.seconds.size()) + " segments, found " +
                                    std::to_string(chain.probabilities.size()));
    for (std::size_t segment = 0; segment < chain.seconds.size(); ++segment) {
        const auto refuse = [segment](const std::string& what) {
            throw std::invalid_argument("segment " + std::to_string(segment) + ": " + what);
        };
        if (!is_duration(chain.seconds[segment])) refuse("its duration must be positive");
        const auto row = chain.probabilities.subspan(segment * labels, labels);
        if (!std::ranges::all_of(row, [](float p) { return p >= 0 && p <= 1.001F; }))
            refuse("its probabilities must be from 0 to 1");
        if (std::ranges::all_of(row, [](float p) { return p == 0; })) refuse("no label is possible");
    }
}

}  // namespace

std::vector<LabelledRun> runs_of(std::span<const LabelledSpan> spans, schemas::FrameSpan whole,
                                 double frames_per_second) {
    if (!is_duration(frames_per_second)) throw std::invalid_argument("labels of a stream need a positive frame rate");
    std::vector<LabelledRun> runs;
    schemas::FrameIndex before = whole.begin;
    for (const LabelledSpan& each : spans) {
        if (!schemas::is_valid(each.span) || each.span.begin < before || each.span.end > whole.end)
            throw std::invalid_argument("the label of frames [" + std::to_string(each.span.begin) + ", " +
                                        std::to_string(each.span.end) + ") is out of order");
        if (runs.empty() || each.span.begin > before) {
            runs.emplace_back();
            runs.back().begins = each.span.begin == whole.begin;
        }
        runs.back().labels.push_back(each.label);
        runs.back().seconds.push_back(static_cast<double>(each.span.length()) / frames_per_second);
        runs.back().ends = each.span.end == whole.end;
        before = each.span.end;
    }
    return runs;
}

Grammar counted_grammar(std::span<const LabelledRun> runs, int labels, double smoothing) {
    if (labels < 1) throw std::invalid_argument("a grammar needs at least one label");
    if (!std::isfinite(smoothing) || smoothing <= 0)
        throw std::invalid_argument("what is added to the counts of a grammar must be positive");
    const auto width = static_cast<std::size_t>(labels) + 1;
    Grammar grammar{labels, std::vector<double>(width * width, smoothing), {}};
    const auto count = [&](int from, int to) {
        grammar.transitions[static_cast<std::size_t>(from) * width + static_cast<std::size_t>(to)] += 1;
    };
    for (const LabelledRun& run : runs) {
        check(run, labels);
        if (run.labels.empty()) continue;
        if (run.begins) count(labels, run.labels.front());
        for (std::size_t i = 1; i < run.labels.size(); ++i) count(run.labels[i - 1], run.labels[i]);
        if (run.ends) count(run.labels.back(), labels);
    }
    for (std::size_t from = 0; from < width; ++from) {
        const auto row = std::span(grammar.transitions).subspan(from * width, width);
        double sum = 0;
        for (const double value : row) sum += value;
        for (double& value : row) value = std::log(value / sum);
    }
    grammar.durations = durations_of(runs, labels);
    return grammar;
}

LabelPath likeliest_labels(const LabelChain& chain, const Grammar& grammar, double weight) {
    check(chain, grammar, weight);
    return chain.seconds.empty() ? LabelPath{} : Chain(chain, grammar, weight).likeliest();
}

}  // namespace inference
