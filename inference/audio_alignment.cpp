#include "inference/audio_alignment.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "inference/correlation.h"
#include "inference/onsets.h"

namespace inference {

namespace {

constexpr double segment_seconds = 60;     // of the other, that candidates are looked for with: drift hardly matters
constexpr std::size_t most_segments = 12;  // spread over the other
constexpr std::size_t places_a_segment = 24;
constexpr double same_place_seconds = 0.1;  // candidates closer than this are one
constexpr double search_seconds = 0.06;     // around a candidate, for the waveform
constexpr double waveform_seconds = 2;      // compared at a time, at most
constexpr std::size_t most_waveforms = 120;
constexpr double whitening = 0.8;

// seconds in the reference - seconds in the other, around a moment of the other.
struct Candidate {
    double offset_seconds = 0;
    double at_seconds = 0;  // in the other
    double score = 0;
};

struct Match {
    double at_seconds = 0;      // in the other
    double offset_seconds = 0;  // there
    double likeness = 0;        // 0 … 1
};

std::vector<double> running_squares(std::span<const float> values) {
    std::vector<double> sums(values.size() + 1);
    for (std::size_t i = 0; i < values.size(); ++i) sums[i + 1] = sums[i] + static_cast<double>(values[i]) * values[i];
    return sums;
}

class Aligner {
public:
    Aligner(std::span<const float> reference, std::span<const float> other, double sample_rate,
            const AudioAlignmentOptions& options)
        : reference_(reference), other_(other), sample_rate_(sample_rate), options_(options) {
        const double shorter = static_cast<double>(std::min(reference.size(), other.size())) / sample_rate;
        const auto wanted = static_cast<std::size_t>(std::min(waveform_seconds, shorter / 2) * sample_rate);
        waveform_ = std::bit_floor(std::max<std::size_t>(4, wanted));
        // The largest of so many values that are drawn at random (Gumbel), a little above its mean.
        chance_ = 1.2 * std::sqrt(2 * std::log(2 * search_seconds * sample_rate) / static_cast<double>(waveform_));
    }

    [[nodiscard]] std::optional<AudioAlignment> align(const std::stop_token& stop) const {
        std::vector<Candidate> candidates = candidates_by_onsets(stop);
        for (Candidate& candidate : candidates) {
            if (stop.stop_requested()) return std::nullopt;
            candidate.score = waveform_score(candidate);
        }
        const auto best = std::ranges::max_element(candidates, {}, &Candidate::score);
        if (best == candidates.end()) return std::nullopt;
        double second = chance_;
        for (const Candidate& candidate : candidates)
            if (std::abs(candidate.offset_seconds - best->offset_seconds) > drift_allowance(candidate, *best))
                second = std::max(second, candidate.score);
        const double ratio = best->score > 0 ? second / best->score : 1;
        const double confidence = std::max(0.0, 1 - ratio * ratio);  // of energies
        if (confidence < options_.least_confidence) return std::nullopt;
        AudioAlignment alignment = refined(*best, stop);
        alignment.confidence = confidence;
        if (stop.stop_requested()) return std::nullopt;
        return alignment;
    }

private:
    [[nodiscard]] double drift_allowance(const Candidate& a, const Candidate& b) const {
        return same_place_seconds + options_.most_drift * std::abs(a.at_seconds - b.at_seconds);
    }

    [[nodiscard]] std::vector<Candidate> candidates_by_onsets(const std::stop_token& stop) const {
        const OnsetEnvelope reference = onset_envelope(reference_, sample_rate_);
        const OnsetEnvelope other = onset_envelope(other_, sample_rate_);
        const auto length = static_cast<std::size_t>(segment_seconds * other.rate);
        const std::size_t size = other.strength.size();
        const std::size_t segments = std::clamp<std::size_t>(size / length, 1, most_segments);
        std::vector<Candidate> candidates;
        for (std::size_t i = 0; i < segments && !stop.stop_requested(); ++i) {
            const std::size_t begin = segments == 1 ? 0 : i * (size - length) / (segments - 1);
            const std::size_t count = segments == 1 ? size : length;
            add_candidates(reference.strength, std::span(other.strength).subspan(begin, count),
                           static_cast<double>(begin), other.rate, candidates);
        }
        return candidates;
    }

    // The best places of one segment; `begin` is where it starts in the other, in values of the envelope.
    void add_candidates(std::span<const float> reference, std::span<const float> segment, double begin, double rate,
                        std::vector<Candidate>& candidates) const {
        std::vector<float> likeness, certainty;
        const std::ptrdiff_t first_lag = measure(reference, segment, begin, rate, likeness, certainty);
        // A long overlap makes certain; but where sounds repeat, only the true place fits best, however short.
        for (std::vector<float>* scores : {&certainty, &likeness}) {
            for (std::size_t found = 0; found < places_a_segment / 2; ++found) {
                const std::optional<std::ptrdiff_t> best = take_best(*scores, same_place_seconds * rate);
                if (!best) break;
                const double lag = static_cast<double>(first_lag + *best);
                const double from = std::max(0.0, -lag);
                const double to =
                    std::min(static_cast<double>(segment.size()), static_cast<double>(reference.size()) - lag);
                candidates.push_back({(lag - begin) / rate, (begin + (from + to) / 2) / rate, 0});
            }
        }
    }

    // For each lag from the one returned: the normalised correlation, and that times the root of the overlap.
    std::ptrdiff_t measure(std::span<const float> reference, std::span<const float> segment, double begin, double rate,
                           std::vector<float>& likeness, std::vector<float>& certainty) const {
        const CrossCorrelation sums = cross_correlation(reference, segment);
        const std::vector<double> reference_squares = running_squares(reference);
        const std::vector<double> segment_squares = running_squares(segment);
        const auto between = [](const std::vector<double>& squares, std::ptrdiff_t from, std::ptrdiff_t to) {
            return squares[static_cast<std::size_t>(to)] - squares[static_cast<std::size_t>(from)];
        };
        const auto least = static_cast<std::ptrdiff_t>(options_.least_overlap_seconds * rate);
        likeness.assign(sums.values.size(), 0);
        certainty.assign(sums.values.size(), 0);
        for (std::size_t i = 0; i < likeness.size(); ++i) {
            const std::ptrdiff_t lag = sums.first_lag + static_cast<std::ptrdiff_t>(i);
            const std::ptrdiff_t from = std::max<std::ptrdiff_t>(0, lag);
            const std::ptrdiff_t to = std::min(std::ssize(reference), lag + std::ssize(segment));
            const double offset = (static_cast<double>(lag) - begin) / rate;
            if (to - from < least || std::abs(offset) > options_.longest_offset_seconds) continue;
            const double energy = between(reference_squares, from, to) * between(segment_squares, from - lag, to - lag);
            if (energy < 1e-6) continue;
            likeness[i] = static_cast<float>(sums.values[i] / std::sqrt(energy));
            certainty[i] = likeness[i] * std::sqrt(static_cast<float>(to - from));
        }
        return sums.first_lag;
    }

    // Where the best score is, which is wiped with all around it. nullopt where none is left.
    static std::optional<std::ptrdiff_t> take_best(std::vector<float>& scores, double reach) {
        const auto best = std::ranges::max_element(scores);
        if (best == scores.end() || *best <= 0) return std::nullopt;
        const std::ptrdiff_t place = best - scores.begin(), around = std::lround(reach);
        std::fill(best - std::min(place, around), best + std::min(scores.end() - best, around + 1), 0.0F);
        return place;
    }

    [[nodiscard]] double overlap_begin(double offset) const { return std::max(0.0, -offset); }
    [[nodiscard]] double overlap_end(double offset) const {
        return std::min(static_cast<double>(other_.size()) / sample_rate_,
                        static_cast<double>(reference_.size()) / sample_rate_ - offset);
    }

    // Compares the waveforms around a moment of the other, `offset` being expected there.
    [[nodiscard]] std::optional<Match> match_at(double middle_seconds, double offset) const {
        const auto half = static_cast<double>(waveform_) / 2;
        const std::int64_t begin = std::llround(middle_seconds * sample_rate_ - half);
        const std::int64_t shift = std::llround(offset * sample_rate_);
        const auto size = static_cast<std::int64_t>(waveform_);
        if (begin < 0 || begin + size > std::ssize(other_) || begin + shift < 0 ||
            begin + shift + size > std::ssize(reference_))
            return std::nullopt;
        const auto a = reference_.subspan(static_cast<std::size_t>(begin + shift), waveform_);
        const auto b = other_.subspan(static_cast<std::size_t>(begin), waveform_);
        const std::vector<float> correlation = circular_phase_correlation(a, b, whitening);
        const auto reach = static_cast<std::int64_t>(search_seconds * sample_rate_);
        const auto at = [&](std::int64_t lag) {
            return std::abs(static_cast<double>(correlation[static_cast<std::size_t>((lag + size) % size)]));
        };
        std::int64_t best = 0;
        for (std::int64_t lag = -std::min(reach, size / 2 - 1); lag <= std::min(reach, size / 2 - 1); ++lag)
            if (at(lag) > at(best)) best = lag;
        const double left = at(best - 1), peak = at(best), right = at(best + 1), bend = left - 2 * peak + right;
        const double between = bend < 0 ? std::clamp(0.5 * (left - right) / bend, -0.5, 0.5) : 0;
        const double found = static_cast<double>(shift + best) + between;
        return Match{middle_seconds, found / sample_rate_, peak};
    }

    // How well the waveforms fit there: the mean over moments near the candidate's own.
    [[nodiscard]] double waveform_score(const Candidate& candidate) const {
        constexpr int moments = 8;
        const double length = static_cast<double>(waveform_) / sample_rate_;
        const double begin =
            std::max(overlap_begin(candidate.offset_seconds), candidate.at_seconds - segment_seconds / 2) +
            0.5 * length + search_seconds;
        const double end = std::min(overlap_end(candidate.offset_seconds), candidate.at_seconds + segment_seconds / 2) -
                           0.5 * length - search_seconds;
        std::vector<Match> matches;
        for (int i = 0; i < moments && begin <= end; ++i) {
            const double at = begin + (end - begin) * i / (moments - 1);
            if (const auto match = match_at(at, candidate.offset_seconds)) matches.push_back(*match);
        }
        return score_of(matches);
    }

    // The mean likeness of the matches that agree on the offset; the others count as chance.
    [[nodiscard]] double score_of(std::vector<Match> matches) const {
        if (matches.empty()) return 0;
        const double offset = median_offset(matches);
        double sum = 0;
        for (const Match& match : matches)
            sum += std::abs(match.offset_seconds - offset) < agreement_seconds() ? match.likeness : 0;
        return sum / static_cast<double>(matches.size());
    }

    [[nodiscard]] double agreement_seconds() const { return 0.002 + options_.most_drift * segment_seconds / 2; }

    // By the likeness of each.
    static double median_offset(std::vector<Match> matches) {
        std::ranges::sort(matches, {}, &Match::offset_seconds);
        double total = 0;
        for (const Match& match : matches) total += match.likeness;
        double passed = 0;
        for (const Match& match : matches)
            if ((passed += match.likeness) >= total / 2) return match.offset_seconds;
        return matches.back().offset_seconds;
    }

    [[nodiscard]] AudioAlignment refined(const Candidate& best, const std::stop_token& stop) const {
        const double begin = overlap_begin(best.offset_seconds), end = overlap_end(best.offset_seconds);
        std::vector<Match> matches = track(best, best.at_seconds, end, +1, stop);
        const std::vector<Match> backwards = track(best, best.at_seconds, begin, -1, stop);
        matches.insert(matches.end(), backwards.begin(), backwards.end());
        if (matches.empty()) return {best.offset_seconds, 1, 0};
        if (end - begin >= options_.least_drift_seconds && matches.size() >= 8) return line_through(std::move(matches));
        return {median_offset(matches), 1, 0};
    }

    // Matches from the candidate's moment to the end of the overlap in one direction, each looked for where the
    // ones before were found.
    [[nodiscard]] std::vector<Match> track(const Candidate& best, double from, double to, int direction,
                                           const std::stop_token& stop) const {
        const double length = static_cast<double>(waveform_) / sample_rate_;
        const double step = std::max(length, std::abs(to - from) / (most_waveforms / 2));
        double expected = best.offset_seconds;
        std::vector<Match> matches;
        for (double at = from; direction * (to - at) > 0 && !stop.stop_requested(); at += direction * step) {
            const auto match = match_at(at, expected);
            if (!match || match->likeness < 1.5 * chance_) continue;
            const bool near =
                matches.empty() || std::abs(match->offset_seconds - expected) <
                                       0.002 + options_.most_drift * std::abs(at - matches.back().at_seconds);
            if (!near) continue;
            matches.push_back(*match);
            expected = match->offset_seconds;
        }
        return matches;
    }

    // Least squares, twice: the second time without what lies far from the first line.
    [[nodiscard]] static AudioAlignment line_through(std::vector<Match> matches) {
        double slope = 0, offset = 0;
        for (int round = 0; round < 2 && !matches.empty(); ++round) {
            double weight = 0, t = 0, o = 0, tt = 0, to = 0;
            for (const Match& match : matches) {
                weight += match.likeness;
                t += match.likeness * match.at_seconds;
                o += match.likeness * match.offset_seconds;
            }
            t /= weight, o /= weight;
            for (const Match& match : matches) {
                tt += match.likeness * (match.at_seconds - t) * (match.at_seconds - t);
                to += match.likeness * (match.at_seconds - t) * (match.offset_seconds - o);
            }
            slope = tt > 0 ? to / tt : 0;
            offset = o - slope * t;
            std::erase_if(matches, [&](const Match& match) {
                return std::abs(offset + slope * match.at_seconds - match.offset_seconds) > 0.002;
            });
        }
        return {offset, 1 + slope, 0};
    }

    std::span<const float> reference_, other_;
    double sample_rate_;
    AudioAlignmentOptions options_;
    std::size_t waveform_ = 0;  // samples compared at a time
    double chance_ = 0;         // likeness of sounds that have nothing in common
};

}  // namespace

std::optional<AudioAlignment> align_audio(std::span<const float> reference, std::span<const float> other,
                                          double sample_rate, const AudioAlignmentOptions& options,
                                          std::stop_token stop) {
    const auto least = static_cast<std::size_t>(std::max(0.1, options.least_overlap_seconds) * sample_rate);
    if (std::min(reference.size(), other.size()) < least) return std::nullopt;
    return Aligner(reference, other, sample_rate, options).align(stop);
}

}  // namespace inference
