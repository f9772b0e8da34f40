#include "annotator/views/timeline_hit.h"

#include <algorithm>
#include <cmath>

namespace annotator {

namespace {

const TimelineItem* item_near(const TimelineItems& items, const TimeScale& scale, double pixel, int lane,
                              double reach) {
    if (const TimelineItem* under = items.at(frame_from_pixel(scale, pixel), lane)) return under;
    // Beside a gap: an edge can be caught from outside.
    for (const double side : {-reach, reach})
        if (const TimelineItem* beside = items.at(frame_from_pixel(scale, pixel + side), lane)) return beside;
    return nullptr;
}

const schemas::KeyPose* pose_near(const std::vector<const schemas::KeyPose*>& poses, const TimeScale& scale,
                                  double pixel, double reach) {
    const schemas::KeyPose* best = nullptr;
    double nearest = reach;
    const auto first = std::ranges::lower_bound(poses, frame_from_pixel(scale, pixel - reach) - 1, {},
                                                [](const schemas::KeyPose* pose) { return pose->frame; });
    for (auto at = first; at != poses.end(); ++at) {
        const double away = pixel_from_frame(scale, static_cast<double>((*at)->frame) + 0.5) - pixel;
        if (away > reach) break;
        if (std::abs(away) <= nearest) nearest = std::abs(away), best = *at;
    }
    return best;
}

// As wide as it is drawn at least. Of several that are as near, the last one to begin.
const schemas::Comment* comment_near(const std::vector<const schemas::Comment*>& comments, const TimeScale& scale,
                                     double pixel, double reach) {
    const schemas::Comment* best = nullptr;
    double nearest = reach;
    for (const schemas::Comment* comment : comments) {
        const double from = pixel_from_frame(scale, static_cast<double>(comment->begin_frame));
        if (from - pixel > reach) break;
        const double to = std::max(pixel_from_frame(scale, static_cast<double>(comment->end_frame)), from + reach);
        const double away = std::max({from - pixel, pixel - to, 0.0});
        if (away <= nearest) nearest = away, best = comment;
    }
    return best;
}

}  // namespace

HitPart part_at(const TimelineItem& item, const TimeScale& scale, double pixel, double reach) {
    const double left = pixel_from_frame(scale, static_cast<double>(item.begin));
    const double right = pixel_from_frame(scale, static_cast<double>(item.end));
    const double inside = std::min(reach, (right - left) / 3);
    if (pixel < left + inside) return left - pixel <= reach ? HitPart::begin : HitPart::nothing;
    if (pixel > right - inside) return pixel - right <= reach ? HitPart::end : HitPart::nothing;
    return HitPart::body;
}

TimelineHit hit_at(const TimelineContent& content, const TimeScale& scale, double pixel, double points, double reach) {
    TimelineHit hit;
    hit.row = row_at(content.rows(), points);
    if (hit.row == nullptr) return hit;
    if (hit.row->kind == RowKind::comments) {
        hit.comment = comment_near(content.comments(), scale, pixel, reach);
        return hit;
    }
    hit.pose = pose_near(content.key_poses(hit.row->line), scale, pixel, reach + 2);
    if (hit.pose != nullptr && (hit.row->kind == RowKind::key_poses || hit.row->kind == RowKind::labels)) {
        hit.part = HitPart::body;
        return hit;
    }
    hit.pose = nullptr;
    const TimelineItems& items = content.items(*hit.row);
    const double within = (points - hit.row->top) / hit.row->height * items.lanes();
    const int lane = std::clamp(static_cast<int>(within), 0, items.lanes() - 1);
    if (const TimelineItem* found = item_near(items, scale, pixel, lane, reach)) {
        hit.item = *found;
        hit.part = part_at(*found, scale, pixel, reach);
    }
    return hit;
}

}  // namespace annotator
