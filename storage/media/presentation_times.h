#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace storage {

// Frames as they are shown, one after another.
struct ShownTimes {
    std::vector<std::optional<std::int64_t>> pts;  // what the container says, in ticks
    std::vector<std::int64_t> durations;           // 0 where not known
};

struct IncreasingTimes {
    std::vector<std::int64_t> pts;
    std::vector<std::string> problems;
};

// Strictly increasing times for the frames in the order in which they are shown. The longest run of
// times that do increase stays as it is; the others, missing ones among them, are spread evenly between their
// neighbours, or a tick apart where there is no room.
IncreasingTimes increasing_times(const ShownTimes& shown);

}  // namespace storage
