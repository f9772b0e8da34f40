#include "annotator/widgets/state_bar.h"

#include <algorithm>
#include <array>

namespace annotator {

namespace {

using schemas::FrameState;

void draw_pattern(ImDrawList& list, const Theme& theme, ImVec2 from, ImVec2 to, Pattern pattern) {
    const ImU32 ink = with_alpha(theme.panel, 0.75F);
    const float high = to.y - from.y, thick = std::max(1.0F, theme.px(1)), step = theme.px(5);
    list.PushClipRect(from, to, true);
    if (pattern == Pattern::hatched || pattern == Pattern::crossed)
        for (float x = from.x - high; x < to.x; x += step) list.AddLine({x, to.y}, {x + high, from.y}, ink, thick);
    if (pattern == Pattern::crossed)
        for (float x = from.x - high; x < to.x; x += step) list.AddLine({x, from.y}, {x + high, to.y}, ink, thick);
    if (pattern == Pattern::dotted)
        for (float x = from.x + step / 2; x < to.x; x += step)
            list.AddCircleFilled({x, (from.y + to.y) / 2}, theme.px(1.1F), ink);
    if (pattern == Pattern::double_line)
        list.AddLine({from.x, (from.y + to.y) / 2}, {to.x, (from.y + to.y) / 2}, ink, thick);
    list.PopClipRect();
}

void draw_piece(ImDrawList& list, const Theme& theme, ImVec2 from, ImVec2 to, FrameState state) {
    if (state == FrameState::unlabelled) return list.AddRectFilled(from, to, theme.grid, theme.px(1.5F));
    list.AddRectFilled(from, to, colour_of(state, theme), theme.px(1.5F));
    draw_pattern(list, theme, from, to, pattern_of(state));
}

}  // namespace

ImU32 colour_of(FrameState state, const Theme& theme) {
    switch (state) {
        case FrameState::unlabelled:
            return theme.grid;
        case FrameState::proposed:
            return theme.probability;
        case FrameState::imported:
            return theme.faint_text;
        case FrameState::disputed:
            return theme.error;
        default:
            return theme.good;
    }
}

std::string_view name_of(FrameState state) {
    constexpr std::array<std::string_view, 8> names{"Unlabelled", "Proposed", "Accepted", "Corrected",
                                                    "Drawn",      "Imported", "Verified", "Disputed"};
    return names[static_cast<std::size_t>(state)];
}

void draw_state_bar(ImDrawList& list, const Theme& theme, ImVec2 from, ImVec2 to, std::span<const FrameState> states) {
    const float part = (to.x - from.x) / static_cast<float>(std::max<std::size_t>(1, states.size()));
    for (std::size_t begin = 0; begin < states.size();) {
        std::size_t end = begin + 1;
        while (end < states.size() && states[end] == states[begin]) ++end;
        draw_piece(list, theme, {from.x + static_cast<float>(begin) * part, from.y},
                   {from.x + static_cast<float>(end) * part, to.y}, states[begin]);
        begin = end;
    }
}

void draw_state_swatch(ImDrawList& list, const Theme& theme, ImVec2 from, float side, FrameState state) {
    const ImVec2 to{from.x + side, from.y + side};
    draw_piece(list, theme, from, to, state);
    if (state == FrameState::unlabelled) list.AddRect(from, to, theme.faint_text, theme.px(1.5F));
}

}  // namespace annotator
