#pragma once

#include <imgui.h>

#include <string>
#include <string_view>

namespace annotator {

// The text; where it is wider than that many pixels, as much of its beginning as there is room for with "…" behind,
// cut between characters.
std::string shortened(std::string_view text, float width);

// Painted so; nothing where there is no room at all.
void clipped_text(ImDrawList& list, ImVec2 at, float width, ImU32 colour, std::string_view text);

}  // namespace annotator
