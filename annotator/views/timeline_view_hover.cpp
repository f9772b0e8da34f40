#include <algorithm>

#include "annotator/views/frame_thumbnail.h"
#include "annotator/views/timeline_hover.h"
#include "annotator/views/timeline_view.h"

// What stands above the timeline while the mouse is on it.
namespace annotator {

namespace {

using schemas::FrameIndex;

constexpr int strip_reach = 2;  // pictures on either side of the boundary

}  // namespace

void TimelineView::draw_hover(const ViewContext& context, const TimelineHit& hit) {
    const EditorModel& model = context.model();
    std::vector<std::string> lines;
    if (hit.pose != nullptr)
        lines = facts_of(model, *hit.pose);
    else if (hit.comment != nullptr)
        lines = facts_of(model, *hit.comment);
    else if (hit.part == HitPart::nothing)
        return;
    else if (hit.row->kind == RowKind::proposals) {
        if (const auto* proposal = model.proposal(schemas::ProposalId{hit.item.id})) lines = facts_of(model, *proposal);
    } else if (const auto* segment = context.document().find<schemas::Segment>(schemas::SegmentId{hit.item.id})) {
        lines = facts_of(model, *segment);
    }
    if (lines.empty()) return;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.theme.px(10), context.theme.px(8)});
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(context.theme.px(340));
    ImGui::PushFont(context.theme.strong);
    ImGui::TextUnformatted(lines.front().c_str());
    ImGui::PopFont();
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.faint_text);
    for (std::size_t i = 1; i < lines.size(); ++i) ImGui::TextUnformatted(lines[i].c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
    ImGui::PopStyleVar();
}

void TimelineView::draw_film_strip(const ViewContext& context) {
    const Theme& theme = context.theme;
    const schemas::Clip& clip = *context.model().clip();
    const FrameIndex boundary = drag_.preview().boundary;
    const ImVec2 picture{theme.px(132), theme.px(99)};
    const float gap = theme.px(4), pad = theme.px(8);
    const float wide = (2 * strip_reach + 1) * (picture.x + gap) - gap + 2 * pad;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const auto middle = static_cast<float>(pixel_from_frame(scale_, static_cast<double>(boundary)));
    const float x = std::clamp(middle - wide / 2, 0.0F, std::max(0.0F, screen.x - wide));
    const float tall = picture.y + 2 * pad;
    ImGui::SetNextWindowPos({x, std::max(0.0F, rows_begin_ - theme.px(ruler_points) - tall - theme.px(8))});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {pad, pad});
    ImGui::BeginTooltip();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    for (int k = -strip_reach; k <= strip_reach; ++k) {
        const FrameIndex frame = boundary + k;
        const ImVec2 from{at.x + static_cast<float>(k + strip_reach) * (picture.x + gap), at.y};
        const ImVec2 to{from.x + picture.x, from.y + picture.y};
        if (clip.span().contains(frame))
            draw_frame_thumbnail(context, clip.id, frame, from, picture);
        else
            list.AddRect(from, to, theme.border, theme.px(3));
        if (k == 0) list.AddRect(from, to, theme.accent, theme.px(3), 0, theme.px(2));
    }
    // The boundary lies before the picture in the middle.
    const float edge = at.x + strip_reach * (picture.x + gap) - gap / 2;
    list.AddLine({edge, at.y - theme.px(3)}, {edge, at.y + picture.y + theme.px(3)}, theme.playhead, theme.px(2));
    ImGui::Dummy({wide - 2 * pad, picture.y});
    ImGui::EndTooltip();
    ImGui::PopStyleVar();
}

}  // namespace annotator
