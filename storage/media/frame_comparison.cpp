#include "storage/media/frame_comparison.h"

#include <cstdint>
#include <optional>

namespace storage {

namespace {

using schemas::FrameIndex;

template <class Same>
std::optional<FrameIndex> first_where_not(FrameIndex count, Same same) {
    for (FrameIndex i = 0; i < count; ++i)
        if (!same(static_cast<std::size_t>(i))) return i;
    return std::nullopt;
}

}  // namespace

std::vector<std::string> differences(const VideoIndex& scanned, const schemas::FrameTable& noted, FrameIndex first) {
    std::vector<std::string> found;
    if (noted.ticks.size() != noted.seconds.size()) return {"its pts were not noted down"};
    if (first < 0 || first + noted.frames() > scanned.size()) {
        found.push_back("its frames end with " + std::to_string(scanned.size() - 1) + ", and frame " +
                        std::to_string(first + noted.frames() - 1) + " was noted down");
        return found;
    }
    const auto& [numerator, denominator] = noted.tick;
    const VideoProperties& properties = scanned.properties;
    if (properties.time_base_numerator * denominator != properties.time_base_denominator * numerator) {
        found.push_back("its time base is " + std::to_string(properties.time_base_numerator) + "/" +
                        std::to_string(properties.time_base_denominator) + ", and " + std::to_string(numerator) + "/" +
                        std::to_string(denominator) + " was noted down");
        return found;
    }
    const auto frame = [&](std::size_t i) { return scanned.frames[static_cast<std::size_t>(first) + i]; };
    if (const auto at = first_where_not(noted.frames(), [&](std::size_t i) { return frame(i).pts == noted.ticks[i]; }))
        found.push_back("frame " + std::to_string(first + *at) + " has the pts " +
                        std::to_string(frame(static_cast<std::size_t>(*at)).pts) + ", and " +
                        std::to_string(noted.ticks[static_cast<std::size_t>(*at)]) + " was noted down");
    if (noted.key.empty()) return found;
    if (const auto at =
            first_where_not(noted.frames(), [&](std::size_t i) { return frame(i).key == (noted.key[i] != 0); }))
        found.push_back("frame " + std::to_string(first + *at) + " is " +
                        (frame(static_cast<std::size_t>(*at)).key ? "a" : "no") +
                        " key frame, and the opposite was noted down");
    return found;
}

}  // namespace storage
