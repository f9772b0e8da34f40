#pragma once

#include <optional>

#include "annotator/document/commands.h"
#include "annotator/session/editor_model.h"

// Which frames of the clip that is shown a person has chosen. Pure.
namespace annotator {

// Before the frame that is shown. Nothing follows the last frame of the clip, so what ends there has it.
schemas::FrameIndex boundary_at_playhead(const EditorModel& model, Edge edge);

// Between the marks, whichever comes first; where one is missing the playhead stands for it. May hold no frame.
// nullopt where neither is set.
std::optional<schemas::FrameSpan> marked_span(const EditorModel& model);

// From the first frame of what is selected to the last; nullopt where nothing is.
std::optional<schemas::FrameSpan> selected_span(const EditorModel& model);

// What a comment speaks of: what is marked, else what is selected, else the frame that is shown.
schemas::FrameSpan commented_span(const EditorModel& model);

}  // namespace annotator
