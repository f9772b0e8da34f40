#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace schemas {

// An upright picture with square pixels or not: width x height, row-major from the top left, four bytes a
// pixel: red, green, blue (sRGB, full range), alpha (not premultiplied, 255 where there is none).
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;

    bool operator==(const Picture&) const = default;
    [[nodiscard]] std::uint8_t* pixel(int x, int y) { return rgba.data() + offset(x, y); }
    [[nodiscard]] const std::uint8_t* pixel(int x, int y) const { return rgba.data() + offset(x, y); }

private:
    [[nodiscard]] std::size_t offset(int x, int y) const {
        return 4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
    }
};

inline Picture blank_picture(int width, int height) {
    return {width, height,
            std::vector<std::uint8_t>(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

}  // namespace schemas
