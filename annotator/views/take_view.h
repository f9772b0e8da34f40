#pragma once

#include <map>
#include <optional>
#include <vector>

#include "annotator/views/depth_pane.h"
#include "annotator/views/key_point_pane.h"
#include "annotator/views/pose_strip.h"
#include "annotator/views/skeleton_pane.h"
#include "annotator/views/take_toolbar.h"
#include "annotator/views/video_pane.h"
#include "annotator/views/view_context.h"

namespace annotator {

// The recordings of the clip that is shown, side by side: video, depth, skeletons in space and over pictures.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class TakeView {
public:
    void draw(const ViewContext& context);

private:
    struct PaneId {
        enum class Kind { video, depth, skeleton, key_points } kind = Kind::video;
        std::size_t index = 0;  // of ClipMedia's list
        auto operator<=>(const PaneId&) const = default;
    };

    [[nodiscard]] static std::vector<PaneId> panes_of(const ClipMedia& media);
    [[nodiscard]] static bool is_shown_at_first(const ClipMedia& media, const PaneId& pane);
    [[nodiscard]] PaneHeader header(const ViewContext& context, const PaneId& pane) const;
    [[nodiscard]] float aspect(const ViewContext& context, const PaneId& pane) const;
    void follow_clip(const ViewContext& context);
    void draw_panes(const ViewContext& context, const std::vector<PaneId>& panes, const PaneRect& room);
    void draw_pane(const ViewContext& context, const PaneId& pane, const PaneRect& rect);
    PaneAsks draw_header(const ViewContext& context, const PaneId& pane, const PaneRect& rect);
    PaneAsks draw_content(const ViewContext& context, const PaneId& pane, const PaneRect& rect);
    void draw_options(const ViewContext& context, const PaneId& pane);
    void draw_toolbar(const ViewContext& context, const std::vector<PaneId>& panes);

    schemas::TakeId take_{};
    std::map<std::size_t, VideoPane> videos_;
    std::map<std::size_t, DepthPane> depths_;
    SkeletonPane skeleton_;
    KeyPointPane key_points_;
    PoseOverlay overlay_;
    PoseStrip pose_strip_;
    TakeToolbar toolbar_;
    std::map<PaneId, bool> chosen_;  // whether the person wants a pane; else as it is at first
    std::optional<PaneId> large_;
};

}  // namespace annotator
