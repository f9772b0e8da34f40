#pragma once

#include <optional>
#include <set>

#include "annotator/session/snapping.h"
#include "annotator/views/timeline_hit.h"

namespace annotator {

enum class DragKind { nothing, scrub, pan, draw_span, boundary, proposal_edge, segment, key_pose };

// What a drag would do if it ended now.
struct DragPreview {
    schemas::FrameSpan span;  // of what is drawn or moved
    // The one that follows a rolled boundary, as it would be.
    std::optional<schemas::SegmentId> neighbour;
    schemas::FrameSpan neighbour_span;
    schemas::FrameIndex boundary = 0;  // that moves
    std::optional<SnapKind> snapped_to;
    schemas::FrameIndex guide = 0;  // where that lies
};

// The drag in progress. Frames in, a preview and in the end one intent out; nothing is changed before.
//
// Thread: the UI's.
class TimelineDrag {
public:
    [[nodiscard]] DragKind kind() const { return kind_; }
    [[nodiscard]] const Line& line() const { return line_; }
    [[nodiscard]] std::int64_t id() const { return item_.id; }  // of the segment or proposal that is dragged
    [[nodiscard]] schemas::KeyPoseId pose() const { return pose_; }
    [[nodiscard]] const DragPreview& preview() const { return preview_; }
    // Whether the mouse has moved far enough to mean it.
    [[nodiscard]] bool has_begun() const { return begun_; }

    void scrub() { kind_ = DragKind::scrub; }
    void pan() { kind_ = DragKind::pan; }
    void draw_span(const EditorModel& model, const Line& line, schemas::FrameIndex from);
    void boundary(const EditorModel& model, const Line& line, const TimelineItem& item, Edge edge);
    void proposal_edge(const EditorModel& model, const Line& line, const TimelineItem& item, Edge edge);
    void segment(const EditorModel& model, const Line& line, const TimelineItem& item, schemas::FrameIndex grabbed);
    void key_pose(const EditorModel& model, const Line& line, const schemas::KeyPose& pose);

    struct Mouse {
        schemas::FrameIndex frame = 0;     // under the mouse
        schemas::FrameIndex boundary = 0;  // the nearest between two frames
        double snap_frames = 0;            // how far snapping reaches; 0: it is off
        BoundaryMove how = BoundaryMove::roll;
    };
    void move(const EditorModel& model, const Mouse& mouse);
    // Ends the drag. What was not moved is left alone.
    void finish(Outbox& outbox);
    void cancel() { *this = {}; }

private:
    void start(const EditorModel& model, DragKind kind, const Line& line, const std::set<schemas::SegmentId>& moving);
    void move_boundary(const EditorModel& model, const Mouse& mouse);
    void move_segment(const EditorModel& model, const Mouse& mouse);
    schemas::FrameIndex snap(const EditorModel& model, schemas::FrameIndex wanted, const Mouse& mouse);

    DragKind kind_ = DragKind::nothing;
    Line line_;
    TimelineItem item_;
    Edge edge_ = Edge::begin;
    BoundaryMove how_ = BoundaryMove::roll;
    schemas::KeyPoseId pose_{};
    schemas::FrameIndex grabbed_ = 0;  // the frame where the drag began
    schemas::FrameSpan clip_;
    DragPreview preview_;
    bool begun_ = false;
    std::set<schemas::SegmentId> moving_;  // whose edges are nothing to snap to
};

}  // namespace annotator
