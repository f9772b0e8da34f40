#include "annotator/session/shown_picture.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "annotator/playback/depth_pump.h"

namespace annotator {

namespace {

using Kind = ShownPicture::Kind;
using schemas::FrameIndex;

// Faster than this, pictures that come late are not worth waiting for.
constexpr double fastest_without_previews = 2;

ShownPicture without_picture(const ShownPicture& before, Kind kind, FrameIndex frame, std::string problem = "") {
    return {kind, frame, nullptr, nullptr, before.version, std::move(problem)};
}

ShownPicture with_picture(ShownPicture shown, Kind kind, FrameIndex frame,
                          std::shared_ptr<const schemas::Picture> picture) {
    if (shown.picture != picture) shown.version = fresh_picture_version();
    return {kind, frame, std::move(picture), nullptr, shown.version, ""};
}

// Decoded later than it was due, but nearly on time; others were made ready ahead of a place that was left since.
bool is_nearly_due(FrameIndex shown, FrameIndex late, FrameIndex due) {
    const bool between = (shown < late && late < due) || (due < late && late < shown);
    return between && std::abs(due - late) < std::abs(late - shown);
}

}  // namespace

std::uint64_t fresh_picture_version() {
    static std::uint64_t last = 0;
    return ++last;
}

ShownPicture next_picture(ShownPicture shown, const ViewedFrame& viewed, storage::ScrubProxy* previews,
                          const Moving& moving) {
    if (!viewed.due) return without_picture(shown, Kind::absent, 0);
    const FrameIndex due = *viewed.due;
    if (!viewed.problem.empty()) return without_picture(shown, Kind::failed, due, viewed.problem);
    if (viewed.shown && viewed.shown->frame.index() == due)
        return with_picture(std::move(shown), Kind::exact, due, viewed.shown->picture);
    // It is there already, perhaps of another size.
    if ((shown.kind == Kind::preview || shown.kind == Kind::exact) && shown.frame == due) return shown;
    if (previews != nullptr && (!moving.playing || std::abs(moving.speed) > fastest_without_previews))
        if (auto preview = previews->preview(due))
            return with_picture(std::move(shown), Kind::preview, due,
                                std::make_shared<const schemas::Picture>(std::move(*preview)));
    if (moving.playing && viewed.shown && shown.picture)
        if (const FrameIndex late = viewed.shown->frame.index(); is_nearly_due(shown.frame, late, due))
            return with_picture(std::move(shown), Kind::earlier, late, viewed.shown->picture);
    // What was a preview stays a small picture of its frame.
    if (shown.picture) shown.kind = Kind::earlier;
    return shown.picture ? shown : without_picture(shown, Kind::waiting, due);
}

ShownPicture next_depth(ShownPicture shown, FrameIndex due, const DepthPump& pump) {
    if (due < 0) return without_picture(shown, Kind::absent, 0);
    if (auto frame = pump.ready(due)) {
        if (shown.depth != frame) shown.version = fresh_picture_version();
        return {Kind::exact, due, nullptr, std::move(frame), shown.version, ""};
    }
    if (std::string problem = pump.problem(due); !problem.empty())
        return without_picture(shown, Kind::failed, due, std::move(problem));
    if (!shown.depth) return without_picture(shown, Kind::waiting, due);
    shown.kind = Kind::earlier;
    return shown;
}

}  // namespace annotator
