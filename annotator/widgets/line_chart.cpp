#include "annotator/widgets/line_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace annotator {

namespace {

struct Range {
    double least = 0, most = 1;
    [[nodiscard]] double share(double value) const { return most > least ? (value - least) / (most - least) : 0; }
};

std::string tick_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

class Chart {
public:
    Chart(const Theme& theme, ImVec2 at, ImVec2 size, std::span<const ChartLine> lines, const ChartOptions& options)
        : theme_(theme), list_(*ImGui::GetWindowDrawList()), lines_(lines), options_(options) {
        bool any = false;
        for (const ChartLine& line : lines)
            for (const ImVec2 point : line.points) {
                x_ = any ? Range{std::min<double>(x_.least, point.x), std::max<double>(x_.most, point.x)}
                         : Range{point.x, point.x};
                y_ = any ? Range{std::min<double>(y_.least, point.y), std::max<double>(y_.most, point.y)}
                         : Range{point.y, point.y};
                any = true;
            }
        x_ = {std::min(0.0, x_.least), std::max<double>(options.across_to, x_.most)};
        y_.least = std::min(0.0, y_.least);
        if (options.most > 0) y_.most = static_cast<double>(options.most);
        if (y_.most <= y_.least) y_.most = y_.least + 1;
        const float line_height = ImGui::GetTextLineHeight();
        ImGui::PushFont(theme.small);
        const float room_left = ImGui::CalcTextSize("0.0000").x + theme.px(8);
        ImGui::PopFont();
        from_ = {at.x + room_left, at.y + line_height + theme.px(8)};
        to_ = {at.x + size.x - theme.px(8), at.y + size.y - line_height - theme.px(6)};
        to_ = {std::max(to_.x, from_.x + 1), std::max(to_.y, from_.y + 1)};
        title_at_ = at;
    }

    void draw() {
        draw_title();
        ImGui::PushFont(theme_.small);
        draw_grid();
        list_.PushClipRect({from_.x - theme_.px(3), from_.y - theme_.px(3)},
                           {to_.x + theme_.px(3), to_.y + theme_.px(3)}, true);
        for (const ChartLine& line : lines_) draw_line(line);
        list_.PopClipRect();
        ImGui::PopFont();
    }

    void draw_reading(float mouse_x) {
        if (mouse_x < from_.x || mouse_x > to_.x) return;
        const double x = x_.least + (x_.most - x_.least) * static_cast<double>((mouse_x - from_.x) / (to_.x - from_.x));
        list_.AddLine({mouse_x, from_.y}, {mouse_x, to_.y}, theme_.faint_text, theme_.px(1));
        ImGui::BeginTooltip();
        ImGui::Text("%s %.0f", options_.across.c_str(), x);
        for (const ChartLine& line : lines_) {
            if (line.points.empty()) continue;
            const auto nearest = std::ranges::min_element(
                line.points, {}, [&](ImVec2 point) { return std::abs(static_cast<double>(point.x) - x); });
            list_.AddCircleFilled(pixel_of(*nearest), theme_.px(3), line.colour);
            ImGui::TextColored(ImGui::ColorConvertU32ToFloat4(line.colour), "%s %.4g", line.name.c_str(),
                               static_cast<double>(nearest->y));
        }
        ImGui::EndTooltip();
    }

private:
    [[nodiscard]] ImVec2 pixel_of(ImVec2 point) const {
        return {from_.x + (to_.x - from_.x) * static_cast<float>(x_.share(static_cast<double>(point.x))),
                to_.y - (to_.y - from_.y) * static_cast<float>(y_.share(static_cast<double>(point.y)))};
    }

    void draw_title() {
        list_.AddText(title_at_, theme_.text, options_.title.c_str());
        float x = to_.x;
        for (auto line = lines_.rbegin(); line != lines_.rend(); ++line) {
            const float width = ImGui::CalcTextSize(line->name.c_str()).x;
            x -= width;
            list_.AddText({x, title_at_.y}, theme_.faint_text, line->name.c_str());
            const float middle = title_at_.y + ImGui::GetTextLineHeight() / 2;
            stroke({x - theme_.px(24), middle}, {x - theme_.px(6), middle}, *line);
            x -= theme_.px(38);
        }
    }

    void draw_grid() {
        for (const double value : round_ticks(y_.least, y_.most, 4)) {
            const float y = pixel_of({0, static_cast<float>(value)}).y;
            const std::string text = tick_text(value);
            list_.AddLine({from_.x, y}, {to_.x, y}, theme_.grid, theme_.px(1));
            const ImVec2 size = ImGui::CalcTextSize(text.c_str());
            list_.AddText({from_.x - size.x - theme_.px(6), y - size.y / 2}, theme_.faint_text, text.c_str());
        }
        for (const double value : round_ticks(x_.least, x_.most, 6)) {
            const float x = pixel_of({static_cast<float>(value), 0}).x;
            const std::string text = tick_text(value);
            list_.AddLine({x, to_.y}, {x, to_.y + theme_.px(3)}, theme_.faint_text, theme_.px(1));
            const float width = ImGui::CalcTextSize(text.c_str()).x;
            list_.AddText({std::clamp(x - width / 2, from_.x, std::max(from_.x, to_.x - width)), to_.y + theme_.px(5)},
                          theme_.faint_text, text.c_str());
        }
    }

    void draw_line(const ChartLine& line) {
        for (std::size_t i = 1; i < line.points.size(); ++i)
            stroke(pixel_of(line.points[i - 1]), pixel_of(line.points[i]), line);
        if (line.points.size() == 1) list_.AddCircleFilled(pixel_of(line.points[0]), theme_.px(2.5F), line.colour);
    }

    // Dashes go on over the points between, or short pieces would be solid.
    void stroke(ImVec2 a, ImVec2 b, const ChartLine& line) {
        const float thick = theme_.px(1.8F);
        if (line.stroke == Stroke::solid) return list_.AddLine(a, b, line.colour, thick);
        const float dash = theme_.px(line.stroke == Stroke::dashed ? 7.0F : 2.0F), gap = theme_.px(4);
        const float dx = b.x - a.x, dy = b.y - a.y, length = std::sqrt(dx * dx + dy * dy);
        const auto point = [&](float at) { return ImVec2(a.x + dx * at / length, a.y + dy * at / length); };
        for (float at = 0; at < length;) {
            const float place = std::fmod(drawn_ + at, dash + gap);
            const float step = std::min(length - at, place < dash ? dash - place : dash + gap - place);
            if (place < dash) list_.AddLine(point(at), point(at + step), line.colour, thick);
            at += std::max(step, 0.01F);
        }
        drawn_ += length;
    }

    const Theme& theme_;
    ImDrawList& list_;
    std::span<const ChartLine> lines_;
    const ChartOptions& options_;
    Range x_, y_;
    ImVec2 from_, to_, title_at_;
    float drawn_ = 0;
};

}  // namespace

std::vector<double> round_ticks(double least, double most, int count) {
    if (!(most > least) || count < 1) return {least};
    const double rough = (most - least) / count, power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough) {
            step = factor * power;
            break;
        }
    std::vector<double> ticks;
    for (auto i = static_cast<long long>(std::ceil(least / step - 1e-9));
         static_cast<double>(i) * step <= most + step * 1e-9; ++i)
        ticks.push_back(static_cast<double>(i) * step);
    return ticks;
}

void line_chart(const char* id, const Theme& theme, ImVec2 size, std::span<const ChartLine> lines,
                const ChartOptions& options) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::InvisibleButton(id, {std::max(size.x, 1.0F), std::max(size.y, 1.0F)});
    if (size.x < theme.px(80) || size.y < theme.px(60)) return;
    Chart chart(theme, at, size, lines, options);
    chart.draw();
    if (ImGui::IsItemHovered()) chart.draw_reading(ImGui::GetIO().MousePos.x);
}

}  // namespace annotator
