#pragma once

#include <span>
#include <string_view>

#include "annotator/widgets/theme.h"

namespace annotator {

// How a state looks everywhere; its pattern (pattern_of) tells it apart where the colour cannot. What a person
// accepted, corrected or drew looks alike.
ImU32 colour_of(schemas::FrameState state, const Theme& theme);
// "Accepted".
std::string_view name_of(schemas::FrameState state);

// States side by side in equal parts, runs of one state as one piece with its pattern.
void draw_state_bar(ImDrawList& list, const Theme& theme, ImVec2 from, ImVec2 to,
                    std::span<const schemas::FrameState> states);
// A small square in colour and pattern of the state.
void draw_state_swatch(ImDrawList& list, const Theme& theme, ImVec2 from, float side, schemas::FrameState state);

}  // namespace annotator
