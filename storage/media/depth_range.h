#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>

#include "storage/media/depth_reader.h"

namespace storage {

// Which values a recording or a frame has, holes left out, in its own unit. All 0 where nothing was measured.
struct DepthRange {
    std::uint16_t smallest = 0;
    std::uint16_t largest = 0;
    std::uint16_t percentile_1 = 0;   // 1 % of the measured values are at most this
    std::uint16_t percentile_99 = 0;  // what pictures are shaded by: outliers do not count
    std::uint64_t measured = 0;       // pixels with a value, over all frames
    std::uint64_t holes = 0;          // pixels without

    bool operator==(const DepthRange&) const = default;
};

// Over all frames, each decoded once. nullopt when stopped. Throws ReadError.
std::optional<DepthRange> depth_range(DepthReader& recording, std::stop_token stop = {});
DepthRange depth_range(const DepthFrame& frame);

}  // namespace storage
