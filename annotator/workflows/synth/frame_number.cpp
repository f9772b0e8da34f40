#include "annotator/workflows/synth/frame_number.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace annotator::synth {
namespace {

constexpr int bits = 16;
// In fractions of the picture: the strip is that high, and holds two rows between three margins.
constexpr double strip_height = 0.14;
constexpr double row_height = 0.05;
constexpr double margin_height = (strip_height - 2 * row_height) / 3;
// The blocks and half of one at each end.
constexpr double block_width = 1.0 / (bits + 1);

// In fractions of full white: how far apart the two rows are at least.
constexpr double least_contrast = 0.3;

enum class Row { number, complement };

struct Area {
    int left = 0, right = 0, top = 0, bottom = 0;  // half-open
};

int pixel_from(double fraction, int size) { return static_cast<int>(std::lround(fraction * size)); }

// The part of a block within `inset` (a fraction of the block) of its edges; at least a pixel.
Area block_area(int width, int height, int bit, Row row, double inset) {
    const double left = (0.5 + bit) * block_width;
    const double top = margin_height + (row == Row::number ? 0 : row_height + margin_height);
    Area area{pixel_from(left + inset * block_width, width), pixel_from(left + (1 - inset) * block_width, width),
              pixel_from(top + inset * row_height, height), pixel_from(top + (1 - inset) * row_height, height)};
    area.right = std::min(width, std::max(area.right, area.left + 1));
    area.bottom = std::min(height, std::max(area.bottom, area.top + 1));
    return area;
}

bool is_white(int number, int bit, Row row) {
    const bool one = (number >> (bits - 1 - bit) & 1) != 0;
    return one == (row == Row::number);
}

// `fill` takes an area and its brightness in [0, 1].
template <class Fill>
void paint(int width, int height, int number, const Fill& fill) {
    if (number < 0 || number > most_frame_number)
        throw std::invalid_argument("a frame number of 16 bits cannot be " + std::to_string(number));
    fill(Area{0, width, 0, pixel_from(strip_height, height)}, 0.5);
    for (int bit = 0; bit < bits; ++bit)
        for (const Row row : {Row::number, Row::complement})
            fill(block_area(width, height, bit, row, 0), is_white(number, bit, row) ? 1.0 : 0.0);
}

// `brightness` gives that of a pixel in [0, 1].
template <class Brightness>
std::optional<int> read(int width, int height, const Brightness& brightness) {
    if (width < 2 * bits || height < 2 * bits) return std::nullopt;
    const auto mean = [&](int bit, Row row) {
        const Area area = block_area(width, height, bit, row, 0.25);
        double sum = 0;
        for (int y = area.top; y < area.bottom; ++y)
            for (int x = area.left; x < area.right; ++x) sum += brightness(x, y);
        return sum / ((area.right - area.left) * (area.bottom - area.top));
    };
    int number = 0;
    for (int bit = 0; bit < bits; ++bit) {
        const double contrast = mean(bit, Row::number) - mean(bit, Row::complement);
        if (std::abs(contrast) < least_contrast) return std::nullopt;
        number = 2 * number + (contrast > 0 ? 1 : 0);
    }
    return number;
}

}  // namespace

void paint_frame_number(schemas::Picture& picture, int number) {
    paint(picture.width, picture.height, number, [&](const Area& area, double brightness) {
        const auto grey = static_cast<std::uint8_t>(std::lround(255 * brightness));
        for (int y = area.top; y < area.bottom; ++y)
            for (int x = area.left; x < area.right; ++x) {
                std::fill_n(picture.pixel(x, y), 3, grey);
                picture.pixel(x, y)[3] = 255;
            }
    });
}

void paint_frame_number(storage::DepthFrame& picture, int number) {
    paint(picture.width, picture.height, number, [&](const Area& area, double brightness) {
        for (int y = area.top; y < area.bottom; ++y)
            for (int x = area.left; x < area.right; ++x)
                picture.values[static_cast<std::size_t>(y * picture.width + x)] =
                    static_cast<std::uint16_t>(std::lround(0xffff * brightness));
    });
}

std::optional<int> read_frame_number(const schemas::Picture& picture) {
    return read(picture.width, picture.height, [&](int x, int y) {
        const std::uint8_t* pixel = picture.pixel(x, y);
        return (pixel[0] + pixel[1] + pixel[2]) / (3 * 255.0);
    });
}

std::optional<int> read_frame_number(const storage::DepthFrame& picture) {
    return read(picture.width, picture.height, [&](int x, int y) {
        return picture.values[static_cast<std::size_t>(y * picture.width + x)] / static_cast<double>(0xffff);
    });
}

}  // namespace annotator::synth
