#include "annotator/views/question_view.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "annotator/session/chosen_span.h"
#include "annotator/widgets/clock_text.h"
#include "annotator/widgets/overlay.h"
#include "schemas/alignment.h"

namespace annotator {

namespace {

std::optional<double> number_from(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(value) && value >= 0;
    return whole ? std::optional(value) : std::nullopt;
}

// "1:02.5", "1:02:03" or "3.2s".
std::optional<double> seconds_from(std::string_view text) {
    if (text.ends_with('s')) return number_from(text.substr(0, text.size() - 1));
    if (text.find(':') == std::string_view::npos) return std::nullopt;
    double seconds = 0;
    for (bool more = true; more;) {
        const std::size_t colon = text.find(':');
        const auto part = number_from(text.substr(0, colon));
        if (!part) return std::nullopt;
        seconds = 60 * seconds + *part;
        more = colon != std::string_view::npos;
        if (more) text.remove_prefix(colon + 1);
    }
    return seconds;
}

void coloured_text(ImU32 colour, const char* text) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    ImGui::TextUnformatted(text);
    ImGui::PopStyleColor();
}

}  // namespace

std::optional<schemas::FrameIndex> frame_from_text(std::string_view text, const schemas::FrameTable& times,
                                                   schemas::FrameSpan span) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    schemas::FrameIndex frame = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frame);
    if (error != std::errc() || end != text.data() + text.size()) {
        const auto seconds = seconds_from(text);
        if (!seconds || times.seconds.empty()) return std::nullopt;
        frame = schemas::nearest_frame(times, *seconds);
    }
    return std::clamp(frame, span.begin, std::max(span.begin, span.end - 1));
}

bool QuestionView::line_of_text(const char* hint) {
    if (fresh_) text_.clear();
    // Enter takes the keyboard from the field, even where it is not enough.
    if (fresh_ || entered_) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(-1);
    return entered_ = ImGui::InputTextWithHint("##text", hint, &text_, ImGuiInputTextFlags_EnterReturnsTrue);
}

void QuestionView::draw_go_to(const ViewContext& context) {
    const schemas::Clip* clip = context.model().clip();
    const ClipMedia* media = context.model().media.get();
    begin_overlay("go to", context.theme, 380, 128, 90);
    if (overlay_heading(context.theme, "Go to")) context.outbox.send(Ask{Asking::nothing});
    if (fresh_) misread_.reset();
    const bool entered = line_of_text("120, or a time such as 0:04.5");
    if (clip == nullptr) {
        ImGui::TextDisabled("No clip is open.");
    } else {
        static const schemas::FrameTable none;
        const schemas::FrameTable& times = media != nullptr && media->clip == clip->id ? media->times : none;
        const auto frame = frame_from_text(text_, times, clip->span());
        std::string hint = "Frames " + std::to_string(clip->begin_frame) + " to " + std::to_string(clip->end_frame - 1);
        if (frame) {
            hint = "Frame " + std::to_string(*frame);
            if (*frame < times.frames()) hint += " at " + clock_text(times.seconds[static_cast<std::size_t>(*frame)]);
        }
        if (entered && frame) context.outbox.send(Seek{*frame});
        if (entered && !frame && !text_.empty()) misread_ = text_;
        if (misread_ == text_)
            coloured_text(context.theme.error, "Not a frame or a time: 120, 0:04.5, 4.5s");
        else
            ImGui::TextDisabled("%s", hint.c_str());
    }
    if (entered && misread_ != text_) context.outbox.send(Ask{Asking::nothing});
    end_overlay();
}

void QuestionView::draw_comment(const ViewContext& context) {
    const EditorModel& model = context.model();
    begin_overlay("comment", context.theme, 520, 128, 90);
    if (overlay_heading(context.theme, "Comment")) context.outbox.send(Ask{Asking::nothing});
    if (fresh_) commented_ = commented_span(model);
    const bool entered = line_of_text("What should be said here?");
    ImGui::TextDisabled(commented_.length() > 1 ? "On frames %lld to %lld" : "On frame %lld",
                        static_cast<long long>(commented_.begin), static_cast<long long>(commented_.end - 1));
    // A comment closes the question once it is stored, so that what was typed is not lost.
    if (entered && !text_.empty()) context.outbox.send(AddComment{commented_, text_});
    if (entered && text_.empty()) context.outbox.send(Ask{Asking::nothing});
    end_overlay();
}

void QuestionView::draw_import(const ViewContext& context) {
    begin_overlay("import", context.theme, 720, 560, 60);
    if (overlay_heading(context.theme, "Import recordings")) context.outbox.send(Ask{Asking::nothing});
    const float line = ImGui::GetFrameHeightWithSpacing() + context.theme.px(4);
    if (fresh_) recordings_.show(recordings_.folder());
    recordings_.draw(context.theme, ImGui::GetContentRegionAvail().y - line);
    const auto chosen = recordings_.chosen();
    std::string button = chosen.size() == 1 ? "Import " + chosen.front().filename().string()
                                            : "Import " + std::to_string(chosen.size()) + " items";
    ImGui::BeginDisabled(chosen.empty());
    const bool clicked = key_button(context.theme, (button + "###import").c_str(), "Ctrl+Enter");
    ImGui::EndDisabled();
    if (const bool confirmed = recordings_.take_confirmed(); !chosen.empty() && (clicked || confirmed)) {
        context.outbox.send(ImportRecordings{chosen});
        context.outbox.send(Ask{Asking::nothing});
    }
    ImGui::SameLine();
    if (ImGui::Button("Import this folder")) {
        context.outbox.send(ImportRecordings{{recordings_.folder()}});
        context.outbox.send(Ask{Asking::nothing});
    }
    end_overlay();
}

void QuestionView::draw_shell(const ShellContext& context, Asking asking, const EditorModel* model) {
    fresh_ = asking != drawn_;
    drawn_ = asking;
    if (asking != Asking::settings) settings_.forget_key();
    if (asking == Asking::command) {
        if (fresh_) commands_.reset();
        commands_.draw(context, model);
    } else if (asking == Asking::cheat_sheet) {
        cheat_sheet_.draw(context);
    } else if (asking == Asking::settings) {
        settings_.draw(context, model);
    } else if (asking == Asking::project) {
        begin_overlay("projects", context.theme, 820, 560, 60);
        if (overlay_heading(context.theme, "Projects")) context.outbox.send(Ask{Asking::nothing});
        if (fresh_) projects_.begin();
        projects_.draw(context);
        end_overlay();
    }
}

void QuestionView::draw(const ViewContext& context) {
    const Asking asking = context.state().asking;
    draw_shell(context.shell(), asking, &context.model());
    if (asking == Asking::go_to) draw_go_to(context);
    if (asking == Asking::comment) draw_comment(context);
    if (asking == Asking::import_paths) draw_import(context);
}

}  // namespace annotator
