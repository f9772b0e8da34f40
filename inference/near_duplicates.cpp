#include "inference/near_duplicates.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "inference/frame_signature.h"
#include "inference/median.h"
#include "inference/parallel.h"

namespace inference {

namespace {

constexpr double samples_per_second = 10;
constexpr std::size_t most_samples = 1'200;
constexpr std::size_t most_pairs = 2'000;
// Signatures of one recording in another one are found again within so many bits.
constexpr double like_bits = 8;
// Of matched frames against frames a second apart.
constexpr double like_difference = 0.4;
// Where nothing moves, levels that a codec may add.
constexpr double still_levels = 1;

// How far the pictures of one recording are from the nearest of another, in bits.
double signature_distance_between(const RecordingSketch& shorter, const RecordingSketch& longer) {
    constexpr std::size_t looked_at = 24;
    const std::size_t step = std::max<std::size_t>(1, shorter.frames.size() / looked_at);
    std::vector<double> nearest;
    for (std::size_t i = 0; i < shorter.frames.size(); i += step) {
        int least = 64;
        for (const schemas::FrameMeasures& frame : longer.frames)
            least = std::min(least, signature_distance(shorter.frames[i].signature, frame.signature));
        nearest.push_back(least);
    }
    return median(std::move(nearest));
}

double difference_a_second_apart(const RecordingSketch& recording) {
    std::vector<double> differences;
    std::size_t later = 0;
    for (std::size_t i = 0; i < recording.frames.size(); ++i) {
        while (later < recording.frames.size() && recording.seconds[later] < recording.seconds[i] + 1) ++later;
        if (later == recording.frames.size()) break;
        differences.push_back(thumbnail_difference(recording.frames[i].thumbnail, recording.frames[later].thumbnail));
    }
    return median(std::move(differences));
}

struct Candidate {
    std::size_t shorter = 0, longer = 0;
    double bits = 0;
};

double length(const RecordingSketch& recording) { return recording.seconds.empty() ? 0 : recording.seconds.back(); }

std::optional<NearDuplicate> compared(std::span<const RecordingSketch> recordings, const Candidate& candidate,
                                      const std::stop_token& stop) {
    const RecordingSketch &shorter = recordings[candidate.shorter], &longer = recordings[candidate.longer];
    const auto matching = match_frames({shorter.frames, shorter.seconds}, {longer.frames, longer.seconds}, stop);
    if (!matching || matching->typical_signature_distance > like_bits) return std::nullopt;
    const double usual = std::max(difference_a_second_apart(shorter), still_levels / like_difference);
    const double ratio = matching->typical_difference / usual;
    if (ratio > like_difference) return std::nullopt;
    const auto first = static_cast<std::size_t>(matching->frames.front().original);
    return NearDuplicate{candidate.shorter, candidate.longer, longer.seconds[first], 1 - ratio};
}

}  // namespace

RecordingSketch sketch_of(const MeasuredVideo& video) {
    RecordingSketch sketch;
    if (video.frames.empty()) return sketch;
    const double apart = std::max(1 / samples_per_second,
                                  (video.seconds.back() - video.seconds.front()) / static_cast<double>(most_samples));
    // Times of one frame in two files are equal but for this.
    constexpr double rounding = 1e-6;
    double next = video.seconds.front();
    for (std::size_t i = 0; i < video.frames.size(); ++i) {
        if (video.seconds[i] < next - rounding) continue;
        sketch.frames.push_back(video.frames[i]);
        sketch.seconds.push_back(video.seconds[i]);
        next += apart * (1 + std::floor((video.seconds[i] + rounding - next) / apart));
    }
    return sketch;
}

std::optional<NearDuplicates> near_duplicates(std::span<const RecordingSketch> recordings, std::stop_token stop) {
    std::vector<Candidate> candidates;
    std::mutex mutex;  // of candidates
    const bool looked = for_each_index(recordings.size(), 0, stop, [&](std::size_t a) {
        for (std::size_t b = a + 1; b < recordings.size(); ++b) {
            if (recordings[a].frames.empty() || recordings[b].frames.empty()) continue;
            Candidate candidate{a, b, 0};
            if (length(recordings[a]) > length(recordings[b])) std::swap(candidate.shorter, candidate.longer);
            candidate.bits = signature_distance_between(recordings[candidate.shorter], recordings[candidate.longer]);
            if (candidate.bits > like_bits) continue;
            const std::scoped_lock lock(mutex);
            candidates.push_back(candidate);
        }
    });
    if (!looked) return std::nullopt;
    std::ranges::sort(candidates, {},
                      [](const Candidate& each) { return std::tuple(each.bits, each.shorter, each.longer); });
    NearDuplicates result;
    result.not_compared = candidates.size() - std::min(candidates.size(), most_pairs);
    candidates.resize(std::min(candidates.size(), most_pairs));
    const bool matched = for_each_index(candidates.size(), 1, stop, [&](std::size_t i) {
        if (const auto pair = compared(recordings, candidates[i], stop)) result.pairs.push_back(*pair);
    });
    if (!matched) return std::nullopt;
    std::ranges::stable_sort(result.pairs, std::greater<>(), &NearDuplicate::likeness);
    return result;
}

}  // namespace inference
