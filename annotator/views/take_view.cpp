#include "annotator/views/take_view.h"

#include <algorithm>

#include "annotator/widgets/short_text.h"

namespace annotator {

namespace {

using schemas::CoordinateSpace;

constexpr float skeleton_aspect = 1.1F;

bool has_space(const ClipMedia& media, CoordinateSpace space) {
    return std::ranges::any_of(media.skeletons, [&](const ClipMedia::Skeleton& skeleton) {
        return skeleton.sequence && skeleton.sequence->space == space;
    });
}

// Two corners, for making a pane large and back.
void draw_corners(ImDrawList& list, const PaneRect& box, ImU32 colour, float width, bool large) {
    const float reach = 0.45F * box.size().x;
    const auto corner = [&](ImVec2 at, float x, float y) {
        const ImVec2 points[] = {{at.x + x * reach, at.y}, at, {at.x, at.y + y * reach}};
        list.AddPolyline(points, 3, colour, ImDrawFlags_None, width);
    };
    if (large) {
        const float inset = reach;
        corner({box.low.x + inset, box.high.y - inset}, -1, 1);
        corner({box.high.x - inset, box.low.y + inset}, 1, -1);
    } else {
        corner({box.low.x, box.high.y}, 1, -1);
        corner({box.high.x, box.low.y}, -1, 1);
    }
}

}  // namespace

std::vector<TakeView::PaneId> TakeView::panes_of(const ClipMedia& media) {
    std::vector<PaneId> panes;
    for (std::size_t i = 0; i < media.videos.size(); ++i) panes.push_back({PaneId::Kind::video, i});
    for (std::size_t i = 0; i < media.depths.size(); ++i) panes.push_back({PaneId::Kind::depth, i});
    const bool flat = has_space(media, CoordinateSpace::pixels);
    // While nothing has been read yet, or nothing could be, there is a pane to say so.
    if (has_space(media, CoordinateSpace::metres) || (!flat && !media.skeletons.empty()))
        panes.push_back({PaneId::Kind::skeleton, 0});
    if (flat) panes.push_back({PaneId::Kind::key_points, 0});
    return panes;
}

bool TakeView::is_shown_at_first(const ClipMedia& media, const PaneId& pane) {
    return pane.kind != PaneId::Kind::key_points ||
           (media.videos.empty() && media.depths.empty() && !has_space(media, CoordinateSpace::metres));
}

PaneHeader TakeView::header(const ViewContext& context, const PaneId& pane) const {
    switch (pane.kind) {
        case PaneId::Kind::video:
            return VideoPane::header(context, pane.index);
        case PaneId::Kind::depth:
            return DepthPane::header(context, pane.index);
        case PaneId::Kind::skeleton:
            return SkeletonPane::header(context);
        case PaneId::Kind::key_points:
            break;
    }
    return KeyPointPane::header(context);
}

float TakeView::aspect(const ViewContext& context, const PaneId& pane) const {
    switch (pane.kind) {
        case PaneId::Kind::video:
            return VideoPane::aspect(context, pane.index);
        case PaneId::Kind::depth:
            return DepthPane::aspect(context, pane.index);
        case PaneId::Kind::skeleton:
            return skeleton_aspect;
        case PaneId::Kind::key_points:
            break;
    }
    return KeyPointPane::aspect(context);
}

void TakeView::follow_clip(const ViewContext& context) {
    const schemas::TakeId take = context.model().media->take;
    if (take == take_) return;
    take_ = take;
    videos_.clear();
    depths_.clear();
    key_points_ = {};
    large_.reset();
}

void TakeView::draw(const ViewContext& context) {
    const Theme& theme = context.theme;
    const ImVec2 low = ImGui::GetCursorScreenPos(), size = ImGui::GetContentRegionAvail();
    const float toolbar = TakeToolbar::height(theme);
    PaneRect room{low, {low.x + size.x, low.y + std::max(1.0F, size.y - toolbar)}};
    if (!context.model().media)
        return draw_message(*ImGui::GetWindowDrawList(), theme, {low, {low.x + size.x, low.y + size.y}},
                            "Choose a clip to see its recordings.", theme.faint_text);
    follow_clip(context);
    if (context.state().editing_key_points) {
        pose_strip_.draw(context);
        room.low.y = std::min(room.high.y - 1, ImGui::GetCursorScreenPos().y + theme.px(4));
    }
    const std::vector<PaneId> panes = panes_of(*context.model().media);
    draw_panes(context, panes, room);
    ImGui::SetCursorScreenPos({low.x, room.high.y + theme.px(6)});
    draw_toolbar(context, panes);
}

void TakeView::draw_panes(const ViewContext& context, const std::vector<PaneId>& panes, const PaneRect& room) {
    const Theme& theme = context.theme;
    std::vector<PaneId> shown;
    for (const PaneId& pane : panes) {
        const auto chosen = chosen_.find(pane);
        if (chosen != chosen_.end() ? chosen->second : is_shown_at_first(*context.model().media, pane))
            shown.push_back(pane);
    }
    if (large_ && std::ranges::find(shown, *large_) != shown.end()) shown = {*large_};
    if (shown.empty()) {
        const char* text =
            panes.empty() ? "This take has no recordings to look at." : "All views are hidden. Choose one below.";
        return draw_message(*ImGui::GetWindowDrawList(), theme, room, text, theme.faint_text);
    }
    std::vector<float> aspects;
    for (const PaneId& pane : shown) aspects.push_back(aspect(context, pane));
    const std::vector<PaneRect> rects = pane_grid(room.size(), aspects, {theme.px(6), theme.px(26)});
    for (std::size_t i = 0; i < shown.size(); ++i)
        draw_pane(context, shown[i],
                  {{room.low.x + rects[i].low.x, room.low.y + rects[i].low.y},
                   {room.low.x + rects[i].high.x, room.low.y + rects[i].high.y}});
}

void TakeView::draw_pane(const ViewContext& context, const PaneId& pane, const PaneRect& rect) {
    const Theme& theme = context.theme;
    ImGui::PushID(static_cast<int>(pane.kind));
    ImGui::PushID(static_cast<int>(pane.index));
    ImGui::GetWindowDrawList()->AddRectFilled(rect.low, rect.high, mixed(theme.window, theme.panel, 0.25F),
                                              theme.px(4));
    const float header = theme.px(26);
    PaneAsks asks = draw_header(context, pane, {rect.low, {rect.high.x, rect.low.y + header}});
    const PaneRect content{{rect.low.x, rect.low.y + header}, rect.high};
    if (draw_content(context, pane, content) == PaneAsks::enlarge) asks = PaneAsks::enlarge;
    if (asks == PaneAsks::enlarge) large_ = large_ == pane ? std::nullopt : std::optional(pane);
    ImGui::PopID();
    ImGui::PopID();
}

PaneAsks TakeView::draw_header(const ViewContext& context, const PaneId& pane, const PaneRect& rect) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float side = rect.size().y;
    const bool has_options = pane.kind == PaneId::Kind::depth || pane.kind == PaneId::Kind::skeleton;
    const float buttons = side * (has_options ? 2 : 1);
    PaneAsks asks = PaneAsks::nothing;
    ImGui::SetCursorScreenPos(rect.low);
    ImGui::InvisibleButton("header", {std::max(1.0F, rect.size().x - buttons), side});
    if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) asks = PaneAsks::enlarge;
    const PaneHeader header = this->header(context, pane);
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("%s%s%s", header.name.c_str(), header.problem.empty() ? "" : "\n", header.problem.c_str());
    const float y = rect.low.y + (side - ImGui::GetTextLineHeight()) / 2, room = rect.size().x - buttons - theme.px(16);
    const float name = ImGui::CalcTextSize(header.name.c_str()).x;
    clipped_text(list, {rect.low.x + theme.px(8), y}, room, theme.text, header.name);
    if (name + theme.px(40) < room)
        clipped_text(list, {rect.low.x + theme.px(18) + name, y}, room - name - theme.px(10),
                     header.problem.empty() ? theme.faint_text : theme.error,
                     header.problem.empty() ? header.details : "cannot be shown");
    const auto button = [&](const char* id, float left) {
        ImGui::SetCursorScreenPos({left, rect.low.y});
        const bool pressed = ImGui::InvisibleButton(id, {side, side});
        return std::pair(pressed, ImGui::IsItemHovered() ? theme.text : theme.faint_text);
    };
    if (has_options) {
        const float left = rect.high.x - 2 * side;
        const auto [pressed, colour] = button("options", left);
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("How it is drawn");
        for (const float x : {-5.0F, 0.0F, 5.0F})
            list.AddCircleFilled({left + side / 2 + theme.px(x), rect.low.y + side / 2}, theme.px(1.6F), colour);
        if (pressed) ImGui::OpenPopup("options of the pane");
        if (ImGui::BeginPopup("options of the pane")) {
            draw_options(context, pane);
            ImGui::EndPopup();
        }
    }
    const float left = rect.high.x - side, inset = 0.32F * side;
    const auto [pressed, colour] = button("enlarge", left);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip(large_ == pane ? "Beside the others again" : "Make this view large");
    draw_corners(list, {{left + inset, rect.low.y + inset}, {rect.high.x - inset, rect.high.y - inset}}, colour,
                 theme.px(1.5F), large_ == pane);
    return pressed ? PaneAsks::enlarge : asks;
}

PaneAsks TakeView::draw_content(const ViewContext& context, const PaneId& pane, const PaneRect& rect) {
    switch (pane.kind) {
        case PaneId::Kind::video:
            return videos_[pane.index].draw(context, pane.index, rect, overlay_);
        case PaneId::Kind::depth:
            return depths_[pane.index].draw(context, pane.index, rect, overlay_);
        case PaneId::Kind::key_points:
            return key_points_.draw(context, rect, overlay_);
        case PaneId::Kind::skeleton:
            break;
    }
    skeleton_.draw(context, rect, overlay_);
    return PaneAsks::nothing;
}

void TakeView::draw_options(const ViewContext& context, const PaneId& pane) {
    if (pane.kind == PaneId::Kind::depth)
        depths_[pane.index].draw_options();
    else
        skeleton_.draw_options(context);
}

void TakeView::draw_toolbar(const ViewContext& context, const std::vector<PaneId>& panes) {
    const ClipMedia& media = *context.model().media;
    std::vector<PaneChoice> choices;
    for (const PaneId& pane : panes) {
        const auto chosen = chosen_.find(pane);
        const bool shown = chosen != chosen_.end() ? chosen->second : is_shown_at_first(media, pane);
        const std::string number = pane.index > 0 ? " " + std::to_string(pane.index + 1) : "";
        const char* name = pane.kind == PaneId::Kind::video      ? "Video"
                           : pane.kind == PaneId::Kind::depth    ? "Depth"
                           : pane.kind == PaneId::Kind::skeleton ? "Skeleton"
                                                                 : "Key-points";
        choices.push_back({name + number, shown});
    }
    const std::vector<PaneChoice> before = choices;
    toolbar_.draw(context, choices);
    for (std::size_t i = 0; i < panes.size(); ++i)
        if (choices[i].shown != before[i].shown) chosen_[panes[i]] = choices[i].shown;
}

}  // namespace annotator
