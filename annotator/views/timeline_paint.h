#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/views/timeline_content.h"
#include "annotator/views/timeline_drag.h"

namespace annotator {

// Where a row is painted, in pixels of the screen.
struct RowBox {
    float top = 0, bottom = 0;
};

// Paints the parts of the timeline between scale.left and scale.right of a draw list.
//
// Thread: the UI's.
class TimelinePainter {
public:
    TimelinePainter(const ViewContext& context, const TimelineContent& content, const TimeScale& scale,
                    ImDrawList& list)
        : context_(context), content_(content), scale_(scale), list_(list), theme_(context.theme) {}

    void ruler(RowBox box);
    void row(const TimelineRow& row, RowBox box, const TimelineDrag& drag);
    void header(const TimelineRow& row, RowBox box, float left, float right, bool hovered);
    // Over all rows: what is looped, marks, the playhead, the guide of a snap.
    void overlay(RowBox box, const TimelineDrag& drag);
    // The playhead's number, in the ruler.
    void playhead(RowBox box);

private:
    void mark(const TimelineRow& row, RowBox box) const;
    struct Flag {
        std::string number;  // "": the playhead is out of sight
        float left = 0, right = 0;
    };
    [[nodiscard]] Flag playhead_flag() const;
    static ImFont* or_default(ImFont* font);
    static float width_of(ImFont* font, const char* words);
    void write(ImFont* font, ImVec2 at, ImU32 colour, const char* words);
    void loop(RowBox box);
    void sound(RowBox box);
    void beats(const ClipMedia& media, RowBox box);
    void curve(const std::vector<float>& values, RowBox box, ImU32 colour);
    void spans(const TimelineRow& row, RowBox box, const TimelineDrag& drag);
    void piece(const TimelineItem& item, double left, double right, RowBox box, bool selected);
    void folded(const TimelineItems& items, const TimelinePiece& piece, RowBox box);
    void dragged(const TimelineRow& row, RowBox box, const TimelineDrag& drag);
    void proposal(const TimelineItem& item, double left, double right, RowBox box, bool selected);
    void key_poses(const TimelineRow& row, RowBox box, const TimelineDrag& drag);
    void comments(RowBox box);
    void name_in(const LabelLook& look, float left, float right, RowBox box, ImU32 ink);
    [[nodiscard]] float x_of(double frame) const { return static_cast<float>(pixel_from_frame(scale_, frame)); }
    [[nodiscard]] float left() const { return static_cast<float>(scale_.left); }
    [[nodiscard]] float right() const { return static_cast<float>(scale_.right); }
    bool is_selected(const TimelineRow& row, std::int64_t id);

    const ViewContext& context_;
    const TimelineContent& content_;
    const TimeScale& scale_;
    ImDrawList& list_;
    const Theme& theme_;
    std::vector<TimelinePiece> pieces_;
    std::optional<std::vector<schemas::SegmentId>> selected_;  // ascending; once it was asked for
};

}  // namespace annotator
