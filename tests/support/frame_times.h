#pragma once

#include <cstddef>
#include <vector>

#include "schemas/frame.h"

namespace tests {

// begin, begin + step … below end.
inline std::vector<schemas::FrameIndex> frames_from(schemas::FrameIndex begin, schemas::FrameIndex end,
                                                    schemas::FrameIndex step = 1) {
    std::vector<schemas::FrameIndex> frames;
    for (schemas::FrameIndex frame = begin; frame < end; frame += step) frames.push_back(frame);
    return frames;
}

// 0, 1 / rate, 2 / rate …
inline std::vector<double> even_seconds(std::size_t frames, double rate) {
    std::vector<double> seconds;
    for (std::size_t i = 0; i < frames; ++i) seconds.push_back(static_cast<double>(i) / rate);
    return seconds;
}

}  // namespace tests
