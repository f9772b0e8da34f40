#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "annotator/views/view_context.h"

namespace annotator {

// What is selected: where it came from, its span in figures, what can be done with it. Without a selection the clip.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class InspectorView {
public:
    void draw(const ViewContext& context);

private:
    void draw_segment(const ViewContext& context, const schemas::Segment& segment);
    void draw_edge(const ViewContext& context, const schemas::Segment& segment, Edge edge);
    void draw_proposal(const ViewContext& context, const schemas::Proposal& proposal);
    void draw_key_pose(const ViewContext& context, const schemas::KeyPose& pose);
    void draw_several(const ViewContext& context);
    void draw_clip(const ViewContext& context);
    void collect_comments(const ViewContext& context);

    // The edge that is being typed.
    std::optional<Edge> edge_;
    schemas::FrameIndex typed_ = 0;

    std::vector<schemas::CommentId> comments_;  // of that clip, in that revision
    std::optional<schemas::ClipId> comments_of_;
    std::uint64_t revision_ = 0;
};

}  // namespace annotator
