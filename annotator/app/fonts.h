#pragma once

#include <set>
#include <string_view>

#include "annotator/widgets/theme.h"

namespace annotator {

// The characters of a text that the usual glyphs do not cover, of the Basic Multilingual Plane.
void add_further_characters(std::string_view utf8, std::set<char32_t>& characters);

// Puts the fonts of the theme, at its scale, into ImGui's atlas and into the theme: Inter, with DejaVu Sans Mono for
// figures. `further` characters come from whatever font of the system has them; only these are drawn, so that the
// many of Chinese cost nothing. What no font has is shown as a question mark.
void load_fonts(Theme& theme, const std::set<char32_t>& further);

}  // namespace annotator
