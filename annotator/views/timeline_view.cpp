#include "annotator/views/timeline_view.h"

#include <algorithm>
#include <cmath>

#include "annotator/session/timeline_range.h"
#include "annotator/views/timeline_paint.h"
#include "annotator/widgets/clock_text.h"

namespace annotator {

namespace {

using schemas::FrameIndex;

constexpr float header_points = 168;
constexpr float edge_reach_points = 5;
constexpr float snap_points = 8;
constexpr float drag_begins_points = 4;
constexpr double wheel_zoom = 1.25;
constexpr double wheel_pan = 0.12;  // of what is shown

void same_line_right(float width) { ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - width); }

bool is_editable(RowKind kind) { return kind == RowKind::labels || kind == RowKind::key_poses; }

}  // namespace

void TimelineView::draw(const ViewContext& context) {
    content_.bring_up_to_date(context);
    if (context.model().clip() == nullptr) {
        drag_.cancel();
        return draw_empty(context, "Open a clip on the left to see its timeline.");
    }
    find_scale(context);
    follow_playhead(context);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.theme.px(6), context.theme.px(4)});
    draw_bar(context);
    draw_ruler(context);
    draw_rows(context);
    ImGui::PopStyleVar();
    if (drag_.has_begun() && (drag_.kind() == DragKind::boundary || drag_.kind() == DragKind::proposal_edge ||
                              drag_.kind() == DragKind::key_pose))
        draw_film_strip(context);
    menu_.draw(context);
}

void TimelineView::draw_empty(const ViewContext& context, const char* sentence) {
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const ImVec2 at = ImGui::GetCursorPos();
    const ImVec2 size = ImGui::CalcTextSize(sentence);
    ImGui::SetCursorPos({at.x + std::max(0.0F, (room.x - size.x) / 2), at.y + std::max(0.0F, room.y / 2 - size.y)});
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.faint_text);
    ImGui::TextUnformatted(sentence);
    ImGui::PopStyleColor();
}

void TimelineView::find_scale(const ViewContext& context) {
    const Theme& theme = context.theme;
    header_left_ = ImGui::GetCursorScreenPos().x;
    const float scrollbar = ImGui::GetStyle().ScrollbarSize;
    const float header = std::min(theme.px(header_points), ImGui::GetContentRegionAvail().x / 3);
    scale_.left = header_left_ + header;
    scale_.right =
        std::max(scale_.left + 1.0, static_cast<double>(header_left_ + ImGui::GetContentRegionAvail().x - scrollbar));
    range_ = context.state().range;
    const double points = (scale_.right - scale_.left) / theme.scale;
    if (std::abs(points - range_.points) > 0.5) {
        range_.points = points;
        send_range(context, limited(range_, context.model().clip()->span()));
    }
    const schemas::FrameSpan clip = context.model().clip()->span();
    scale_.first_frame = first_shown_frame(range_, clip);
    scale_.frames_per_pixel = shown_frames_per_point(range_, clip) / theme.scale;
}

void TimelineView::send_range(const ViewContext& context, const TimelineRange& range) {
    range_ = range;
    context.outbox.send(SetTimelineRange{range});
}

void TimelineView::follow_playhead(const ViewContext& context) {
    const FrameIndex frame = context.model().frame;
    if (frame == followed_frame_) return;
    followed_frame_ = frame;
    if (drag_.kind() != DragKind::nothing) return;
    const TimelineRange turned = showing(range_, context.model().clip()->span(), frame);
    if (turned.first_frame != range_.first_frame) send_range(context, turned);
}

void TimelineView::draw_bar(const ViewContext& context) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    const schemas::Clip& clip = *model.clip();
    ImGui::PushFont(theme.mono);
    ImGui::AlignTextToFramePadding();
    std::string place = "Frame " + std::to_string(model.frame);
    const ClipMedia* media = model.media.get();
    if (media != nullptr && media->clip == clip.id && model.frame >= 0 && model.frame < media->times.frames())
        place += "   " + clock_text(media->times.seconds[static_cast<std::size_t>(model.frame)]);
    ImGui::TextUnformatted(place.c_str());
    ImGui::PopFont();
    ImGui::SameLine(0, theme.px(16));
    ImGui::PushStyleColor(ImGuiCol_Text, theme.faint_text);
    const std::string facts = clip.name + "   " + std::to_string(clip.span().length()) + " frames";
    ImGui::TextUnformatted(facts.c_str());
    ImGui::PopStyleColor();

    const auto width = [&](const char* title) {
        return ImGui::CalcTextSize(title).x + 2 * ImGui::GetStyle().FramePadding.x;
    };
    const auto button = [&](const char* title, float wide, Action action) {
        if (ImGui::Button(title, {wide, 0})) context.outbox.send(action);
        context.mark(action);
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", context.told(action).c_str());
    };
    const bool snaps = context.state().snapping;
    same_line_right(width("Snapping off") + width("Fit clip") + 2 * width("+") + 3 * ImGui::GetStyle().ItemSpacing.x);
    ImGui::PushStyleColor(ImGuiCol_Button, snaps ? mixed(theme.panel, theme.accent, 0.3F) : theme.raised);
    button(snaps ? "Snapping on" : "Snapping off", width("Snapping off"), Action::toggle_snapping);
    ImGui::PopStyleColor();
    ImGui::SameLine();
    button("Fit clip", 0, Action::fit_clip);
    ImGui::SameLine();
    button("\xe2\x88\x92", width("+"), Action::zoom_out);
    ImGui::SameLine();
    button("+", 0, Action::zoom_in);
}

void TimelineView::draw_ruler(const ViewContext& context) {
    const float tall = context.theme.px(ruler_points);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({static_cast<float>(scale_.left), at.y});
    ImGui::InvisibleButton("ruler", {static_cast<float>(scale_.right - scale_.left), tall},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
    take_ruler_mouse(context);
    TimelinePainter painter(context, content_, scale_, *ImGui::GetWindowDrawList());
    painter.ruler({at.y, at.y + tall});
    painter.playhead({at.y, at.y + tall});
}

void TimelineView::take_ruler_mouse(const ViewContext& context) {
    if (ImGui::IsItemHovered()) take_wheel(context, false);
    if (ImGui::IsItemActivated()) ImGui::IsMouseDown(ImGuiMouseButton_Middle) ? drag_.pan() : drag_.scrub();
    if (!ImGui::IsItemActive() && !ImGui::IsItemDeactivated()) return;
    if (drag_.kind() == DragKind::pan) {
        go_on_dragging(context);
    } else if (drag_.kind() == DragKind::scrub) {
        const FrameIndex frame = frame_under_mouse(context);
        if (ImGui::IsItemDeactivated())
            context.outbox.send(Seek{frame});
        else if (ImGui::IsItemActivated() || ImGui::GetIO().MouseDelta.x != 0)
            context.outbox.send(Scrub{frame});
    }
    if (ImGui::IsItemDeactivated()) drag_.cancel();
}

void TimelineView::take_wheel(const ViewContext& context, bool over_headers) {
    const ImGuiIO& io = ImGui::GetIO();
    const schemas::FrameSpan clip = context.model().clip()->span();
    const double shown = (scale_.right - scale_.left) * scale_.frames_per_pixel;
    const bool pans = io.KeyShift || io.MouseWheelH != 0;
    const float turned = io.MouseWheelH != 0 ? io.MouseWheelH : io.MouseWheel;
    if (turned == 0) return;
    if (over_headers || io.KeyCtrl) {
        ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseWheel * context.theme.px(40));
    } else if (pans) {
        send_range(context, panned(range_, clip, -turned * shown * wheel_pan));
    } else {
        const double about = scale_.first_frame + (io.MousePos.x - scale_.left) * scale_.frames_per_pixel;
        send_range(context, zoomed(range_, clip, std::pow(wheel_zoom, turned), about));
    }
}

void TimelineView::draw_rows(const ViewContext& context) {
    const Theme& theme = context.theme;
    ImGui::PushStyleColor(ImGuiCol_ChildBg, theme.panel);
    ImGui::BeginChild("rows", {0, 0}, false, ImGuiWindowFlags_NoScrollWithMouse);
    const float tall = std::max(theme.px(static_cast<float>(content_.rows_height())), 1.0F);
    if (!content_.has_tracks()) {
        draw_empty(context, "There is nothing to label on yet: a track holds the labels of one kind.");
        const char* title = "Add a track";
        ImGui::SetCursorPosX(std::max(0.0F, (ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(title).x) / 2));
        if (ImGui::Button(title)) context.outbox.send(AddTrack{"primitive", schemas::TrackKind::primitive});
    } else {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        rows_top_ = at.y;
        rows_begin_ = ImGui::GetWindowPos().y;
        rows_end_ = rows_begin_ + ImGui::GetWindowHeight();
        const float below = std::max(tall, ImGui::GetContentRegionAvail().y);
        ImGui::InvisibleButton(
            "rows", {static_cast<float>(scale_.right) - header_left_, below},
            ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle | ImGuiButtonFlags_MouseButtonRight);
        take_rows_mouse(context);
        const bool hovered = ImGui::IsItemHovered();
        TimelinePainter painter(context, content_, scale_, *ImGui::GetWindowDrawList());
        const float mouse = ImGui::GetIO().MousePos.y;
        for (const TimelineRow& row : content_.rows()) {
            const float top = rows_top_ + theme.px(static_cast<float>(row.top));
            const RowBox box{top, top + theme.px(static_cast<float>(row.height))};
            if (box.bottom < rows_begin_ || box.top > rows_end_) continue;
            painter.row(row, box, drag_);
            const bool over_header =
                hovered && ImGui::GetIO().MousePos.x < scale_.left && mouse >= box.top && mouse < box.bottom;
            painter.header(row, box, header_left_, static_cast<float>(scale_.left) - theme.px(4), over_header);
        }
        painter.overlay({rows_begin_, rows_end_}, drag_);
    }
    ImGui::EndChild();
    ImGui::PopStyleColor();
}

FrameIndex TimelineView::frame_under_mouse(const ViewContext& context) const {
    const schemas::FrameSpan clip = context.model().clip()->span();
    return std::clamp(frame_from_pixel(scale_, ImGui::GetIO().MousePos.x), clip.begin,
                      std::max(clip.begin, clip.end - 1));
}

void TimelineView::go_under_mouse(const ViewContext& context) const {
    context.outbox.send(ClearSelection{});
    context.outbox.send(Seek{frame_under_mouse(context)});
}

TimelineHit TimelineView::hit_under_mouse(const ViewContext& context) const {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    return hit_at(content_, scale_, mouse.x, (mouse.y - rows_top_) / context.theme.scale,
                  context.theme.px(edge_reach_points));
}

void TimelineView::take_rows_mouse(const ViewContext& context) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool over_headers = io.MousePos.x < scale_.left;
    if (ImGui::IsItemHovered()) take_wheel(context, over_headers);
    const TimelineHit hit = ImGui::IsItemHovered() ? hit_under_mouse(context) : TimelineHit{};
    if (ImGui::IsItemActivated() && over_headers) {
        if (hit.row != nullptr && (is_editable(hit.row->kind) || hit.row->kind == RowKind::proposals))
            context.outbox.send(SetActiveLine{hit.row->line.track, hit.row->line.performer});
    } else if (ImGui::IsItemActivated()) {
        press(context, hit);
    }
    if (ImGui::IsItemActive()) go_on_dragging(context);
    if (ImGui::IsItemDeactivated()) end_press(context);
    if (!ImGui::IsItemHovered() || ImGui::IsItemActive() || over_headers) return;
    if (hit.part == HitPart::begin || hit.part == HitPart::end) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    draw_hover(context, hit);
}

void TimelineView::select(const ViewContext& context, const TimelineHit& hit) {
    const ImGuiIO& io = ImGui::GetIO();
    if (hit.pose != nullptr) return context.outbox.send(SelectKeyPose{hit.pose->id});
    if (hit.comment != nullptr) return context.outbox.send(SelectComment{hit.comment->id});
    if (hit.row->kind == RowKind::proposals)
        return context.outbox.send(SelectProposal{schemas::ProposalId{hit.item.id}});
    const schemas::SegmentId id{hit.item.id};
    if (io.KeyShift && context.state().selection.segment()) {
        // All of the row from what was selected last up to here.
        const auto* last = context.document().find<schemas::Segment>(*context.state().selection.segment());
        SelectSegments range{{}, SelectHow::add};
        if (last != nullptr && line_of(*last) == hit.row->line)
            for (const TimelineItem& each : content_.items(*hit.row).all())
                if (each.begin >= std::min(last->begin_frame, hit.item.begin) &&
                    each.begin <= std::max(last->begin_frame, hit.item.begin))
                    range.segments.push_back(schemas::SegmentId{each.id});
        range.segments.push_back(id);
        return context.outbox.send(std::move(range));
    }
    context.outbox.send(SelectSegment{id, io.KeyCtrl ? SelectHow::toggle : SelectHow::replace});
}

void TimelineView::press(const ViewContext& context, const TimelineHit& hit) {
    const ImGuiIO& io = ImGui::GetIO();
    pressed_at_ = io.MousePos.x;
    pressed_on_ground_ = false;
    pressed_line_.reset();
    const EditorModel& model = context.model();
    const bool on_something = hit.part != HitPart::nothing || hit.comment != nullptr;
    const auto& chosen = context.state().selection.segments;
    const bool was_selected = hit.row != nullptr && hit.row->kind == RowKind::labels && hit.pose == nullptr &&
                              std::ranges::find(chosen, schemas::SegmentId{hit.item.id}) != chosen.end();
    if (io.MouseClicked[ImGuiMouseButton_Middle]) return drag_.pan();
    if (io.MouseClicked[ImGuiMouseButton_Right]) {
        if (on_something && !was_selected) select(context, hit);
        // What the menu does beside everything, it does there.
        if (!on_something) go_under_mouse(context);
        return menu_.open(hit, boundary_from_pixel(scale_, io.MousePos.x));
    }
    if (!on_something) {
        pressed_on_ground_ = true;
        if (hit.row == nullptr || !is_editable(hit.row->kind)) return;
        pressed_line_ = hit.row->line;
        if (hit.row->kind == RowKind::labels)
            drag_.draw_span(model, hit.row->line, boundary_from_pixel(scale_, io.MousePos.x));
        return;
    }
    if (io.MouseDoubleClicked[ImGuiMouseButton_Left] && hit.item.id != 0)
        return context.outbox.send(ReplaySpan{{hit.item.begin, hit.item.end}});
    const bool at_edge = hit.part == HitPart::begin || hit.part == HitPart::end;
    const Edge edge = hit.part == HitPart::begin ? Edge::begin : Edge::end;
    if (!(at_edge && io.KeyCtrl)) select(context, hit);
    if (hit.pose != nullptr) return drag_.key_pose(model, hit.row->line, *hit.pose);
    if (hit.row->kind == RowKind::proposals && at_edge)
        return drag_.proposal_edge(model, hit.row->line, hit.item, edge);
    if (hit.row->kind != RowKind::labels) return;
    if (at_edge) return drag_.boundary(model, hit.row->line, hit.item, edge);
    if (was_selected && !io.KeyCtrl && !io.KeyShift)
        drag_.segment(model, hit.row->line, hit.item, frame_from_pixel(scale_, io.MousePos.x));
}

void TimelineView::go_on_dragging(const ViewContext& context) {
    const ImGuiIO& io = ImGui::GetIO();
    if (drag_.kind() == DragKind::nothing) return;
    if (drag_.kind() == DragKind::pan) {
        if (io.MouseDelta.x != 0)
            send_range(context,
                       panned(range_, context.model().clip()->span(), -io.MouseDelta.x * scale_.frames_per_pixel));
        return;
    }
    const bool far_enough = std::abs(io.MousePos.x - pressed_at_) >= context.theme.px(drag_begins_points);
    if (!drag_.has_begun() && !far_enough) return;
    TimelineDrag::Mouse mouse;
    mouse.frame = frame_from_pixel(scale_, io.MousePos.x);
    mouse.boundary = boundary_from_pixel(scale_, io.MousePos.x);
    if (context.state().snapping && !io.KeyAlt)
        mouse.snap_frames = context.theme.px(snap_points) * scale_.frames_per_pixel;
    mouse.how = io.KeyCtrl ? BoundaryMove::trim : BoundaryMove::roll;
    drag_.move(context.model(), mouse);
}

void TimelineView::end_press(const ViewContext& context) {
    if (pressed_on_ground_ && !drag_.has_begun()) {
        // A click beside everything goes there.
        go_under_mouse(context);
        if (pressed_line_) context.outbox.send(SetActiveLine{pressed_line_->track, pressed_line_->performer});
    }
    pressed_on_ground_ = false;
    drag_.finish(context.outbox);
}

}  // namespace annotator
