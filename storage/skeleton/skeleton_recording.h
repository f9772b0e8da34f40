#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "schemas/frame.h"
#include "schemas/skeleton.h"
#include "storage/read_error.h"

namespace storage {

// What every skeleton reader returns. `seconds` has one entry a frame where the file
// has time stamps, from 0 on; it is empty where frames are evenly spaced at `rate`, which is not valid where the file
// does not say it.
struct SkeletonRecording {
    schemas::SkeletonSequence sequence;
    schemas::FrameRate rate;
    std::vector<double> seconds;
    std::vector<ReadProblem> problems;
    std::optional<std::int64_t> first_stamp;  // of frame 0, in microseconds on the clock of the device; where known
};

}  // namespace storage
