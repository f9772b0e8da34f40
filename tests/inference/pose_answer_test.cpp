#include "inference/pose_answer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

using namespace inference;

namespace {

using schemas::EstimatorCard;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

EstimatorCard card_of(int width, int height, std::size_t points) {
    EstimatorCard card;
    card.width = width;
    card.height = height;
    card.joint_of_channel.assign(points, 0);
    return card;
}

// A bell curve of that height over cells.
std::vector<float> bell(int columns, int rows, double x, double y, double height = 1, double width = 1.5) {
    std::vector<float> map;
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            map.push_back(static_cast<float>(
                height * std::exp(-((column - x) * (column - x) + (row - y) * (row - y)) / (2 * width * width))));
    return map;
}

std::string refusal_of(const NetworkAnswer& answer, const EstimatorCard& card, std::int64_t pictures) {
    try {
        (void)points_from(answer, card, pictures);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the peak of a bell curve on a heat map is found between its cells") {
    EstimatorCard card = card_of(64, 48, 1);
    for (const auto& [x, y] : {std::pair(5.3, 4.8), std::pair(7.0, 6.49), std::pair(12.45, 2.9)}) {
        const NetworkAnswer answer{{1, 1, 12, 16}, bell(16, 12, x, y, 0.8)};
        card.grid = schemas::HeatMapGrid::middles;
        const InputPoint middle = points_from(answer, card, 1).at(0);
        CHECK(middle.x == doctest::Approx(4 * x + 1.5).epsilon(0.001));
        CHECK(middle.y == doctest::Approx(4 * y + 1.5).epsilon(0.001));
        CHECK(middle.score == doctest::Approx(0.8).epsilon(0.08));
        card.grid = schemas::HeatMapGrid::multiples;
        CHECK(points_from(answer, card, 1).at(0).x == doctest::Approx(4 * x).epsilon(0.001));
    }
}

TEST_CASE("a heat map of logits gives the peak of its parabola and a score by the sigmoid") {
    EstimatorCard card = card_of(10, 10, 1);
    card.activation = schemas::ScoreActivation::sigmoid;
    std::vector<float> map;
    for (int y = 0; y < 10; ++y)
        for (int x = 0; x < 10; ++x)
            map.push_back(static_cast<float>(-1 - (x - 4.3) * (x - 4.3) - (y - 6.2) * (y - 6.2)));
    const InputPoint point = points_from({{1, 1, 10, 10}, map}, card, 1).at(0);
    CHECK(point.x == doctest::Approx(4.3));
    CHECK(point.y == doctest::Approx(6.2));
    CHECK(point.score == doctest::Approx(1 / (1 + std::exp(1 + 0.09 + 0.04))));
}

TEST_CASE("a peak at the edge of a heat map stays there, and a flat map has its first cell and its score") {
    const EstimatorCard card = card_of(8, 8, 2);
    std::vector<float> maps = bell(8, 8, -0.4, 3);
    maps.resize(128, 0);
    const auto points = points_from({{1, 2, 8, 8}, maps}, card, 1);
    CHECK(points[0].x == 0);
    CHECK(points[0].y == doctest::Approx(3));
    CHECK(points[1].score == 0);
}

TEST_CASE("numbers that are not finite are passed over in a heat map, and one of nothing else is nowhere") {
    const EstimatorCard card = card_of(8, 8, 2);
    std::vector<float> maps = bell(8, 8, 3, 3);
    maps[20] = not_a_number;
    maps[3 * 8 + 4] = std::numeric_limits<float>::infinity();
    maps.resize(128, not_a_number);
    const auto points = points_from({{1, 2, 8, 8}, maps}, card, 1);
    CHECK(points[0].x == 3);
    CHECK(points[0].y == doctest::Approx(3));
    CHECK(points[0].score == 1);
    CHECK(points[1].score == 0);
}

TEST_CASE("key-points are read in pixels or fractions, in either order, with or without a score") {
    EstimatorCard card = card_of(100, 50, 2);
    card.output = schemas::PoseOutput::key_points;
    auto points = points_from({{1, 2, 2}, {10, 20, 30, not_a_number}}, card, 1);
    CHECK(points[0].x == 10);
    CHECK(points[0].y == 20);
    CHECK(points[0].score == 1);
    CHECK(points[1].score == 0);
    card.unit = schemas::KeyPointUnit::fraction;
    card.order = schemas::KeyPointOrder::yx;
    points = points_from({{2, 2, 3}, {0.5, 0.25, 0.75, 0, 0, 2, 1, 1, -3, 0, 0, not_a_number}}, card, 2);
    CHECK(points[0].x == doctest::Approx(24.5));
    CHECK(points[0].y == doctest::Approx(24.5));
    CHECK(points[0].score == 0.75F);
    CHECK(points[1].x == -0.5F);
    CHECK(points[1].score == 1);
    CHECK(points[2].x == doctest::Approx(99.5));
    CHECK(points[2].score == 0);
    CHECK(points[3].score == 0);
}

TEST_CASE("an answer of another shape than the card says is refused with both") {
    EstimatorCard card = card_of(8, 8, 2);
    const auto answer = [](std::vector<std::int64_t> shape) {
        std::size_t count = 1;
        for (const std::int64_t side : shape) count *= static_cast<std::size_t>(side);
        return NetworkAnswer{std::move(shape), std::vector<float>(count)};
    };
    CHECK(refusal_of(answer({1, 3, 4, 4}), card, 1) ==
          "the estimator answered with numbers of the shape [1, 3, 4, 4], where its card says heat-maps, [1, 2, rows, "
          "columns]");
    for (const auto& shape :
         std::vector<std::vector<std::int64_t>>{{}, {2}, {1, 2, 4}, {2, 2, 4, 4}, {1, 2, 0, 4}, {1, 2, 4, 4, 1}})
        CHECK_FALSE(refusal_of(answer(shape), card, 1).empty());
    card.output = schemas::PoseOutput::key_points;
    CHECK(refusal_of(answer({1, 2, 4}), card, 1).find("key-points, [1, 2, 2] or [1, 2, 3]") != std::string::npos);
    CHECK_FALSE(refusal_of(answer({1, 2, 4, 4}), card, 1).empty());
    CHECK(refusal_of(answer({1, 2, 3}), card, 1).empty());
}
