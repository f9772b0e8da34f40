#include "tests/inference/moving_pictures.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "inference/picture_measures.h"

namespace inference_tests {

namespace {

using schemas::FrameMeasures;
using schemas::Picture;

// Levels at a place of the picture, from 0 to 1 in both directions.
double wall(double x, double y, int scene) {
    return 110 + 40 * std::sin(7 * x + 3 * scene) + 30 * std::cos(9 * y - 5 * scene * x);
}

struct Disc {
    double x, y, radius, level;
};

std::vector<Disc> figure(double seconds, int scene) {
    const double turn = 2.1 * seconds + scene;
    const double x = 0.5 + 0.25 * std::sin(0.53 * seconds + scene), y = 0.55 + 0.06 * std::sin(1.7 * seconds);
    return {{x, y, 0.16, 220},
            {x, y - 0.22, 0.08, 235},
            {x + 0.2 * std::cos(turn), y + 0.2 * std::sin(turn), 0.07, 25},
            {x - 0.22 * std::cos(1.3 * turn), y + 0.18 * std::sin(1.3 * turn), 0.06, 245}};
}

}  // namespace

Picture moving_picture(double seconds, const Rendering& rendering, unsigned seed) {
    Picture picture = schemas::blank_picture(rendering.width, rendering.height);
    std::minstd_rand random(seed + 1);
    const std::vector<Disc> discs = figure(seconds, rendering.scene);
    for (int row = 0; row < picture.height; ++row)
        for (int column = 0; column < picture.width; ++column) {
            const double x = (column + 0.5) / picture.width, y = (row + 0.5) / picture.height;
            double level = wall(x, y, rendering.scene);
            for (const Disc& disc : discs) {
                // Soft edges, as lenses have them, so that less than a pixel of motion shows.
                const double inside = (disc.radius - std::hypot((x - disc.x) * 1.6, y - disc.y)) * picture.height;
                const double share = std::clamp(inside + 0.5, 0.0, 1.0);
                level += share * (disc.level - level);
            }
            level = 255 * std::pow(std::max(0.0, level) / 255, rendering.gamma) * rendering.gain + rendering.lift;
            if (rendering.noise > 0)
                level +=
                    static_cast<int>(random() % (2 * static_cast<unsigned>(rendering.noise) + 1)) - rendering.noise;
            std::uint8_t* pixel = picture.pixel(column, row);
            std::fill_n(pixel, 3, static_cast<std::uint8_t>(std::clamp(std::lround(level), 0L, 255L)));
            pixel[3] = 255;
        }
    return picture;
}

Picture grey_picture(int width, int height, int level) {
    Picture picture = schemas::blank_picture(width, height);
    for (std::size_t i = 0; i < picture.rgba.size(); ++i)
        picture.rgba[i] = i % 4 == 3 ? std::uint8_t{255} : static_cast<std::uint8_t>(level);
    return picture;
}

std::vector<FrameMeasures> measures_of(const std::vector<Picture>& pictures) {
    inference::FrameMeasurer measurer;
    std::vector<FrameMeasures> measures;
    for (const Picture& picture : pictures) measures.push_back(measurer.measure(picture));
    return measures;
}

std::vector<FrameMeasures> measures_at(const std::vector<double>& seconds, const Rendering& rendering) {
    inference::FrameMeasurer measurer;
    std::vector<FrameMeasures> measures;
    for (std::size_t i = 0; i < seconds.size(); ++i)
        measures.push_back(measurer.measure(moving_picture(seconds[i], rendering, static_cast<unsigned>(i))));
    return measures;
}

}  // namespace inference_tests
