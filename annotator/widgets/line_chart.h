#pragma once

#include <span>
#include <string>
#include <vector>

#include "annotator/widgets/theme.h"

namespace annotator {

// Lines are told apart by colour and by how they are drawn.
enum class Stroke { solid, dashed, dotted };

struct ChartLine {
    std::string name;
    std::vector<ImVec2> points;  // x grows
    ImU32 colour = 0;
    Stroke stroke = Stroke::solid;
};

struct ChartOptions {
    std::string title;
    std::string across;   // what x counts: "step"
    float across_to = 0;  // x goes from 0 to there, or farther where a point is
    float most = 0;       // y goes from 0 to there; 0: to the greatest value
};

// Values from `least` to `most` that are round figures, about `count` of them.
std::vector<double> round_ticks(double least, double most, int count);

// Axes, lines, their names, and the figures under the mouse, within the next `size` of the page.
void line_chart(const char* id, const Theme& theme, ImVec2 size, std::span<const ChartLine> lines,
                const ChartOptions& options);

}  // namespace annotator
