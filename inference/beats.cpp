#include "inference/beats.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>

#include "inference/correlation.h"

namespace inference {

namespace {

constexpr double window_seconds = 8, step_seconds = 1;
constexpr double shortest_period = 0.25, longest_period = 1.5;  // seconds: 240 and 40 beats a minute
constexpr double period_ratio = 1.01;                           // from one period tried to the next
constexpr double change_cost = 2;                               // of the tempo, for each e-fold
constexpr double same_tempo = 0.04;                             // as a share of it

std::vector<double> periods_tried() {
    std::vector<double> periods;
    for (double period = shortest_period; period <= longest_period; period *= period_ratio) periods.push_back(period);
    return periods;
}

// How the envelope around some moment resembles itself after each period.
struct TempoWindow {
    std::vector<double> likeness;  // of the periods tried, at most 1
    std::vector<double> score;     // the same, by how likely each is what people tap
    double energy = 0;
};

class Autocorrelation {
public:
    explicit Autocorrelation(std::span<const float> values) : size_(static_cast<double>(values.size())) {
        const double mean = std::accumulate(values.begin(), values.end(), 0.0) / size_;
        std::vector<float> centred(values.begin(), values.end());
        for (float& value : centred) value = static_cast<float>(value - mean);
        sums_ = cross_correlation(centred, centred);
        constexpr double silent_variance = 0.01;  // of an envelope whose variance is 1
        if (sums_.at(0) < silent_variance * size_) sums_ = {};
    }

    [[nodiscard]] double energy() const { return sums_.at(0); }
    // Between -1 and about 1; 0 where the window is too short for it.
    [[nodiscard]] double at(double lag) const {
        if (lag > 0.75 * size_ || energy() <= 0) return 0;
        const auto below = static_cast<std::ptrdiff_t>(lag);
        const double share = lag - static_cast<double>(below);
        const double sum = (1 - share) * sums_.at(below) + share * sums_.at(below + 1);
        return sum / energy() * size_ / (size_ - lag);
    }

private:
    double size_;
    CrossCorrelation sums_;
};

TempoWindow tempo_window(std::span<const float> strength, double rate, const std::vector<double>& periods,
                         const BeatOptions& options) {
    const Autocorrelation correlation(strength);
    TempoWindow window;
    window.energy = correlation.energy();
    for (const double period : periods) {
        const double likeness = std::min(1.0, correlation.at(period * rate));
        const double octaves = std::log2(60 / period / options.usual_tempo) / options.tempo_octaves;
        // A period whose half fits as well is two beats long.
        const double halved = std::max(0.0, correlation.at(period * rate / 2));
        window.likeness.push_back(likeness);
        window.score.push_back((likeness - 0.3 * halved) * std::exp(-0.5 * octaves * octaves));
    }
    return window;
}

std::vector<TempoWindow> tempo_windows(const OnsetEnvelope& onsets, const std::vector<double>& periods,
                                       const BeatOptions& options) {
    const std::size_t size = onsets.strength.size();
    const auto length = std::min(size, static_cast<std::size_t>(window_seconds * onsets.rate));
    std::vector<TempoWindow> windows;
    for (std::size_t i = 0;; ++i) {
        const auto middle = static_cast<std::size_t>(static_cast<double>(i) * step_seconds * onsets.rate);
        if (middle > size) return windows;
        const std::size_t begin = std::min(middle - std::min(middle, length / 2), size - length);
        windows.push_back(
            tempo_window(std::span(onsets.strength).subspan(begin, length), onsets.rate, periods, options));
    }
}

// The period of each window, by its place among those tried: the best path through the scores (Viterbi).
std::vector<std::size_t> tempo_path(const std::vector<TempoWindow>& windows) {
    const std::size_t states = windows.front().score.size();
    const double step_cost = change_cost * std::log(period_ratio);
    std::vector<double> total = windows.front().score;
    std::vector<std::vector<std::uint16_t>> before(windows.size(), std::vector<std::uint16_t>(states));
    for (std::size_t w = 1; w < windows.size(); ++w) {
        // With a cost in proportion to the distance, two sweeps find each best predecessor.
        std::vector<double> reached = total;
        for (std::size_t s = 0; s < states; ++s) before[w][s] = static_cast<std::uint16_t>(s);
        const auto offer = [&](std::size_t to, std::size_t from) {
            if (reached[from] - step_cost <= reached[to]) return;
            reached[to] = reached[from] - step_cost;
            before[w][to] = before[w][from];
        };
        for (std::size_t s = 1; s < states; ++s) offer(s, s - 1);
        for (std::size_t s = states - 1; s > 0; --s) offer(s - 1, s);
        for (std::size_t s = 0; s < states; ++s) total[s] = reached[s] + windows[w].score[s];
    }
    std::vector<std::size_t> path(windows.size());
    path.back() = static_cast<std::size_t>(std::ranges::max_element(total) - total.begin());
    for (std::size_t w = windows.size() - 1; w > 0; --w) path[w - 1] = before[w][path[w]];
    return path;
}

// The tempo along the whole sound.
struct TempoCurve {
    std::vector<double> period;      // of each window, seconds
    std::vector<double> confidence;  // of each window

    [[nodiscard]] std::size_t window_at(double seconds) const {
        const auto nearest = static_cast<std::size_t>(std::lround(std::max(0.0, seconds / step_seconds)));
        return std::min(nearest, period.size() - 1);
    }
};

// Equation 3: the best chain of beats that ends at each moment, and its last beat but one.
std::vector<std::int64_t> chain_beats(const OnsetEnvelope& onsets, const TempoCurve& curve, double tightness,
                                      std::vector<double>& total) {
    const auto size = static_cast<std::int64_t>(onsets.strength.size());
    std::vector<std::int64_t> before(onsets.strength.size(), -1);
    total.assign(onsets.strength.size(), 0);
    std::vector<double> cost;
    double cost_period = 0;
    for (std::int64_t t = 0; t < size; ++t) {
        const double period = curve.period[curve.window_at(static_cast<double>(t) / onsets.rate)] * onsets.rate;
        const auto shortest = static_cast<std::int64_t>(period / 2), longest = static_cast<std::int64_t>(2 * period);
        if (period != cost_period) {
            cost_period = period;
            cost.clear();
            for (std::int64_t interval = shortest; interval <= longest; ++interval) {
                const double late = std::log(static_cast<double>(std::max<std::int64_t>(1, interval)) / period);
                cost.push_back(tightness * late * late);
            }
        }
        double best = 0;
        for (std::int64_t interval = shortest; interval <= std::min(longest, t); ++interval) {
            const double reached =
                total[static_cast<std::size_t>(t - interval)] - cost[static_cast<std::size_t>(interval - shortest)];
            if (reached <= best) continue;
            best = reached;
            before[static_cast<std::size_t>(t)] = t - interval;
        }
        total[static_cast<std::size_t>(t)] = best + onsets.strength[static_cast<std::size_t>(t)];
    }
    return before;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

// Without beats that go on in silence: further than two periods from any that is heard.
std::vector<double> heard(const std::vector<double>& beats, const OnsetEnvelope& onsets, const TempoCurve& curve) {
    if (beats.empty()) return {};
    std::vector<double> strength;
    for (const double at : beats)
        strength.push_back(onsets.strength[static_cast<std::size_t>(std::lround(at * onsets.rate))]);
    const double least = 0.2 * median(strength);
    std::vector<double> kept;
    for (std::size_t i = 0; i < beats.size(); ++i) {
        const double reach = 2.2 * curve.period[curve.window_at(beats[i])];
        bool near = false;
        for (std::size_t k = i; k < beats.size() && beats[k] - beats[i] <= reach; ++k) near |= strength[k] >= least;
        for (std::size_t k = i; k-- > 0 && beats[i] - beats[k] <= reach;) near |= strength[k] >= least;
        if (near) kept.push_back(beats[i]);
    }
    return kept;
}

std::vector<double> beat_times(const OnsetEnvelope& onsets, const TempoCurve& curve, const BeatOptions& options) {
    std::vector<double> total;
    const std::vector<std::int64_t> before = chain_beats(onsets, curve, options.tightness, total);
    const auto last_period = static_cast<std::ptrdiff_t>(curve.period.back() * onsets.rate);
    const auto from = total.end() - std::min(last_period, static_cast<std::ptrdiff_t>(total.size()));
    std::vector<double> seconds;
    for (std::int64_t t = std::max_element(from, total.end()) - total.begin(); t >= 0;
         t = before[static_cast<std::size_t>(t)]) {
        const double at = static_cast<double>(t) / onsets.rate;
        if (curve.confidence[curve.window_at(at)] >= options.least_confidence) seconds.push_back(at);
    }
    std::ranges::reverse(seconds);
    return heard(seconds, onsets, curve);
}

// Beats a minute of so many beats: between them, without pauses, as a mean of what is near the median.
double tempo_of(std::span<const double> beats) {
    std::vector<double> intervals;
    for (std::size_t i = 1; i < beats.size(); ++i) intervals.push_back(beats[i] - beats[i - 1]);
    const double usual = median(intervals);
    double sum = 0, count = 0;
    for (const double interval : intervals) {
        if (std::abs(interval - usual) > 0.25 * usual) continue;
        sum += interval;
        ++count;
    }
    return 60 * count / sum;
}

// Fills in what follows from the beats' times.
void describe_tempo(Beats& beats, const TempoCurve& curve) {
    constexpr std::size_t least_beats = 4;
    if (beats.seconds.size() < least_beats) return beats.seconds.clear();
    beats.beats_per_minute = tempo_of(beats.seconds);
    const auto period_at = [&](std::size_t beat) { return curve.period[curve.window_at(beats.seconds[beat])]; };
    for (std::size_t begin = 0; begin < beats.seconds.size();) {
        std::size_t end = begin + 1;
        while (end < beats.seconds.size() && std::abs(std::log(period_at(end) / period_at(begin))) < same_tempo) ++end;
        const auto part = std::span(beats.seconds).subspan(begin, end - begin);
        if (part.size() >= least_beats) {
            const double tempo = tempo_of(part);
            const bool changed =
                beats.parts.empty() || std::abs(std::log(tempo / beats.parts.back().beats_per_minute)) > same_tempo;
            if (changed) beats.parts.push_back({part.front(), tempo});
        }
        begin = end;
    }
}

}  // namespace

Beats track_beats(const OnsetEnvelope& onsets, const BeatOptions& options) {
    Beats beats;
    if (static_cast<double>(onsets.strength.size()) < 4 * shortest_period * onsets.rate || onsets.rate <= 0)
        return beats;
    const std::vector<double> periods = periods_tried();
    const std::vector<TempoWindow> windows = tempo_windows(onsets, periods, options);
    const std::vector<std::size_t> path = tempo_path(windows);
    TempoCurve curve;
    double energy = 0;
    for (std::size_t w = 0; w < windows.size(); ++w) {
        curve.period.push_back(periods[path[w]]);
        curve.confidence.push_back(std::max(0.0, windows[w].likeness[path[w]]));
        beats.confidence += windows[w].energy * curve.confidence.back();
        energy += windows[w].energy;
    }
    beats.confidence = energy > 0 ? beats.confidence / energy : 0;
    if (beats.confidence < options.least_confidence) return beats;
    beats.seconds = beat_times(onsets, curve, options);
    describe_tempo(beats, curve);
    return beats;
}

}  // namespace inference
