#include "annotator/cli/text_table.h"

#include <algorithm>
#include <cstdio>

namespace annotator {

namespace {

// Characters of UTF-8 text, all of them taken for one column wide.
std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

std::string TextTable::text() const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    std::string text;
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - width_of(row[i]), ' ');
            text += (i == 0 ? "" : "  ") + (i == 0 ? row[i] + padding : padding + row[i]);
        }
        text += "\n";
    }
    return text;
}

std::string percent_figure(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", 100 * share);
    return text;
}

}  // namespace annotator
