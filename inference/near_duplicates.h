#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/frame_matching.h"

namespace inference {

// Ten frames a second of a recording, 1,200 at most: what it is compared by.
struct RecordingSketch {
    std::vector<schemas::FrameMeasures> frames;
    std::vector<double> seconds;
};
RecordingSketch sketch_of(const MeasuredVideo& video);

// Two recordings of which the shorter shows what the longer shows.
struct NearDuplicate {
    std::size_t shorter = 0, longer = 0;  // places in the list
    double begin_seconds = 0;             // of the longer one, where the shorter one begins
    double likeness = 0;                  // 0 … 1: 1 where matched frames do not differ at all
};

struct NearDuplicates {
    std::vector<NearDuplicate> pairs;  // most alike first
    std::size_t not_compared = 0;      // pairs that looked alike but were too many to compare
};

// Pairs whose pictures look alike by their signatures are matched frame by frame: takes before the same
// wall look alike too, but only copies move alike. Frames of a copy differ by far less than frames that lie
// a second apart. nullopt when stopped.
//
// Thread: any; works on all cores.
std::optional<NearDuplicates> near_duplicates(std::span<const RecordingSketch> recordings, std::stop_token stop = {});

}  // namespace inference
