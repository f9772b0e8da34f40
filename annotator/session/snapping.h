#pragma once

#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "annotator/session/editor_model.h"

namespace annotator {

// What a boundary may snap to, the strongest first: of two at the same distance the first named wins.
enum class SnapKind { playhead, mark, boundary, model_boundary, beat, motion_minimum };

struct SnapTarget {
    schemas::FrameIndex frame = 0;
    SnapKind kind = SnapKind::boundary;

    bool operator==(const SnapTarget&) const = default;
};

struct Snapped {
    schemas::FrameIndex frame = 0;
    std::optional<SnapKind> to;  // none: nothing was near
};

// For people, beside the guide: "beat".
std::string_view word_of(SnapKind kind);

// Frames where the motion is least for `apart` frames on both sides and clearly less than around; `begin` is the frame
// of the first value.
std::vector<schemas::FrameIndex> motion_minima(std::span<const float> energy, schemas::FrameIndex begin,
                                               schemas::FrameIndex apart);
// Local peaks of at least 0.3, and none higher within `apart` frames.
std::vector<schemas::FrameIndex> probability_peaks(std::span<const float> probability, schemas::FrameIndex begin,
                                                   schemas::FrameIndex apart);

// Everything from the first to the last frame of `near` in the clip that is shown, by frame. The edges of `moving` do
// not count.
std::vector<SnapTarget> snap_targets(const EditorModel& model, const std::set<schemas::SegmentId>& moving,
                                     schemas::FrameSpan near);

// In whole frames: the mouse points into a frame, so what is nearer than half a frame to being in reach is.
schemas::FrameIndex snap_reach(double frames);
// The nearest target in reach. `targets` are by frame.
Snapped snapped(schemas::FrameIndex wanted, double within, std::span<const SnapTarget> targets);

}  // namespace annotator
