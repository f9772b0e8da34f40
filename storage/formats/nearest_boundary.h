#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "storage/formats/imported_labels.h"
#include "storage/text_file.h"

namespace storage {

// A boundary in seconds, and the frame boundary that is nearest to it.
struct NearestBoundary {
    schemas::FrameIndex boundary = 0;  // 0 … frames
    double frames_off = 0;             // how far it was moved, in frames of that place; negative: to an earlier time
};

// Boundary i is when frame i is shown, boundary `frames` when the last frame stops being shown;
// `seconds` counts from the clip's first frame. `clip` must have a frame.
NearestBoundary nearest_boundary(const KnownClip& clip, double seconds);
double boundary_seconds(const KnownClip& clip, schemas::FrameIndex boundary);

// Whether a boundary is meant to be where it was found: within a quarter of a frame.
bool lands(const NearestBoundary& found);

// Turns spans in seconds into frames and keeps account of what did not fit. A boundary that does not
// land on a frame is moved to the nearest one and counted, since a file made from this very recording
// would not need it. A boundary more than half a frame
// outside of the clip is cut at its end and listed. A span that would become empty covers the frame
// that its middle falls into.
class SecondsConverter {
public:
    explicit SecondsConverter(const KnownClip& clip) : clip_(clip) {}

    // nullopt if nothing of it lies in the clip or the end does not come after the begin, which is
    // listed: `line` or `place` (a field) say where; 0 and empty where there is none.
    std::optional<schemas::FrameSpan> span_from(double begin, double end, std::size_t line, const std::string& place,
                                                ProblemList& problems);
    // Lists how many boundaries were moved, and the farthest.
    void report(const std::string& subject, ProblemList& problems) const;

private:
    schemas::FrameIndex landed(double seconds, const std::string& place);

    const KnownClip& clip_;
    std::int64_t boundaries_ = 0, moved_ = 0;
    double farthest_ = 0;
    std::string farthest_place_;
};

}  // namespace storage
