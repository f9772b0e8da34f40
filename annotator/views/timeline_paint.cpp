#include "annotator/views/timeline_paint.h"

#include <algorithm>
#include <cmath>

#include "annotator/widgets/pattern_fill.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameState;

constexpr float least_piece_points = 3;

}  // namespace

// Where the frames of a line are that somebody works on, and what is proposed for it.
void TimelinePainter::mark(const TimelineRow& row, RowBox box) const {
    if (context_.landmarks == nullptr || (row.kind != RowKind::labels && row.kind != RowKind::proposals)) return;
    const auto* track = context_.document().find<schemas::Track>(row.line.track);
    if (track == nullptr) return;
    const std::string name = (row.kind == RowKind::labels ? "line " : "proposals ") + track->name;
    context_.landmarks->mark(name, {{left(), box.top}, {right(), box.bottom}});
}

void TimelinePainter::row(const TimelineRow& row, RowBox box, const TimelineDrag& drag) {
    mark(row, box);
    const ClipMedia* media = context_.model().media.get();
    list_.PushClipRect({left(), box.top}, {right(), box.bottom}, true);
    switch (row.kind) {
        case RowKind::sound:
            sound(box);
            break;
        case RowKind::motion:
            if (media != nullptr) curve(media->motion_energy, box, theme_.energy);
            break;
        case RowKind::probability:
            if (media != nullptr) curve(media->boundary_probability, box, theme_.probability);
            break;
        case RowKind::proposals:
        case RowKind::labels:
        case RowKind::others:
            spans(row, box, drag);
            if (row.kind == RowKind::labels) key_poses(row, box, drag);
            break;
        case RowKind::key_poses:
            list_.AddRectFilled({left(), box.top}, {right(), box.bottom}, theme_.window);
            key_poses(row, box, drag);
            break;
        case RowKind::comments:
            comments(box);
            break;
    }
    list_.PopClipRect();
}

void TimelinePainter::sound(RowBox box) {
    list_.AddRectFilled({left(), box.top}, {right(), box.bottom}, theme_.window);
    const ClipMedia* media = context_.model().media.get();
    if (media == nullptr || !media->sound) return;
    if (!media->sound->waveform) {
        ImFont* const font = or_default(theme_.small);
        const float y = (box.top + box.bottom - font->FontSize) / 2;
        return write(font, {left() + theme_.px(8), y}, theme_.error, media->sound->problem.c_str());
    }
    if (media->sound->waveform_samples.empty()) return;
    const auto& samples = media->sound->waveform_samples;
    beats(*media, box);
    const double frames = (scale_.right - scale_.left) * scale_.frames_per_pixel;
    const double first = value_at(samples, scale_.first_frame), last = value_at(samples, scale_.first_frame + frames);
    const int columns = std::max(1, static_cast<int>(right() - left()));
    if (last <= first) return;
    const auto peaks = media->sound->waveform->peaks(std::llround(first),
                                                     std::max(std::llround(first) + 1, std::llround(last)), columns);
    const float middle = (box.top + box.bottom) / 2, half = (box.bottom - box.top) / 2 - 1;
    const ImU32 loud = theme_.waveform, faint = with_alpha(theme_.waveform, 0.45F);
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        const float x = left() + static_cast<float>(i);
        const auto y_of = [&](float value) { return middle - std::clamp(value, -1.0F, 1.0F) * half; };
        list_.AddRectFilled({x, y_of(peaks[i].high)}, {x + 1, std::max(y_of(peaks[i].low), y_of(peaks[i].high) + 1)},
                            faint);
        list_.AddRectFilled({x, y_of(peaks[i].rms)}, {x + 1, std::max(y_of(-peaks[i].rms), y_of(peaks[i].rms) + 1)},
                            loud);
    }
}

void TimelinePainter::beats(const ClipMedia& media, RowBox box) {
    const auto& seconds = media.times.seconds;
    if (seconds.empty()) return;
    const auto time_of = [&](double frame) {
        const double inside = std::clamp(frame, 0.0, static_cast<double>(seconds.size() - 1));
        return seconds[static_cast<std::size_t>(inside)];
    };
    const double last = scale_.first_frame + (scale_.right - scale_.left) * scale_.frames_per_pixel;
    float free_from = left();
    for (auto beat = std::ranges::lower_bound(media.sound->beats, time_of(scale_.first_frame));
         beat != media.sound->beats.end() && *beat <= time_of(last + 1); ++beat) {
        // Between two frames a beat lies in proportion.
        const auto after = std::ranges::upper_bound(seconds, *beat);
        if (after == seconds.begin() || after == seconds.end()) continue;
        const double before = *std::prev(after);
        const double share = *after > before ? (*beat - before) / (*after - before) : 0;
        const float x = x_of(static_cast<double>(after - seconds.begin() - 1) + share);
        if (x < free_from) continue;
        free_from = x + theme_.px(3);
        list_.AddLine({x, box.top}, {x, box.bottom}, with_alpha(theme_.beat, 0.6F), 1);
        list_.AddTriangleFilled({x - theme_.px(3), box.top}, {x + theme_.px(3), box.top}, {x, box.top + theme_.px(5)},
                                theme_.beat);
    }
}

void TimelinePainter::curve(const std::vector<float>& values, RowBox box, ImU32 colour) {
    list_.AddRectFilled({left(), box.top}, {right(), box.bottom}, theme_.window);
    const ClipMedia* media = context_.model().media.get();
    if (media == nullptr || values.empty()) return;
    const auto count = static_cast<FrameIndex>(values.size());
    const float tall = box.bottom - box.top - theme_.px(3);
    const float step = std::max(1.0F, static_cast<float>(1 / scale_.frames_per_pixel));
    const float floor = box.bottom - 1;
    const double first = static_cast<double>(frame_from_pixel(scale_, scale_.left)) - (step > 1 ? 1 : 0);
    ImVec2 last{0, -1};
    for (float x = step > 1 ? x_of(first) : left(); x < right() + step; x += step) {
        // The highest value of the column, from at most a few of its frames: the curve is smooth.
        const FrameIndex from = std::max<FrameIndex>(0, frame_from_pixel(scale_, x) - media->span.begin);
        const FrameIndex to =
            std::min(count, std::max(from + 1, frame_from_pixel(scale_, x + step) - media->span.begin));
        const FrameIndex stride = std::max<FrameIndex>(1, (to - from) / 16);
        float high = -1;
        for (FrameIndex i = from; i < to; i += stride) high = std::max(high, values[static_cast<std::size_t>(i)]);
        if (high < 0) continue;
        const ImVec2 now{x + step / 2, floor - std::clamp(high, 0.0F, 1.0F) * tall};
        if (last.y >= 0) {
            list_.AddQuadFilled({last.x, floor}, last, now, {now.x, floor}, with_alpha(colour, 0.3F));
            list_.AddLine(last, now, colour, theme_.px(1.3F));
        }
        last = now;
    }
}

bool TimelinePainter::is_selected(const TimelineRow& row, std::int64_t id) {
    const Selection& selection = context_.state().selection;
    if (row.kind == RowKind::proposals) return selection.proposal == schemas::ProposalId{id};
    if (!selected_) std::ranges::sort(selected_.emplace(selection.segments));
    return std::ranges::binary_search(*selected_, schemas::SegmentId{id});
}

void TimelinePainter::spans(const TimelineRow& row, RowBox box, const TimelineDrag& drag) {
    const auto& line = context_.state().line;
    const bool active = row.kind == RowKind::labels && line && *line == row.line;
    const ImU32 ground = active ? mixed(theme_.window, theme_.accent, 0.07F) : theme_.window;
    list_.AddRectFilled({left(), box.top}, {right(), box.bottom}, ground);
    // What nobody has labelled is seen to be so: an empty frame, not a plain ground.
    if (row.kind == RowKind::labels)
        list_.AddRect({x_of(static_cast<double>(context_.model().clip()->begin_frame)), box.top + 1},
                      {x_of(static_cast<double>(context_.model().clip()->end_frame)), box.bottom - 1},
                      active ? mixed(theme_.border, theme_.accent, 0.5F) : theme_.border, theme_.px(3));
    const TimelineItems& items = content_.items(row);
    pieces_.clear();
    fold(items, scale_, theme_.px(least_piece_points), pieces_);
    const float lane_height = (box.bottom - box.top) / static_cast<float>(items.lanes());
    const bool anything_selected = !context_.state().selection.empty();
    for (const TimelinePiece& each : pieces_) {
        const TimelineItem& item = items.all()[each.first];
        const float top = box.top + lane_height * static_cast<float>(item.lane);
        const RowBox lane{top, top + lane_height};
        const bool selected = anything_selected && each.count == 1 && is_selected(row, item.id);
        if (each.count > 1)
            folded(items, each, box);
        else if (row.kind == RowKind::proposals)
            proposal(item, each.left, each.right, lane, selected);
        else
            piece(item, each.left, each.right, lane, selected);
    }
    if (drag.has_begun() && drag.kind() != DragKind::key_pose && drag.line() == row.line) dragged(row, box, drag);
}

void TimelinePainter::name_in(const LabelLook& look, float from, float to, RowBox box, ImU32 ink) {
    ImFont* const font = or_default(theme_.small);
    const float room = to - from - theme_.px(8);
    if (room < theme_.px(18)) return;
    const ImVec4 clip{from, box.top, to - theme_.px(3), box.bottom};
    const float x = from + theme_.px(5);
    const float y = (box.top + box.bottom - font->FontSize) / 2;
    list_.AddText(font, font->FontSize, {x, y}, ink, look.name.c_str(), nullptr, 0,
                  look.width > room ? &clip : nullptr);
}

void TimelinePainter::piece(const TimelineItem& item, double from, double to, RowBox box, bool selected) {
    const LabelLook& look = content_.look(item.label);
    // A hair between two that touch, so that a boundary is seen between equal colours.
    const float hair = to - from > theme_.px(5) ? std::max(1.0F, theme_.px(1)) : 0.0F;
    const ImVec2 begin{static_cast<float>(from), box.top + 2}, end{static_cast<float>(to) - hair, box.bottom - 2};
    const float rounding = to - from > theme_.px(10) ? theme_.px(3) : 0.0F;
    fill_with_pattern(list_, theme_, begin, end, look.colour, pattern_of(static_cast<FrameState>(item.state)),
                      rounding);
    if (selected) {
        list_.AddRect(begin, end, theme_.selection, rounding, 0, theme_.px(2));
        list_.AddRect({begin.x + theme_.px(2), begin.y + theme_.px(2)}, {end.x - theme_.px(2), end.y - theme_.px(2)},
                      text_on(theme_.selection), rounding, 0, 1);
    }
    const float room = end.x - begin.x - theme_.px(8);
    if (pattern_of(static_cast<FrameState>(item.state)) != Pattern::solid && room >= theme_.px(18)) {
        // Letters on a pattern are hard to read.
        ImFont* const font = or_default(theme_.small);
        const float middle = (box.top + box.bottom) / 2, half = font->FontSize / 2;
        list_.AddRectFilled({begin.x + theme_.px(3), middle - half},
                            {begin.x + theme_.px(7) + std::min(look.width, room), middle + half}, look.colour,
                            theme_.px(2));
    }
    name_in(look, begin.x, end.x, box, text_on(look.colour));
}

// Height says how sure the model is, and hatching that no person has looked at it.
void TimelinePainter::proposal(const TimelineItem& item, double from, double to, RowBox box, bool selected) {
    const LabelLook& look = content_.look(item.label);
    const bool rejected = content_.is_rejected(schemas::ProposalId{item.id});
    const float tall = (box.bottom - box.top - 3) * std::clamp(0.25F + 0.75F * item.score, 0.25F, 1.0F);
    const ImVec2 begin{static_cast<float>(from), box.bottom - 1 - tall};
    const ImVec2 end{static_cast<float>(to) - (to - from > theme_.px(5) ? 1.0F : 0.0F), box.bottom - 1};
    if (rejected) {
        list_.AddRect(begin, end, with_alpha(look.colour, 0.4F), 0, 0, 1);
        list_.AddLine({begin.x, (begin.y + end.y) / 2}, {end.x, (begin.y + end.y) / 2}, theme_.faint_text, 1);
        return;
    }
    fill_with_pattern(list_, theme_, begin, end, look.colour, Pattern::hatched, 0);
    if (selected) list_.AddRect(begin, end, theme_.selection, 0, 0, theme_.px(2));
    const float room = end.x - begin.x - theme_.px(8);
    if (room < theme_.px(18)) return;
    // On a plate of its own: hatching under letters is hard to read.
    ImFont* const font = or_default(theme_.small);
    const float y = box.bottom - font->FontSize - theme_.px(2);
    const float wide = std::min(look.width, room);
    list_.AddRectFilled({begin.x + theme_.px(3), y}, {begin.x + theme_.px(7) + wide, box.bottom - 2},
                        with_alpha(theme_.window, 0.78F), theme_.px(2));
    name_in(look, begin.x, begin.x + wide + theme_.px(9), {y, y + font->FontSize}, theme_.text);
}

void TimelinePainter::folded(const TimelineItems& items, const TimelinePiece& piece, RowBox box) {
    const TimelineItem& one = items.all()[piece.first + piece.count / 2];
    const float tall = (box.bottom - box.top - 4) * (0.3F + 0.7F * piece.density);
    const ImU32 colour = mixed(content_.look(one.label).colour, theme_.panel, 0.35F);
    list_.AddRectFilled({static_cast<float>(piece.left), box.bottom - 2 - tall},
                        {std::max(static_cast<float>(piece.right), static_cast<float>(piece.left) + 1), box.bottom - 2},
                        colour);
}

void TimelinePainter::dragged(const TimelineRow& row, RowBox box, const TimelineDrag& drag) {
    const DragPreview& preview = drag.preview();
    const auto show = [&](TimelineItem item, schemas::FrameSpan span, bool selected) {
        item.begin = span.begin;
        item.end = span.end;
        const double from = pixel_from_frame(scale_, static_cast<double>(span.begin));
        const double to = pixel_from_frame(scale_, static_cast<double>(span.end));
        row.kind == RowKind::proposals ? proposal(item, from, to, box, selected) : piece(item, from, to, box, selected);
    };
    if (drag.kind() == DragKind::draw_span) {
        if (row.kind != RowKind::labels) return;
        const ImVec2 from{x_of(static_cast<double>(preview.span.begin)), box.top + 2};
        const ImVec2 to{x_of(static_cast<double>(preview.span.end)), box.bottom - 2};
        list_.AddRectFilled(from, to, with_alpha(theme_.mark, 0.35F), theme_.px(3));
        list_.AddRect(from, to, theme_.mark, theme_.px(3), 0, theme_.px(1.5F));
        return;
    }
    if ((drag.kind() == DragKind::proposal_edge) != (row.kind == RowKind::proposals)) return;
    const auto& all = content_.items(row).all();
    const auto item_of = [&](std::int64_t id) { return std::ranges::find(all, id, &TimelineItem::id); };
    const auto own = item_of(drag.id());
    if (own == all.end()) return;
    schemas::FrameSpan wiped{std::min(own->begin, preview.span.begin), std::max(own->end, preview.span.end)};
    const auto beside = preview.neighbour ? item_of(static_cast<std::int64_t>(*preview.neighbour)) : all.end();
    if (beside != all.end()) wiped = {std::min(wiped.begin, beside->begin), std::max(wiped.end, beside->end)};
    list_.AddRectFilled({x_of(static_cast<double>(wiped.begin)), box.top + 2},
                        {x_of(static_cast<double>(wiped.end)), box.bottom - 2}, theme_.window);
    if (beside != all.end()) show(*beside, preview.neighbour_span, false);
    show(*own, preview.span, true);
}

void TimelinePainter::key_poses(const TimelineRow& row, RowBox box, const TimelineDrag& drag) {
    const auto& poses = content_.key_poses(row.line);
    const float size = theme_.px(6);
    const float middle = row.kind == RowKind::labels ? box.bottom - size : (box.top + box.bottom) / 2;
    const FrameIndex first = frame_from_pixel(scale_, scale_.left - size) - 1;
    auto at = std::ranges::lower_bound(poses, first, {}, [](const schemas::KeyPose* pose) { return pose->frame; });
    float last_x = -1e9F;
    for (; at != poses.end(); ++at) {
        const schemas::KeyPose& pose = **at;
        const bool moving = drag.kind() == DragKind::key_pose && drag.has_begun() && drag.pose() == pose.id;
        const float x = x_of(static_cast<double>(moving ? drag.preview().boundary : pose.frame) + 0.5);
        if (x > right() + size) break;
        if (x - last_x < theme_.px(1.5F)) continue;
        last_x = x;
        const LabelLook& look = content_.look(pose.label);
        const bool selected = context_.state().selection.key_pose == pose.id;
        const auto diamond = [&](float half, ImU32 colour) {
            list_.AddQuadFilled({x - half, middle}, {x, middle - half}, {x + half, middle}, {x, middle + half}, colour);
        };
        diamond(size + theme_.px(selected ? 2.5F : 1), selected ? theme_.selection : theme_.window);
        diamond(size - theme_.px(selected ? 0.5F : 0), look.colour);
        const auto next = std::next(at);
        const float room = next == poses.end() ? 1e9F : x_of(static_cast<double>((*next)->frame)) - x - 2 * size;
        if (row.kind == RowKind::key_poses && room > look.width + theme_.px(4)) {
            ImFont* const font = or_default(theme_.small);
            write(font, {x + size + theme_.px(4), middle - font->FontSize / 2}, theme_.text, look.name.c_str());
        }
    }
}

void TimelinePainter::comments(RowBox box) {
    ImFont* const font = or_default(theme_.small);
    list_.AddRectFilled({left(), box.top}, {right(), box.bottom}, theme_.window);
    float free_from = -1e9F;
    for (const schemas::Comment* comment : content_.comments()) {
        const float from = x_of(static_cast<double>(comment->begin_frame));
        const float to = std::max(x_of(static_cast<double>(comment->end_frame)), from + theme_.px(4));
        if (to < left()) continue;
        if (from > right()) break;
        const bool selected = context_.state().selection.comment == comment->id;
        const ImVec2 low{from, box.bottom - theme_.px(4)}, high{to, box.bottom - theme_.px(1)};
        if (comment->resolved)
            list_.AddRect(low, high, theme_.faint_text);
        else
            list_.AddRectFilled(low, high, theme_.warning);
        if (selected)
            list_.AddRect({from, box.top}, {to, box.bottom}, theme_.selection, theme_.px(2), 0, theme_.px(1.5F));
        if (from < free_from) continue;
        const ImVec4 clip{from, box.top, from + theme_.px(180), box.bottom};
        list_.AddText(font, font->FontSize, {from + theme_.px(2), box.top},
                      comment->resolved ? theme_.faint_text : theme_.text, comment->text.c_str(), nullptr, 0, &clip);
        free_from = from + std::min(theme_.px(184), width_of(font, comment->text.c_str()) + theme_.px(10));
    }
}

}  // namespace annotator
