#include "inference/pose_answer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <stdexcept>

#include "schemas/tensor.h"

namespace inference {

namespace {

using schemas::EstimatorCard;

float score_from(float value, schemas::ScoreActivation activation) {
    const float score = activation == schemas::ScoreActivation::sigmoid ? 1 / (1 + std::exp(-value)) : value;
    return std::isfinite(score) ? std::clamp(score, 0.0F, 1.0F) : 0;
}

// Where the parabola through three neighbours has its top, in cells from the middle one, which is the highest.
double top_between(double before, double middle, double after) {
    if (!std::isfinite(before) || !std::isfinite(after)) return 0;
    if (before > 0 && middle > 0 && after > 0) {
        before = std::log(before);
        middle = std::log(middle);
        after = std::log(after);
    }
    const double bend = before - 2 * middle + after;
    return bend < 0 ? std::clamp((before - after) / (2 * bend), -0.5, 0.5) : 0;
}

// Along one side: from cells to pixels of the input.
double pixel_from_cell(double cell, int cells, int pixels, schemas::HeatMapGrid grid) {
    const double step = static_cast<double>(pixels) / cells;
    return grid == schemas::HeatMapGrid::multiples ? cell * step : (cell + 0.5) * step - 0.5;
}

InputPoint peak_of(std::span<const float> map, int rows, int columns, const EstimatorCard& card) {
    std::size_t best = map.size();
    for (std::size_t i = 0; i < map.size(); ++i)
        if (std::isfinite(map[i]) && (best == map.size() || map[i] > map[best])) best = i;
    if (best == map.size()) return {};
    const int x = static_cast<int>(best) % columns, y = static_cast<int>(best) / columns;
    const auto at = [&](int column, int row) {
        return static_cast<double>(
            map[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)]);
    };
    double moved_x = 0, moved_y = 0;
    if (0 < x && x + 1 < columns) moved_x = top_between(at(x - 1, y), at(x, y), at(x + 1, y));
    if (0 < y && y + 1 < rows) moved_y = top_between(at(x, y - 1), at(x, y), at(x, y + 1));
    return {static_cast<float>(pixel_from_cell(x + moved_x, columns, card.width, card.grid)),
            static_cast<float>(pixel_from_cell(y + moved_y, rows, card.height, card.grid)),
            score_from(map[best], card.activation)};
}

InputPoint point_of(std::span<const float> numbers, const EstimatorCard& card) {
    const bool x_first = card.order == schemas::KeyPointOrder::xy;
    InputPoint point{numbers[x_first ? 0 : 1], numbers[x_first ? 1 : 0],
                     numbers.size() == 3 ? score_from(numbers[2], card.activation) : 1};
    if (card.unit == schemas::KeyPointUnit::fraction) {
        point.x = point.x * static_cast<float>(card.width) - 0.5F;
        point.y = point.y * static_cast<float>(card.height) - 0.5F;
    }
    return std::isfinite(point.x) && std::isfinite(point.y) ? point : InputPoint{};
}

[[noreturn]] void refuse(const NetworkAnswer& answer, const std::string& expected) {
    throw std::runtime_error("the estimator answered with numbers of the shape " + schemas::shape_text(answer.shape) +
                             ", where its card says " + expected);
}

}  // namespace

std::vector<InputPoint> points_from(const NetworkAnswer& answer, const EstimatorCard& card, std::int64_t pictures) {
    const auto channels = static_cast<std::int64_t>(card.joint_of_channel.size());
    const std::string sizes = std::to_string(pictures) + ", " + std::to_string(channels);
    const bool maps = card.output == schemas::PoseOutput::heat_maps;
    const auto& shape = answer.shape;
    const bool fits = shape.size() == (maps ? 4 : 3) && shape[0] == pictures && shape[1] == channels &&
                      (maps ? shape[2] > 0 && shape[3] > 0 : shape[2] == 2 || shape[2] == 3);
    if (!fits)
        refuse(answer, maps ? "heat-maps, [" + sizes + ", rows, columns]"
                            : "key-points, [" + sizes + ", 2] or [" + sizes + ", 3]");
    std::size_t numbers = static_cast<std::size_t>(shape[2]);
    if (maps) numbers *= static_cast<std::size_t>(shape[3]);
    std::vector<InputPoint> points;
    for (std::size_t i = 0; i < static_cast<std::size_t>(pictures * channels); ++i) {
        const std::span<const float> own(&answer.values[i * numbers], numbers);
        points.push_back(maps ? peak_of(own, static_cast<int>(shape[2]), static_cast<int>(shape[3]), card)
                              : point_of(own, card));
    }
    return points;
}

}  // namespace inference
