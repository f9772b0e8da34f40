#include "annotator/workflows/clip_times.h"

#include "annotator/document/queries.h"
#include "storage/export/dataset.h"

namespace annotator {

namespace {

template <class Value>
std::vector<Value> part(const std::vector<Value>& values, schemas::FrameSpan span) {
    if (values.empty()) return {};
    return {values.begin() + span.begin, values.begin() + span.end};
}

}  // namespace

ClipTimes clip_times(ProjectSession& session, const schemas::Clip& clip) {
    const schemas::Stream& reference = *reference_stream(session.document(), clip.take);
    const schemas::FrameTable whole = session.store().frame_times(reference);
    if (whole.frames() < clip.end_frame)
        throw storage::ReadError(clip.name + ": its frame table has " + std::to_string(whole.frames()) +
                                 " frames, and the clip ends with frame " + std::to_string(clip.end_frame - 1));
    ClipTimes times;
    times.table = {part(whole.seconds, clip.span()), part(whole.key, clip.span()), part(whole.ticks, clip.span()),
                   whole.tick};
    times.end_seconds = clip.end_frame < whole.frames() ? whole.seconds[static_cast<std::size_t>(clip.end_frame)]
                                                        : storage::end_seconds_of(whole, reference.rate());
    return times;
}

}  // namespace annotator
