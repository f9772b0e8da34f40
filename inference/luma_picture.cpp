#include "inference/luma_picture.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace inference {

namespace {

// Which pixels of a line a cell covers, and how much of each.
struct Cover {
    std::size_t first = 0;
    std::vector<float> shares;  // sum to 1
};

std::vector<Cover> covers(int pixels, int cells) {
    std::vector<Cover> all;
    for (int cell = 0; cell < cells; ++cell) {
        const double begin = static_cast<double>(cell) * pixels / cells;
        const double end = static_cast<double>(cell + 1) * pixels / cells;
        const int first = std::min(static_cast<int>(begin), pixels - 1);
        const int last = std::clamp(static_cast<int>(std::ceil(end)), first + 1, pixels);
        Cover cover{static_cast<std::size_t>(first), {}};
        for (int pixel = first; pixel < last; ++pixel) {
            const double shared = std::min<double>(end, pixel + 1) - std::max<double>(begin, pixel);
            cover.shares.push_back(static_cast<float>(shared / (end - begin)));
        }
        all.push_back(std::move(cover));
    }
    return all;
}

}  // namespace

LumaPicture luma_from(const schemas::Picture& picture) {
    LumaPicture result{picture.width, picture.height, std::vector<std::uint8_t>(picture.rgba.size() / 4)};
    for (std::size_t i = 0; i < result.luma.size(); ++i) {
        const std::uint8_t* pixel = &picture.rgba[4 * i];
        // Weights in 1/65536; they sum to 65536, so that white stays 255.
        const std::uint32_t luma = (13933U * pixel[0] + 46871U * pixel[1] + 4732U * pixel[2] + 32768U) >> 16U;
        result.luma[i] = static_cast<std::uint8_t>((luma * pixel[3] + 127U) / 255U);
    }
    return result;
}

std::vector<float> cell_means(const LumaPicture& picture, int columns, int rows) {
    const auto width = static_cast<std::size_t>(picture.width);
    const auto height = static_cast<std::size_t>(picture.height);
    const auto cells = static_cast<std::size_t>(columns);
    const std::vector<Cover> across = covers(picture.width, columns);
    std::vector<float> narrowed(cells * height);
    for (std::size_t y = 0; y < height; ++y)
        for (std::size_t column = 0; column < cells; ++column) {
            const std::uint8_t* pixel = &picture.luma[y * width + across[column].first];
            float sum = 0;
            for (const float share : across[column].shares) sum += share * static_cast<float>(*pixel++);
            narrowed[y * cells + column] = sum;
        }
    std::vector<float> means;
    for (const Cover& down : covers(picture.height, rows))
        for (std::size_t column = 0; column < cells; ++column) {
            float sum = 0;
            for (std::size_t i = 0; i < down.shares.size(); ++i)
                sum += down.shares[i] * narrowed[(down.first + i) * cells + column];
            means.push_back(sum);
        }
    return means;
}

}  // namespace inference
