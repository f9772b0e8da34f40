#include "annotator/widgets/short_text.h"

#include <algorithm>

namespace annotator {

namespace {

constexpr const char* dots = "…";

// Of UTF-8: what begins with that byte.
std::size_t character_length(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Not rounded, so that the widths of characters add up to that of the text.
float width_of(const char* begin, const char* end) {
    return ImGui::GetFont()->CalcTextSizeA(ImGui::GetFontSize(), FLT_MAX, 0, begin, end).x;
}

}  // namespace

std::string shortened(std::string_view text, float width) {
    const float dots_width = width_of(dots, nullptr);
    std::size_t end = 0, kept = 0;
    float used = 0;
    while (end < text.size()) {
        const std::size_t next = std::min(text.size(), end + character_length(text[end]));
        used += width_of(text.data() + end, text.data() + next);
        if (used > width) return std::string(text.substr(0, kept)) + dots;
        end = next;
        if (used + dots_width <= width) kept = end;
    }
    return std::string(text);
}

void clipped_text(ImDrawList& list, ImVec2 at, float width, ImU32 colour, std::string_view text) {
    if (width > 0) list.AddText(at, colour, shortened(text, width).c_str());
}

}  // namespace annotator
