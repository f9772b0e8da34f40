#include "annotator/session/training_curves.h"

#include <algorithm>
#include <array>

namespace annotator {

namespace {

struct Known {
    std::string_view figure, name;
    bool share;
};

constexpr std::array<Known, 9> known{{{"total", "loss", false},
                                      {"cross_entropy", "cross-entropy", false},
                                      {"dice", "dice", false},
                                      {"unlabelled", "unlabelled", false},
                                      {"reconstruction", "left-out joints", false},
                                      {"validation_accuracy", "right on the validation part", true},
                                      {"validation_macro_f1", "macro F1 there", true},
                                      {"sure", "the teacher is sure", true},
                                      {"frame_accuracy", "frames right", true}}};

}  // namespace

std::vector<TrainingCurve> training_curves(std::span<const CurvePoint> points) {
    if (points.empty()) return {};
    std::vector<TrainingCurve> curves;
    std::vector<std::string> figures;
    const auto curve_of = [&](const std::string& figure) -> TrainingCurve& {
        const auto at = std::ranges::find(figures, figure);
        if (at != figures.end()) return curves[static_cast<std::size_t>(at - figures.begin())];
        const auto* found = std::ranges::find(known, figure, &Known::figure);
        figures.push_back(figure);
        curves.push_back(found == known.end() ? TrainingCurve{figure, false, {}}
                                              : TrainingCurve{std::string(found->name), found->share, {}});
        return curves.back();
    };
    for (const CurvePoint& point : points)
        if (point.phase == points.back().phase)
            for (const auto& [figure, value] : point.figures) curve_of(figure).points.emplace_back(point.step, value);
    const auto rank = [&](const TrainingCurve& curve) {
        const auto* found = std::ranges::find(known, curve.name, &Known::name);
        return found - known.begin();
    };
    std::ranges::stable_sort(curves, {}, rank);
    return curves;
}

}  // namespace annotator
