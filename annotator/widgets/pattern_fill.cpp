#include "annotator/widgets/pattern_fill.h"

#include <algorithm>

namespace annotator {

namespace {

// Narrower bars show their colour alone.
constexpr float least_points = 5;
// A bar as wide as the screen has no more lines than these.
constexpr int most_lines = 600;

struct Box {
    ImVec2 from, to;
    [[nodiscard]] float height() const { return to.y - from.y; }
};

void slanted_lines(ImDrawList& list, const Box& box, float step, float thick, ImU32 colour, bool falling) {
    list.PushClipRect(box.from, box.to, true);
    int lines = 0;
    for (float x = box.from.x - box.height(); x < box.to.x && lines < most_lines; x += step, ++lines) {
        const float low = falling ? box.from.y : box.to.y, high = falling ? box.to.y : box.from.y;
        list.AddLine({x, low}, {x + box.height(), high}, colour, thick);
    }
    list.PopClipRect();
}

void dots(ImDrawList& list, const Box& box, float step, float radius, ImU32 colour) {
    list.PushClipRect(box.from, box.to, true);
    int columns = 0;
    for (float x = box.from.x + step / 2; x < box.to.x && columns < most_lines; x += step, ++columns)
        for (float y = box.from.y + step / 2; y < box.to.y; y += step)
            list.AddRectFilled({x - radius, y - radius}, {x + radius, y + radius}, colour);
    list.PopClipRect();
}

}  // namespace

void fill_with_pattern(ImDrawList& list, const Theme& theme, ImVec2 from, ImVec2 to, ImU32 colour, Pattern pattern,
                       float rounding) {
    const Box box{from, to};
    if (to.x - from.x < theme.px(least_points)) {
        list.AddRectFilled(from, {std::max(to.x, from.x + 1), to.y}, colour);
        return;
    }
    const ImU32 ink = with_alpha(text_on(colour), 0.38F);
    const float thin = std::max(1.0F, theme.px(1));
    switch (pattern) {
        case Pattern::solid:
            list.AddRectFilled(from, to, colour, rounding);
            break;
        case Pattern::hatched:
            list.AddRectFilled(from, to, with_alpha(colour, 0.30F), rounding);
            slanted_lines(list, box, theme.px(6), theme.px(1.5F), with_alpha(colour, 0.85F), false);
            list.AddRect(from, to, with_alpha(colour, 0.9F), rounding, 0, thin);
            break;
        case Pattern::dotted:
            list.AddRectFilled(from, to, colour, rounding);
            dots(list, box, theme.px(6), theme.px(0.9F), ink);
            break;
        case Pattern::outlined:
            list.AddRect(from, to, colour, rounding, 0, thin);
            break;
        case Pattern::crossed:
            list.AddRectFilled(from, to, colour, rounding);
            slanted_lines(list, box, theme.px(9), thin, ink, false);
            slanted_lines(list, box, theme.px(9), thin, ink, true);
            break;
        case Pattern::double_line:
            list.AddRectFilled(from, to, colour, rounding);
            list.AddLine({from.x + rounding, from.y + theme.px(3)}, {to.x - rounding, from.y + theme.px(3)}, ink, thin);
            list.AddLine({from.x + rounding, to.y - theme.px(3)}, {to.x - rounding, to.y - theme.px(3)}, ink, thin);
            break;
    }
}

}  // namespace annotator
