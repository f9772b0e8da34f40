#include "annotator/views/depth_pane.h"

#include <algorithm>
#include <cmath>

#include "annotator/views/texture_key.h"

namespace annotator {

namespace {

using Kind = ShownPicture::Kind;

constexpr int bar_steps = 24;
constexpr std::uint16_t least_width = 4;  // of a range, in values

const ShownPicture& shown_picture(const ViewContext& context, std::size_t depth) {
    static const ShownPicture none;
    const auto& pictures = context.bench.playback().depth_pictures();
    return depth < pictures.size() ? pictures[depth] : none;
}

bool same(const storage::DepthShading& a, const storage::DepthShading& b) {
    return a.map == b.map && a.holes == b.holes && a.nearest == b.nearest && a.farthest == b.farthest;
}

// Holes as a pattern that no distance has.
void show_holes(schemas::Picture& picture) {
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x) {
            std::uint8_t* pixel = picture.pixel(x, y);
            if (pixel[3] != 0) continue;
            const std::uint8_t level = ((x + y) & 7) < 2 ? 52 : 26;
            std::fill_n(pixel, 3, level);
            pixel[3] = 255;
        }
}

}  // namespace

PaneHeader DepthPane::header(const ViewContext& context, std::size_t depth) {
    const ClipMedia::Depth& media = context.model().media->depths[depth];
    if (!media.reader) return {media.name, media.problem.empty() ? "opening …" : "", media.problem};
    return {media.name, "depth " + std::to_string(media.reader->width()) + "×" + std::to_string(media.reader->height()),
            media.problem};
}

float DepthPane::aspect(const ViewContext& context, std::size_t depth) {
    const ClipMedia::Depth& media = context.model().media->depths[depth];
    if (!media.reader) return 4.0F / 3;
    return static_cast<float>(media.reader->width()) / static_cast<float>(std::max(1, media.reader->height()));
}

storage::DepthShading DepthPane::shading(const ClipMedia::Depth& depth) const {
    storage::DepthShading shading = storage::shading_for(depth.range, map_);
    shading.holes = holes_visible_ ? storage::HoleColour::transparent : storage::HoleColour::black;
    if (range_) std::tie(shading.nearest, shading.farthest) = *range_;
    return shading;
}

void DepthPane::colour(const ShownPicture& shown, const storage::DepthShading& shading) {
    if (shown.version == coloured_version_ && same(shading, coloured_)) return;
    coloured_version_ = shown.version;
    coloured_ = shading;
    picture_ = storage::picture_from(*shown.depth, shading);
    if (holes_visible_) show_holes(picture_);
    picture_version_ = fresh_picture_version();
}

void DepthPane::draw_range_bar(const ViewContext& context, const ClipMedia::Depth& depth, const PaneRect& bar) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const storage::DepthShading now = shading(depth);
    const float low = depth.range.smallest, high = std::max<float>(low + 1, depth.range.largest);
    const auto x_from = [&](float value) {
        return bar.low.x + std::clamp((value - low) / (high - low), 0.0F, 1.0F) * bar.size().x;
    };
    ImGui::SetCursorScreenPos(bar.low);
    ImGui::InvisibleButton("range", {std::max(1.0F, bar.size().x), std::max(1.0F, bar.size().y)});
    const float mouse = ImGui::GetIO().MousePos.x;
    if (ImGui::IsItemActivated())
        dragged_ = std::abs(mouse - x_from(now.nearest)) <= std::abs(mouse - x_from(now.farthest)) ? Handle::nearest
                                                                                                   : Handle::farthest;
    if (!ImGui::IsItemActive()) dragged_ = Handle::none;
    if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        range_.reset();
    } else if (dragged_ != Handle::none && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 1)) {
        const float share = std::clamp((mouse - bar.low.x) / bar.size().x, 0.0F, 1.0F);
        const auto value = static_cast<int>(std::lround(low + share * (high - low)));
        int nearest = now.nearest, farthest = now.farthest;
        if (dragged_ == Handle::nearest)
            nearest = std::min(value, farthest - least_width);
        else
            farthest = std::max(value, nearest + least_width);
        range_ = std::pair(static_cast<std::uint16_t>(std::clamp(nearest, 0, 65535)),
                           static_cast<std::uint16_t>(std::clamp(farthest, 0, 65535)));
    }
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("Drag an end to set the range of the colours; double-click for the automatic one");
    const float middle = (bar.low.y + bar.high.y) / 2, half = theme.px(3);
    const float begin = x_from(now.nearest), end = x_from(now.farthest);
    list.AddRectFilled({bar.low.x, middle - theme.px(1)}, {bar.high.x, middle + theme.px(1)}, theme.border);
    for (int i = 0; i < bar_steps; ++i) {
        const auto at = [&](int step) { return begin + (end - begin) * static_cast<float>(step) / bar_steps; };
        const auto [r, g, b] = storage::map_colour(map_, 1 - (i + 0.5) / bar_steps);
        list.AddRectFilled({at(i), middle - half}, {at(i + 1), middle + half}, IM_COL32(r, g, b, 255));
    }
    for (const auto& [x, value] : {std::pair(begin, now.nearest), std::pair(end, now.farthest)}) {
        list.AddRectFilled({x - theme.px(2), middle - 2 * half}, {x + theme.px(2), middle + 2 * half}, theme.text,
                           theme.px(2));
        const std::string text = std::to_string(value);
        const float width = ImGui::CalcTextSize(text.c_str()).x;
        const float left = std::clamp(x - width / 2, bar.low.x, std::max(bar.low.x, bar.high.x - width));
        list.AddText({left, bar.low.y - ImGui::GetTextLineHeight() + theme.px(1)}, theme.faint_text, text.c_str());
    }
}

PaneAsks DepthPane::draw(const ViewContext& context, std::size_t depth, const PaneRect& pane, PoseOverlay& overlay) {
    const Theme& theme = context.theme;
    const ClipMedia& media = *context.model().media;
    const ClipMedia::Depth& source = media.depths[depth];
    const ShownPicture& shown = shown_picture(context, depth);
    CanvasPicture picture;
    picture.aspect = aspect(context, depth);
    if (source.reader) {
        picture.width = source.reader->width();
        picture.height = source.reader->height();
    }
    if (shown.depth) {
        colour(shown, shading(source));
        picture.there = true;
        picture.texture = context.textures.texture(
            texture_key(TextureOf::depth, static_cast<std::int64_t>(source.stream)), picture_version_, picture_);
    }
    const float strip = source.reader ? ImGui::GetTextLineHeight() + theme.px(18) : 0;
    const PaneRect above{pane.low, {pane.high.x, std::max(pane.low.y, pane.high.y - strip)}};
    const PaneAsks asks = canvas_.draw(context, above, picture, skeletons_over_depth(media, depth), overlay);
    if (source.reader)
        draw_range_bar(context, source,
                       {{pane.low.x + theme.px(16), pane.high.y - theme.px(16)},
                        {pane.high.x - theme.px(16), pane.high.y - theme.px(2)}});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (!source.problem.empty())
        draw_message(list, theme, above, source.problem, theme.error);
    else if (shown.kind == Kind::failed)
        draw_message(list, theme, above, shown.problem, theme.error);
    else if (shown.kind == Kind::absent && source.reader)
        draw_message(list, theme, above, "This recording does not show this moment.", theme.faint_text);
    else if (shown.kind == Kind::earlier && source.role != schemas::StreamRole::reference)
        draw_badge(list, theme, {pane.low.x + theme.px(8), pane.low.y + theme.px(8)},
                   "Its frame " + std::to_string(shown.frame));
    return asks;
}

void DepthPane::draw_options() {
    int map = map_ == storage::ColourMap::viridis ? 0 : 1;
    ImGui::RadioButton("Colours", &map, 0);
    ImGui::SameLine();
    ImGui::RadioButton("Grey", &map, 1);
    map_ = map == 0 ? storage::ColourMap::viridis : storage::ColourMap::grey;
    ImGui::Checkbox("Hatch what was not measured", &holes_visible_);
    bool automatic = !range_;
    if (ImGui::Checkbox("Automatic range", &automatic)) {
        if (automatic)
            range_.reset();
        else
            range_ = std::pair(coloured_.nearest, coloured_.farthest);
    }
}

}  // namespace annotator
