#include <algorithm>
#include <cmath>

#include "annotator/views/timeline_paint.h"
#include "annotator/widgets/clock_text.h"

// What surrounds the rows and lies over them.
namespace annotator {

namespace {

using schemas::FrameIndex;

}  // namespace

ImFont* TimelinePainter::or_default(ImFont* font) { return font != nullptr ? font : ImGui::GetFont(); }

void TimelinePainter::write(ImFont* font, ImVec2 at, ImU32 colour, const char* words) {
    list_.AddText(font, font->FontSize, at, colour, words);
}

float TimelinePainter::width_of(ImFont* font, const char* words) {
    return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, words).x;
}

void TimelinePainter::ruler(RowBox box) {
    ImFont* const font = or_default(theme_.mono);
    const schemas::Clip* clip = context_.model().clip();
    list_.AddRectFilled({left(), box.top}, {right(), box.bottom}, theme_.raised);
    if (clip == nullptr) return;
    const ClipMedia* media = context_.model().media.get();
    const bool timed = media != nullptr && media->clip == clip->id;
    const float wide = width_of(font, timed ? "0000000  0:00.000" : "0000000") + theme_.px(14);
    const Flag flag = playhead_flag();
    list_.PushClipRect({left(), box.top}, {right(), box.bottom}, true);
    for (const RulerMark& mark : ruler_marks(scale_, clip->span(), wide)) {
        const auto x = static_cast<float>(std::round(mark.pixel));
        const float tall = (box.bottom - box.top) * (mark.major ? 1.0F : 0.28F);
        list_.AddLine({x, box.bottom - tall}, {x, box.bottom}, mark.major ? theme_.border : theme_.grid);
        if (!mark.major || (x + wide > flag.left && x < flag.right)) continue;
        const std::string number = std::to_string(mark.frame);
        const float y = box.top + (box.bottom - box.top - font->FontSize) / 2;
        write(font, {x + theme_.px(5), y}, theme_.text, number.c_str());
        if (!timed || mark.frame >= media->times.frames()) continue;
        const double seconds = media->times.seconds[static_cast<std::size_t>(mark.frame)];
        write(font, {x + theme_.px(5) + width_of(font, number.c_str()) + theme_.px(7), y}, theme_.faint_text,
              clock_text(seconds).c_str());
    }
    list_.PopClipRect();
    list_.AddLine({left(), box.bottom - 1}, {right(), box.bottom - 1}, theme_.border);
}

void TimelinePainter::header(const TimelineRow& row, RowBox box, float from, float to, bool hovered) {
    const auto& line = context_.state().line;
    const bool of_line = row.kind == RowKind::labels || row.kind == RowKind::key_poses;
    const bool active = of_line && line && *line == row.line, lit = active || (hovered && of_line);
    const ImU32 ground = lit ? mixed(theme_.panel, theme_.accent, active ? 0.28F : 0.12F) : theme_.panel;
    list_.AddRectFilled({from, box.top}, {to, box.bottom}, ground, theme_.px(3));
    if (active) list_.AddRectFilled({from, box.top}, {from + theme_.px(3), box.bottom}, theme_.accent, theme_.px(1.5F));
    ImFont* const font = or_default(active ? theme_.strong : of_line ? theme_.body : theme_.small);
    ImFont* const small = or_default(theme_.small);
    const float edge = from + theme_.px(10), end = to - theme_.px(8);
    const float middle = (box.top + box.bottom) / 2;
    list_.PushClipRect({from, box.top}, {end, box.bottom}, true);
    const ImU32 ink = of_line ? theme_.text : theme_.faint_text;
    write(font, {edge, middle - font->FontSize / 2}, ink, row.name.c_str());
    if (!row.detail.empty()) {
        const float after = edge + width_of(font, row.name.c_str()) + theme_.px(7);
        const float at = std::max(after, end - width_of(small, row.detail.c_str()));
        write(small, {at, middle - small->FontSize / 2}, lit ? theme_.text : theme_.faint_text, row.detail.c_str());
    }
    list_.PopClipRect();
}

// A bracket along the upper edge.
void TimelinePainter::loop(RowBox box) {
    const auto looped = context_.bench.playback().loop();
    if (!looped) return;
    const float from = x_of(static_cast<double>(looped->begin)), to = x_of(static_cast<double>(looped->end));
    const float thick = theme_.px(3), foot = theme_.px(10);
    list_.AddRectFilled({from, box.top}, {to, box.top + thick}, theme_.accent);
    list_.AddRectFilled({from, box.top}, {from + thick, box.top + foot}, theme_.accent);
    list_.AddRectFilled({to - thick, box.top}, {to, box.top + foot}, theme_.accent);
}

void TimelinePainter::overlay(RowBox box, const TimelineDrag& drag) {
    const EditorState& state = context_.state();
    list_.PushClipRect({left(), box.top}, {right(), box.bottom}, true);
    loop(box);
    const auto mark = [&](const std::optional<FrameIndex>& frame, float side) {
        if (!frame) return;
        const float x = x_of(static_cast<double>(*frame));
        list_.AddLine({x, box.top}, {x, box.bottom}, theme_.mark, theme_.px(1.5F));
        list_.AddTriangleFilled({x, box.top}, {x + side * theme_.px(8), box.top}, {x, box.top + theme_.px(8)},
                                theme_.mark);
    };
    if (state.mark_in && state.mark_out)
        list_.AddRectFilled({x_of(static_cast<double>(*state.mark_in)), box.top},
                            {x_of(static_cast<double>(*state.mark_out)), box.bottom}, with_alpha(theme_.mark, 0.13F));
    mark(state.mark_in, 1);
    mark(state.mark_out, -1);
    const auto frame = static_cast<double>(context_.model().frame);
    const float x = x_of(frame), next = x_of(frame + 1);
    if (next - x > theme_.px(3))
        list_.AddRectFilled({x, box.top}, {next, box.bottom}, with_alpha(theme_.playhead, 0.16F));
    list_.AddLine({x, box.top}, {x, box.bottom}, theme_.playhead, theme_.px(1.5F));
    if (drag.has_begun() && drag.preview().snapped_to) {
        const float at = x_of(static_cast<double>(drag.preview().guide));
        for (float y = box.top; y < box.bottom; y += theme_.px(8))
            list_.AddLine({at, y}, {at, std::min(box.bottom, y + theme_.px(5))}, theme_.accent, theme_.px(1.5F));
        const std::string word(word_of(*drag.preview().snapped_to));
        ImFont* const font = or_default(theme_.small);
        const float wide = width_of(font, word.c_str()) + theme_.px(10);
        const float from = std::min(at + theme_.px(3), right() - wide);
        list_.AddRectFilled({from, box.top}, {from + wide, box.top + font->FontSize + theme_.px(4)}, theme_.accent,
                            theme_.px(3));
        write(font, {from + theme_.px(5), box.top + theme_.px(2)}, theme_.accent_text, word.c_str());
    }
    list_.PopClipRect();
}

TimelinePainter::Flag TimelinePainter::playhead_flag() const {
    ImFont* const font = or_default(theme_.mono);
    const FrameIndex frame = context_.model().frame;
    const float x = x_of(static_cast<double>(frame));
    if (context_.model().clip() == nullptr || x < left() - 1 || x > right()) return {};
    Flag flag{std::to_string(frame), 0, 0};
    const float wide = width_of(font, flag.number.c_str()) + theme_.px(10);
    flag.left = std::clamp(x - theme_.px(1), left(), std::max(left(), right() - wide));
    flag.right = flag.left + wide;
    return flag;
}

void TimelinePainter::playhead(RowBox box) {
    const Flag flag = playhead_flag();
    if (flag.number.empty()) return;
    ImFont* const font = or_default(theme_.mono);
    list_.AddRectFilled({flag.left, box.top + theme_.px(2)}, {flag.right, box.bottom - theme_.px(1)}, theme_.playhead,
                        theme_.px(3));
    write(font, {flag.left + theme_.px(5), (box.top + box.bottom - font->FontSize) / 2}, text_on(theme_.playhead),
          flag.number.c_str());
}

}  // namespace annotator
