#include "storage/formats/span_check.h"

#include <algorithm>
#include <limits>

namespace storage {

using schemas::FrameIndex;
using schemas::FrameSpan;

std::optional<FrameIndex> known_frames(const LabelImportOptions& options, std::string_view key) {
    if (!options.clip_named) return std::nullopt;
    const std::optional<KnownClip> clip = options.clip_named(key);
    if (!clip) return std::nullopt;
    return static_cast<FrameIndex>(clip->seconds.size());
}

std::optional<FrameSpan> fitted(FrameSpan span, std::optional<FrameIndex> frames, std::size_t line,
                                ProblemList& problems) {
    const std::string text = "[" + std::to_string(span.begin) + ", " + std::to_string(span.end) + ")";
    if (span.end <= span.begin) {
        problems.add(line, "frames " + text + " hold nothing: the end must come after the begin; left out");
        return std::nullopt;
    }
    const FrameIndex last = frames.value_or(std::numeric_limits<FrameIndex>::max());
    const FrameSpan inside{std::max<FrameIndex>(span.begin, 0), std::min(span.end, last)};
    if (inside == span) return span;
    const std::string clip = frames ? "the clip has frames 0 to " + std::to_string(last - 1) : "frames count from 0";
    if (!schemas::is_valid(inside)) {
        problems.add(line, "frames " + text + " lie outside of the clip (" + clip + "); left out");
        return std::nullopt;
    }
    problems.add(line, "frames " + text + " reach beyond the clip (" + clip + "); cut there", inside);
    return inside;
}

}  // namespace storage
