#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "annotator/views/view_context.h"

// Parts that the inspector puts together. They draw at the cursor, over the whole width.
namespace annotator {

// The label's name in its colour, as a heading.
void draw_label_heading(const ViewContext& context, schemas::LabelId label);
// A name and what it is, side by side; long values wrap.
void draw_fact(const Theme& theme, const char* name, const std::string& value);
void draw_state_fact(const Theme& theme, schemas::FrameState state);
// Label and probability as a bar, best first.
void draw_scores(const ViewContext& context, const std::vector<schemas::LabelScore>& top);
// The comments of these that touch the span: open ones, which can be resolved, and the selected one.
void draw_comments(const ViewContext& context, std::span<const schemas::CommentId> comments, schemas::FrameSpan span);

struct ActionButton {
    const char* text;
    Action action;
};
// Buttons with their keys, as many in a line as fit.
void draw_action_buttons(const ViewContext& context, std::initializer_list<ActionButton> buttons);

// "44 frames, 1.467 s"; without the seconds where times are not known.
std::string length_text(const EditorModel& model, schemas::FrameSpan span);
std::string model_name(const EditorModel& model, schemas::ModelId id);

}  // namespace annotator
