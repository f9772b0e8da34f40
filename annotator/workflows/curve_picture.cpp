#include "annotator/workflows/curve_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace annotator {

namespace {

constexpr double panel_width = 340, panel_height = 260, left = 52, top = 44, gap = 62, legend_line = 18;

// Okabe and Ito's colours, which most people can tell apart.
constexpr std::array<const char*, 8> colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                             "#e69f00", "#56b4e9", "#000000", "#8c6d31"};
constexpr std::array<const char*, 4> strokes{"", "6 3", "2 3", "9 3 2 3"};

struct Panel {
    std::string reading, name;
    double x = 0;
};

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char each : text) {
        if (each == '&')
            safe += "&amp;";
        else if (each == '<')
            safe += "&lt;";
        else if (each == '>')
            safe += "&gt;";
        else if (each == '"')
            safe += "&quot;";
        else
            safe += each;
    }
    return safe;
}

std::string text_at(double x, double y, const std::string& text, const char* anchor, int size = 12) {
    return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" font-size=\"" +
           std::to_string(size) + "\">" + escaped(text) + "</text>\n";
}

class Drawing {
public:
    Drawing(const std::vector<PointSummary>& points, const std::string& title) : points_(points) {
        double lowest = 1;
        for (const auto& [reading, name] :
             {std::pair{"pool_accuracy", "rest of the pool"}, std::pair{"unseen_accuracy", "unseen performers"},
              std::pair{"corpus_accuracy", "whole corpus"}}) {
            bool shown = false;
            for (const PointSummary& point : points)
                if (const auto found = point.values.find(reading); found != point.values.end()) {
                    shown = true;
                    lowest = std::min(lowest, found->second.mean - found->second.deviation);
                }
            if (shown)
                panels_.push_back({reading, name, left + static_cast<double>(panels_.size()) * (panel_width + gap)});
        }
        for (const PointSummary& point : points)
            if (std::ranges::find(strategies_, point.strategy) == strategies_.end())
                strategies_.push_back(point.strategy);
        lowest_ = std::clamp(std::floor(10 * lowest) / 10, 0.0, 0.9);
        write(title);
    }

    [[nodiscard]] const std::string& svg() const { return svg_; }

private:
    static double across(const Panel& panel, double labelled) {
        return panel.x + panel_width * std::sqrt(std::clamp(labelled, 0.0, 1.0));
    }
    [[nodiscard]] double down(double accuracy) const {
        return top + panel_height * (1 - (std::clamp(accuracy, lowest_, 1.0) - lowest_) / (1 - lowest_));
    }

    void write(const std::string& title) {
        const double width = left + static_cast<double>(std::max<std::size_t>(panels_.size(), 1)) * (panel_width + gap);
        const double height = top + panel_height + 56 + legend_line * static_cast<double>(strategies_.size());
        svg_ =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
            "width=\"" +
            number(width) + "\" height=\"" + number(height) + "\" viewBox=\"0 0 " + number(width) + " " +
            number(height) +
            "\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
        svg_ += text_at(left, 18, title, "start", 14);
        for (const Panel& panel : panels_) {
            axes(panel);
            for (std::size_t i = 0; i < strategies_.size(); ++i) curve(panel, i);
        }
        for (std::size_t i = 0; i < strategies_.size(); ++i) legend(i);
        svg_ += "</svg>\n";
    }

    void axes(const Panel& panel) {
        svg_ += text_at(panel.x + panel_width / 2, top - 8, panel.name + ", % right", "middle");
        for (double accuracy = lowest_; accuracy < 1 + 1e-9; accuracy += 0.1) {
            line(panel.x, down(accuracy), panel.x + panel_width, down(accuracy));
            svg_ += text_at(panel.x - 6, down(accuracy) + 4, std::to_string(std::lround(100 * accuracy)), "end", 11);
        }
        for (const double labelled : {0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0}) {
            line(across(panel, labelled), top, across(panel, labelled), top + panel_height);
            svg_ += text_at(across(panel, labelled), top + panel_height + 15,
                            std::to_string(std::lround(100 * labelled)), "middle", 11);
        }
        svg_ += text_at(panel.x + panel_width / 2, top + panel_height + 32, "labelled, %", "middle");
    }

    void line(double x1, double y1, double x2, double y2) {
        svg_ += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" +
                number(y2) + "\" stroke=\"#dddddd\"/>\n";
    }

    void curve(const Panel& panel, std::size_t strategy) {
        std::string path, upper, lower, marks;
        for (const PointSummary& point : points_) {
            const auto found = point.values.find(panel.reading);
            if (point.strategy != strategies_[strategy] || found == point.values.end()) continue;
            const double x = across(panel, point.labelled);
            const Spread& spread = found->second;
            const auto place = [&](double accuracy) { return number(x) + "," + number(down(accuracy)) + " "; };
            path += place(spread.mean);
            upper += place(spread.mean + spread.deviation);
            lower = place(spread.mean - spread.deviation) + lower;
            marks += mark(strategy, x, down(spread.mean));
        }
        if (path.empty()) return;
        const std::string colour = colours[strategy % colours.size()];
        svg_ += "<polygon points=\"" + upper + lower + "\" fill=\"" + colour + "\" fill-opacity=\"0.15\"/>\n";
        svg_ += "<polyline points=\"" + path + "\" fill=\"none\" stroke=\"" + colour +
                "\" stroke-width=\"1.8\" stroke-dasharray=\"" + stroke(strategy) + "\"/>\n" + marks;
    }

    void legend(std::size_t strategy) {
        const double y = top + panel_height + 52 + legend_line * static_cast<double>(strategy);
        svg_ += "<line x1=\"" + number(left) + "\" y1=\"" + number(y) + "\" x2=\"" + number(left + 36) + "\" y2=\"" +
                number(y) + "\" stroke=\"" + colours[strategy % colours.size()] +
                "\" stroke-width=\"1.8\" stroke-dasharray=\"" + stroke(strategy) + "\"/>\n" +
                mark(strategy, left + 18, y) + text_at(left + 44, y + 4, strategies_[strategy], "start");
    }

    static const char* stroke(std::size_t strategy) {
        const char* dashes = strokes[strategy % strokes.size()];
        return *dashes == '\0' ? "none" : dashes;
    }

    // Circles, squares and diamonds in turn.
    static std::string mark(std::size_t strategy, double x, double y) {
        const std::string fill = std::string("\" fill=\"") + colours[strategy % colours.size()] + "\"";
        if (strategy % 3 == 0)
            return "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"3.2" + fill + "/>\n";
        const std::string turn =
            strategy % 3 == 1 ? "" : " transform=\"rotate(45 " + number(x) + " " + number(y) + ")\"";
        return "<rect x=\"" + number(x - 2.8) + "\" y=\"" + number(y - 2.8) + "\" width=\"5.6\" height=\"5.6" + fill +
               turn + "/>\n";
    }

    const std::vector<PointSummary>& points_;
    std::vector<Panel> panels_;
    std::vector<std::string> strategies_;
    double lowest_ = 0;
    std::string svg_;
};

}  // namespace

std::string curves_svg(const std::vector<PointSummary>& points, const std::string& title) {
    return Drawing(points, title).svg();
}

}  // namespace annotator
