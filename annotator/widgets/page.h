#pragma once

#include <string>

#include "annotator/widgets/theme.h"

// What pages of text, forms and tables are made of.
namespace annotator {

void heading(const Theme& theme, const std::string& text);
// Wrapped at the edge of what is free.
void faint_text(const Theme& theme, const std::string& text);
void wrapped_text(const std::string& text);
// What a form asks for, above its field, which comes next and fills the width.
void field_name(const Theme& theme, const char* name);
// Cut off with an ellipsis where it is wider; then all of it is shown while the mouse is over it.
void text_within(const std::string& text, float width);
// A figure at the right edge of what is free: of a table's cell, say.
void right_figure(const Theme& theme, const std::string& text);
// The one button of a page that goes on.
bool primary_button(const Theme& theme, const char* label, ImVec2 size = {0, 0});
// What stands where there is nothing yet: what is missing, and what to do. In the middle of what is free.
void empty_state(const Theme& theme, const std::string& missing, const std::string& what_to_do);
// A bar for a share of 1, in the next `size` of the page.
void share_bar(const Theme& theme, double share, ImVec2 size, ImU32 colour);

// "1 234 567": figures in groups of three.
std::string grouped(std::int64_t number);
// "84 %"; "–" where there is none.
std::string percent_text(double share);
// "3:07", "1:02:30".
std::string duration_text(double seconds);
// "12.4 MB".
std::string size_text(std::uint64_t bytes);

}  // namespace annotator
