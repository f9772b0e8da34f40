#include "annotator/widgets/icons.h"

#include <initializer_list>

namespace annotator {

namespace {

// Draws in a square from -1 to 1.
class Pen {
public:
    Pen(ImDrawList& list, ImVec2 centre, float size, ImU32 colour)
        : list_(list), centre_(centre), half_(size / 2), thick_(size / 9), colour_(colour) {}

    void line(std::initializer_list<ImVec2> points) { draw(points, ImDrawFlags_None); }
    void loop(std::initializer_list<ImVec2> points) { draw(points, ImDrawFlags_Closed); }
    void fill(std::initializer_list<ImVec2> points) {
        for (const ImVec2& point : points) list_.PathLineTo(at(point));
        list_.PathFillConvex(colour_);
    }
    void circle(ImVec2 middle, float radius) { list_.AddCircle(at(middle), radius * half_, colour_, 0, thick_); }
    void dot(ImVec2 middle, float radius) { list_.AddCircleFilled(at(middle), radius * half_, colour_); }
    void box(ImVec2 from, ImVec2 to, float rounding) {
        list_.AddRect(at(from), at(to), colour_, rounding * half_, ImDrawFlags_None, thick_);
    }
    void arc(ImVec2 middle, float radius, float from, float to) {
        list_.PathArcTo(at(middle), radius * half_, from, to);
        list_.PathStroke(colour_, ImDrawFlags_None, thick_);
    }

private:
    [[nodiscard]] ImVec2 at(ImVec2 point) const { return {centre_.x + point.x * half_, centre_.y + point.y * half_}; }
    void draw(std::initializer_list<ImVec2> points, ImDrawFlags flags) {
        for (const ImVec2& point : points) list_.PathLineTo(at(point));
        list_.PathStroke(colour_, flags, thick_);
    }

    ImDrawList& list_;
    ImVec2 centre_;
    float half_, thick_;
    ImU32 colour_;
};

constexpr float pi = 3.14159265F;

void draw_sign(Pen& pen, Icon icon) {
    switch (icon) {
        case Icon::undo:
            pen.line({{-0.35F, -0.7F}, {-0.75F, -0.3F}, {-0.35F, 0.1F}});
            pen.line({{-0.75F, -0.3F}, {0.3F, -0.3F}});
            pen.arc({0.3F, 0.15F}, 0.45F, -pi / 2, pi / 2);
            return pen.line({{0.3F, 0.6F}, {-0.35F, 0.6F}});
        case Icon::redo:
            pen.line({{0.35F, -0.7F}, {0.75F, -0.3F}, {0.35F, 0.1F}});
            pen.line({{0.75F, -0.3F}, {-0.3F, -0.3F}});
            pen.arc({-0.3F, 0.15F}, 0.45F, pi / 2, 3 * pi / 2);
            return pen.line({{-0.3F, 0.6F}, {0.35F, 0.6F}});
        case Icon::search:
            pen.circle({-0.15F, -0.15F}, 0.55F);
            return pen.line({{0.27F, 0.27F}, {0.8F, 0.8F}});
        case Icon::close:
            pen.line({{-0.55F, -0.55F}, {0.55F, 0.55F}});
            return pen.line({{-0.55F, 0.55F}, {0.55F, -0.55F}});
        case Icon::check:
            return pen.line({{-0.7F, 0.05F}, {-0.2F, 0.55F}, {0.7F, -0.5F}});
        case Icon::warning:
            pen.loop({{0, -0.75F}, {0.85F, 0.7F}, {-0.85F, 0.7F}});
            pen.line({{0, -0.2F}, {0, 0.2F}});
            return pen.dot({0, 0.45F}, 0.11F);
        case Icon::error:
            pen.circle({0, 0}, 0.8F);
            pen.line({{0, -0.4F}, {0, 0.1F}});
            return pen.dot({0, 0.4F}, 0.12F);
        case Icon::info:
            pen.circle({0, 0}, 0.8F);
            pen.line({{0, -0.05F}, {0, 0.42F}});
            return pen.dot({0, -0.38F}, 0.12F);
        case Icon::lock:
            pen.box({-0.6F, -0.05F}, {0.6F, 0.75F}, 0.15F);
            return pen.arc({0, -0.1F}, 0.38F, pi, 2 * pi);
        case Icon::comment:
            return pen.loop({{-0.8F, -0.6F},
                             {0.8F, -0.6F},
                             {0.8F, 0.35F},
                             {-0.1F, 0.35F},
                             {-0.45F, 0.75F},
                             {-0.45F, 0.35F},
                             {-0.8F, 0.35F}});
        case Icon::plus:
            pen.line({{-0.65F, 0}, {0.65F, 0}});
            return pen.line({{0, -0.65F}, {0, 0.65F}});
        case Icon::run:
            return pen.fill({{-0.5F, -0.65F}, {0.7F, 0}, {-0.5F, 0.65F}});
        default:
            return pen.line({{0.65F, 0.55F}, {0.65F, 0}, {0.4F, -0.25F}, {-0.6F, -0.25F}});
    }
}

void draw_thing(Pen& pen, Icon icon) {
    switch (icon) {
        case Icon::folder:
            return pen.loop({{-0.8F, -0.55F}, {-0.2F, -0.55F}, {0, -0.3F}, {0.8F, -0.3F}, {0.8F, 0.6F}, {-0.8F, 0.6F}});
        case Icon::project:
            pen.loop({{-0.8F, -0.55F}, {-0.2F, -0.55F}, {0, -0.3F}, {0.8F, -0.3F}, {0.8F, 0.6F}, {-0.8F, 0.6F}});
            return pen.fill({{-0.22F, -0.12F}, {0.34F, 0.15F}, {-0.22F, 0.42F}});
        case Icon::file:
            return pen.loop({{-0.55F, -0.75F}, {0.2F, -0.75F}, {0.55F, -0.4F}, {0.55F, 0.75F}, {-0.55F, 0.75F}});
        case Icon::film:
            pen.box({-0.8F, -0.6F}, {0.8F, 0.6F}, 0.12F);
            pen.line({{-0.45F, -0.6F}, {-0.45F, 0.6F}});
            return pen.line({{0.45F, -0.6F}, {0.45F, 0.6F}});
        case Icon::sound_off:
            pen.loop({{-0.8F, -0.25F}, {-0.45F, -0.25F}, {0, -0.65F}, {0, 0.65F}, {-0.45F, 0.25F}, {-0.8F, 0.25F}});
            pen.line({{0.3F, -0.25F}, {0.8F, 0.25F}});
            return pen.line({{0.3F, 0.25F}, {0.8F, -0.25F}});
        case Icon::gear:
            pen.circle({0, 0}, 0.45F);
            for (const ImVec2 way : {ImVec2(0, 1), ImVec2(1, 0), ImVec2(0.71F, 0.71F), ImVec2(0.71F, -0.71F)}) {
                pen.line({{way.x * 0.5F, way.y * 0.5F}, {way.x * 0.85F, way.y * 0.85F}});
                pen.line({{way.x * -0.5F, way.y * -0.5F}, {way.x * -0.85F, way.y * -0.85F}});
            }
            return;
        case Icon::keyboard:
            pen.box({-0.85F, -0.5F}, {0.85F, 0.5F}, 0.15F);
            for (const float x : {-0.5F, 0.0F, 0.5F}) pen.dot({x, -0.15F}, 0.09F);
            return pen.line({{-0.4F, 0.22F}, {0.4F, 0.22F}});
        case Icon::label:
            pen.loop({{-0.8F, -0.45F}, {0.3F, -0.45F}, {0.8F, 0}, {0.3F, 0.45F}, {-0.8F, 0.45F}});
            return pen.dot({0.25F, 0}, 0.12F);
        default:
            return draw_sign(pen, icon);
    }
}

}  // namespace

void draw_icon(ImDrawList& list, Icon icon, ImVec2 centre, float size, ImU32 colour) {
    Pen pen(list, centre, size, colour);
    draw_thing(pen, icon);
}

void icon(Icon icon, ImU32 colour) {
    const float side = ImGui::GetTextLineHeight();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_icon(*ImGui::GetWindowDrawList(), icon, {at.x + side / 2, at.y + side / 2}, side, colour);
    ImGui::Dummy({side, side});
}

}  // namespace annotator
