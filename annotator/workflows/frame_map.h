#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schemas/frame.h"

namespace annotator {

// Which frame of its source a frame of a copy shows.
struct MappedFrame {
    schemas::FrameIndex source = 0;
    double confidence = 1;  // that it is this very frame, 0 to 1
};

// What each frame of a copy shows; sources never decrease.
struct FrameMap {
    std::vector<MappedFrame> frames;
    schemas::FrameIndex source_frames = 0;
};

// The map as the table that lies beside a copy, a row for each frame of the copy:
// index,pts,seconds,source_index,source_pts,source_seconds,duplicated,dropped. `duplicated` is 1 where the source
// frame is that of the row before; `dropped` counts the source frames passed over since then.
std::string csv_from(const FrameMap& map, const schemas::FrameTable& copy, const schemas::FrameTable& source);

// Reads such a table; only index and source_index need to be there. Throws storage::ReadError that names the line.
FrameMap read_frame_map(const std::filesystem::path& file, schemas::FrameIndex source_frames);

// The map of a copy whose times are those of the source but for a constant; frames may be missing.
struct TimesFit {
    // none: the times are others. several: they fit at more than one place, as those of a trimmed copy with
    // evenly spaced frames do.
    enum class Kind { none, one, several } kind = Kind::none;
    FrameMap map;  // of the only fit
};
TimesFit fit_times(std::span<const double> copy_seconds, std::span<const double> source_seconds);

// The begin or the end of a half-open span.
struct MappedBoundary {
    schemas::FrameIndex from = 0, to = 0;
    double confidence = 1;
    // The frame of the span that lies at it is not in the copy: that part was cut off.
    bool cut = false;
};
struct MappedSpan {
    MappedBoundary begin, end;
    // none: no frame of it is in the copy. collapsed: it lay between two frames of the copy.
    enum class Outcome { kept, outside, collapsed } outcome = Outcome::kept;

    [[nodiscard]] schemas::FrameSpan span() const { return {begin.to, end.to}; }
};

// Finds the frames of the copy that show given frames of the source.
class FrameMapper {
public:
    explicit FrameMapper(FrameMap map);

    [[nodiscard]] const FrameMap& map() const { return map_; }
    // Spans that touch go on touching.
    [[nodiscard]] MappedSpan span(schemas::FrameSpan source) const;
    // The frame of the copy that shows the frame, else the one that shows the nearest; nullopt where the copy
    // does not reach that far.
    [[nodiscard]] std::optional<MappedBoundary> frame(schemas::FrameIndex source) const;

private:
    FrameMap map_;
    schemas::FrameIndex step_ = 1;  // frames of the source from one frame of the copy to the next, rounded up
};

}  // namespace annotator
