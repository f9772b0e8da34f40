#pragma once

#include <filesystem>
#include <optional>

#include "schemas/media.h"

namespace storage {

struct RecordedAt {
    schemas::RecordingClock clock = schemas::RecordingClock::creation_time;
    schemas::Timestamp microseconds = 0;  // from where that clock starts

    bool operator==(const RecordedAt&) const = default;
};

// When the frame at `start_seconds` of a stream's own clock was recorded, by the best of what its container says:
// presentation times that count from 1970 on, a time code, the time at which the file was made. nullopt where it says
// nothing, or is no media.
std::optional<RecordedAt> recorded_at(const std::filesystem::path& file, int stream, double start_seconds);

}  // namespace storage
