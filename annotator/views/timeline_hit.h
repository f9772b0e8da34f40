#pragma once

#include "annotator/views/timeline_content.h"

namespace annotator {

enum class HitPart { nothing, begin, body, end };

// What lies under the mouse.
struct TimelineHit {
    const TimelineRow* row = nullptr;  // null: beside all rows
    HitPart part = HitPart::nothing;
    TimelineItem item;                          // of a row of labels, others or proposals
    const schemas::KeyPose* pose = nullptr;     // of a row of key poses
    const schemas::Comment* comment = nullptr;  // of the row of comments
};

// Edges are hit from `reach` pixels on either side, as far as a third of what they belong to, and so are comments, the
// nearest of them. `points` count from below the ruler.
TimelineHit hit_at(const TimelineContent& content, const TimeScale& scale, double pixel, double points, double reach);

// The part of an item that a pixel hits; what reaches beyond the item is decided by its neighbours.
HitPart part_at(const TimelineItem& item, const TimeScale& scale, double pixel, double reach);

}  // namespace annotator
