#pragma once

#include <limits>
#include <optional>
#include <span>
#include <stop_token>

namespace inference {

// Where the sound of one recording lies on the time line of another:
// seconds in the reference = offset_seconds + clock_ratio * seconds in the other.
struct AudioAlignment {
    double offset_seconds = 0;  // where the other's first sample lies; negative: it began before the reference
    double clock_ratio = 1;     // how fast the other's clock is counted by the reference's; 1 where too short to tell
    double confidence = 0;      // 0 … 1; how much better this place fits than the next best
};

struct AudioAlignmentOptions {
    double longest_offset_seconds = std::numeric_limits<double>::infinity();
    double least_overlap_seconds = 3;  // of the two; shorter ones are not tried
    double least_drift_seconds = 60;   // of overlap from which the clock ratio is measured
    double most_drift = 5e-4;          // of the clock ratio from 1
    double least_confidence = 0.2;     // below: no match
};

// Both are mono at `sample_rate` (8,000 suffices), from their first samples on. Sounds that share a
// passage are placed to better than 5 ms; nullopt where no place fits clearly better than all others
// (other sound, silence, an exact repetition), or when stopped. Either may be inverted, quieter, coloured by another
// room, or cut.
//
// Normalised cross-correlation of onset envelopes finds candidate places; the phase transform (Knapp and Carter
// 1976, "The generalized correlation method for estimation of time delay") of the waveforms decides.
// Memory: some 100 bytes for each 4 ms of sound, besides the samples given.
std::optional<AudioAlignment> align_audio(std::span<const float> reference, std::span<const float> other,
                                          double sample_rate, const AudioAlignmentOptions& options = {},
                                          std::stop_token stop = {});

}  // namespace inference
