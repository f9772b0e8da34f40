#include "inference/pose_input.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

using namespace inference;

namespace {

using schemas::EstimatorCard;
using schemas::Picture;

EstimatorCard card_of(int width, int height, schemas::ResizePolicy resize = schemas::ResizePolicy::letterbox) {
    EstimatorCard card;
    card.width = width;
    card.height = height;
    card.resize = resize;
    card.scale = 1;
    return card;
}

std::vector<float> shown(const Picture& picture, const EstimatorCard& card, const InputPlace& place) {
    std::vector<float> input(static_cast<std::size_t>(3 * card.width * card.height));
    write_input(picture, card, place, input);
    return input;
}

// A soft dot on black.
Picture dotted(int width, int height, double x, double y, double radius) {
    Picture picture = schemas::blank_picture(width, height);
    for (int row = 0; row < height; ++row)
        for (int column = 0; column < width; ++column) {
            const double squared = (column - x) * (column - x) + (row - y) * (row - y);
            std::fill_n(picture.pixel(column, row), 3,
                        static_cast<std::uint8_t>(std::lround(255 * std::exp(-squared / (2 * radius * radius)))));
        }
    return picture;
}

// The mean place of what is bright in the first channel.
Eigen::Vector2d centre_of(const std::vector<float>& input, const EstimatorCard& card) {
    Eigen::Vector2d sum(0, 0);
    double weight = 0;
    for (int y = 0; y < card.height; ++y)
        for (int x = 0; x < card.width; ++x) {
            const double level = input[static_cast<std::size_t>(y * card.width + x)];
            sum += level * Eigen::Vector2d(x, y);
            weight += level;
        }
    return sum / weight;
}

}  // namespace

TEST_CASE("an input of the picture's own size holds its levels, channel by channel, as the card scales them") {
    Picture picture = schemas::blank_picture(9, 8);
    for (std::size_t i = 0; i < picture.rgba.size(); ++i) picture.rgba[i] = static_cast<std::uint8_t>((i * 7) % 251);
    EstimatorCard card = card_of(9, 8);
    card.scale = 0.5;
    card.mean = {10, 20, 30};
    card.deviation = {2, 4, 8};
    const InputPlace place = input_place(card, whole_of(picture));
    for (const auto order : {schemas::ChannelOrder::rgb, schemas::ChannelOrder::bgr}) {
        card.channels = order;
        const auto input = shown(picture, card, place);
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 9; ++x)
                for (std::size_t c = 0; c < 3; ++c) {
                    const std::size_t from = order == schemas::ChannelOrder::rgb ? c : 2 - c;
                    const double expected = (0.5 * picture.pixel(x, y)[from] - card.mean[c]) / card.deviation[c];
                    CHECK(input[c * 72 + static_cast<std::size_t>(y * 9 + x)] == doctest::Approx(expected));
                }
    }
}

TEST_CASE("a letterbox keeps proportions and is padded evenly, with pixels as wide as they are shown") {
    EstimatorCard card = card_of(64, 48);
    CHECK(input_place(card, {0, 0, 40, 20}).on_input == PictureRegion{0, 8, 64, 32});
    CHECK(input_place(card, {0, 0, 20, 40}).on_input == PictureRegion{20, 0, 24, 48});
    // 40 x 40 pixels, each twice as wide as high, look like 80 x 40.
    CHECK(input_place(card, {0, 0, 40, 40}, 2).on_input == PictureRegion{0, 8, 64, 32});
    CHECK(input_place(card, {0, 0, 4000, 1}).on_input.height == 1);
    card.resize = schemas::ResizePolicy::stretch;
    CHECK(input_place(card, {3, 2, 20, 40}).on_input == PictureRegion{0, 0, 64, 48});

    card.resize = schemas::ResizePolicy::letterbox;
    card.padding = 114;
    Picture white = schemas::blank_picture(40, 20);
    std::ranges::fill(white.rgba, std::uint8_t{255});
    const auto input = shown(white, card, input_place(card, whole_of(white)));
    for (int y = 0; y < 48; ++y)
        CHECK(input[static_cast<std::size_t>(y * 64 + 31)] == doctest::Approx(y < 8 || y >= 40 ? 114 : 255));
}

TEST_CASE("a dot that a network is shown lies where the picture has it, whatever was cut and resized") {
    struct Case {
        int width, height, shown_width, shown_height;
        PictureRegion region;
    };
    for (const auto resize : {schemas::ResizePolicy::letterbox, schemas::ResizePolicy::stretch})
        for (const Case& each :
             {Case{384, 496, 256, 256, {0, 0, 384, 496}}, Case{80, 60, 256, 192, {0, 0, 80, 60}},
              Case{300, 200, 64, 64, {60.25, 31.5, 180.5, 140.75}}, Case{301, 199, 128, 96, {100, 20, 60, 80}}}) {
            CAPTURE(each.width);
            CAPTURE(static_cast<int>(resize));
            const double x = each.region.left + 0.41 * each.region.width,
                         y = each.region.top + 0.57 * each.region.height;
            const Picture picture =
                dotted(each.width, each.height, x, y, 0.04 * std::min(each.region.width, each.region.height));
            const EstimatorCard card = card_of(each.shown_width, each.shown_height, resize);
            const InputPlace place = input_place(card, each.region);
            const Eigen::Vector2d found = place.picture_from_input(centre_of(shown(picture, card, place), card));
            CHECK(found.x() == doctest::Approx(x).epsilon(0.0005));
            CHECK(found.y() == doctest::Approx(y).epsilon(0.0005));
        }
}

TEST_CASE("every pixel counts when a picture shrinks") {
    Picture picture = schemas::blank_picture(64, 64);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x) std::fill_n(picture.pixel(x, y), 3, static_cast<std::uint8_t>((x + y) % 2 * 200));
    const EstimatorCard card = card_of(8, 8);
    for (const float level : shown(picture, card, input_place(card, whole_of(picture))))
        CHECK(level == doctest::Approx(100).epsilon(0.02));
}

TEST_CASE("a region outside of the picture and an input of another size are refused") {
    const Picture picture = schemas::blank_picture(20, 10);
    const EstimatorCard card = card_of(8, 8);
    for (const PictureRegion region :
         {PictureRegion{-1, 0, 5, 5}, PictureRegion{18, 0, 5, 5}, PictureRegion{0, 8, 5, 5}, PictureRegion{0, 0, 0, 5}})
        CHECK_THROWS_AS((void)shown(picture, card, input_place(card, region)), std::invalid_argument);
    std::vector<float> small(3);
    CHECK_THROWS_AS(write_input(picture, card, input_place(card, whole_of(picture)), small), std::invalid_argument);
}

TEST_CASE("the surroundings of a person hold it with a margin, in the input's proportions, within the picture") {
    auto layout = std::make_shared<schemas::SkeletonLayout>();
    layout->joints = {"a", "b", "c"};
    layout->parents = {-1, 0, 0};
    auto sequence = schemas::SkeletonSequence::empty(layout, 1, schemas::CoordinateSpace::pixels);
    sequence.set(0, 0, {100, 100, 0});
    sequence.set(0, 1, {119, 139, 0});
    sequence.set(0, 2, {900, 900, 0});
    sequence.confidence = {0.9F, 0.8F, 0.1F};
    EstimatorCard card = card_of(64, 64);
    card.crop_margin = 0.25;
    const PictureRegion picture{0, 0, 1000, 1000};
    // 20 x 40 and 10 on each side, made square.
    const PictureRegion around = surroundings(sequence, 0, card, picture).value();
    CHECK(around == PictureRegion{80, 90, 60, 60});
    CHECK(surroundings(sequence, 0, card, {0, 0, 130, 120}).value() == PictureRegion{80, 90, 50, 30});
    CHECK_FALSE(surroundings(sequence, 0, card, {0, 0, 60, 60}));
    card.crop_least_score = 0.85;
    CHECK_FALSE(surroundings(sequence, 0, card, picture));
    card.crop_least_score = 0;
    CHECK(surroundings(sequence, 0, card, picture).value() == picture);
    sequence.confidence = {0, 0, 0};
    CHECK_FALSE(surroundings(sequence, 0, card, picture));
}
