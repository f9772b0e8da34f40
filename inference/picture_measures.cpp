#include "inference/picture_measures.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <stdexcept>

#include "inference/frame_signature.h"
#include "inference/median.h"
#include "inference/parallel.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::FrameMeasures;
using schemas::FrameSpan;

// Codecs leave some noise in what was clipped.
constexpr int black = 5;
constexpr int white = 250;
// Of a bar: its pixels on the average, and each of them (codecs ring at its edge).
constexpr int dark_mean = 16;
constexpr int dark_pixel = 48;

using Histogram = std::array<float, 32>;

Histogram histogram_of(const LumaPicture& picture) {
    std::array<int, 32> counts{};
    for (const std::uint8_t luma : picture.luma) ++counts[luma / 8U];
    Histogram shares{};
    for (std::size_t i = 0; i < shares.size(); ++i)
        shares[i] = static_cast<float>(counts[i]) / static_cast<float>(picture.luma.size());
    return shares;
}

void measure_exposure(const LumaPicture& picture, FrameMeasures& measures) {
    std::int64_t sum = 0, dark = 0, bright = 0;
    for (const std::uint8_t luma : picture.luma) {
        sum += luma;
        dark += luma <= black;
        bright += luma >= white;
    }
    const auto pixels = static_cast<double>(picture.luma.size());
    measures.mean_luma = static_cast<float>(static_cast<double>(sum) / pixels / 255);
    measures.dark_share = static_cast<float>(static_cast<double>(dark) / pixels);
    measures.bright_share = static_cast<float>(static_cast<double>(bright) / pixels);
}

KINETOGRAPH_VECTORISED
float sharpness_of(const LumaPicture& picture) {
    const auto width = static_cast<std::size_t>(picture.width);
    const auto height = static_cast<std::size_t>(picture.height);
    if (width < 3 || height < 3) return 0;
    std::int64_t sum = 0, squares = 0;
    for (std::size_t y = 1; y + 1 < height; ++y) {
        const std::uint8_t* row = &picture.luma[y * width];
        std::int32_t row_sum = 0;
        std::int64_t row_squares = 0;
        for (std::size_t x = 1; x + 1 < width; ++x) {
            const std::int32_t laplacian = 4 * row[x] - row[x - 1] - row[x + 1] - row[x - width] - row[x + width];
            row_sum += laplacian;
            row_squares += static_cast<std::int64_t>(laplacian) * laplacian;
        }
        sum += row_sum;
        squares += row_squares;
    }
    const auto count = static_cast<double>((width - 2) * (height - 2));
    const double mean = static_cast<double>(sum) / count;
    return static_cast<float>(static_cast<double>(squares) / count - mean * mean);
}

// The share of lines that are dark, from the first one on. `luma(line, i)` is pixel i of a line.
template <class Luma>
float dark_lines(int lines, int pixels, const Luma& luma) {
    for (int line = 0; line < lines; ++line) {
        int sum = 0, most = 0;
        for (int i = 0; i < pixels; ++i) {
            const int value = luma(line, i);
            sum += value;
            most = std::max(most, value);
        }
        if (sum > dark_mean * pixels || most > dark_pixel) return static_cast<float>(line) / static_cast<float>(lines);
    }
    return 1;
}

std::array<float, 4> dark_borders_of(const LumaPicture& picture) {
    const int width = picture.width, height = picture.height;
    const auto at = [&](int x, int y) -> int {
        return picture
            .luma[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
    };
    return {dark_lines(height, width, [&](int line, int i) { return at(i, line); }),
            dark_lines(height, width, [&](int line, int i) { return at(i, height - 1 - line); }),
            dark_lines(width, height, [&](int line, int i) { return at(line, i); }),
            dark_lines(width, height, [&](int line, int i) { return at(width - 1 - line, i); })};
}

void measure_change(const LumaPicture& before, const LumaPicture& now, FrameMeasures& measures) {
    std::int64_t sum = 0;
    int largest = 0;
    for (std::size_t i = 0; i < now.luma.size(); ++i) {
        const int difference = std::abs(int{now.luma[i]} - int{before.luma[i]});
        sum += difference;
        largest = std::max(largest, difference);
    }
    measures.change = static_cast<float>(static_cast<double>(sum) / static_cast<double>(now.luma.size()) / 255);
    measures.largest_change = largest;
}

float mean_difference(const schemas::LumaThumbnail& a, const schemas::LumaThumbnail& b) {
    int sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
    return static_cast<float>(sum) / static_cast<float>(a.size()) / 255;
}

// The median of what `value` says about the frames around one, itself left out.
template <class Value>
float median_around(std::span<const FrameMeasures> frames, std::size_t at, std::size_t reach, const Value& value) {
    std::vector<float> values;
    const std::size_t first = std::max<std::size_t>(1, at < reach ? 0 : at - reach);
    for (std::size_t i = first; i < std::min(frames.size(), at + reach + 1); ++i)
        if (i != at) values.push_back(value(frames[i]));
    return median(std::move(values));
}

// A few frames later all looks as before.
bool comes_back(std::span<const FrameMeasures> frames, std::size_t at) {
    constexpr std::size_t longest_flash = 4;
    const float jump = mean_difference(frames[at - 1].thumbnail, frames[at].thumbnail);
    for (std::size_t later = at + 1; later < std::min(frames.size(), at + longest_flash + 1); ++later)
        if (mean_difference(frames[at - 1].thumbnail, frames[later].thumbnail) < 0.4F * jump) return true;
    return false;
}

bool went_back(std::span<const FrameMeasures> frames, std::size_t at) {
    for (std::size_t earlier = at < 5 ? 1 : at - 4; earlier < at; ++earlier)
        if (mean_difference(frames[earlier - 1].thumbnail, frames[at].thumbnail) <
            0.4F * mean_difference(frames[at - 1].thumbnail, frames[at].thumbnail))
            return true;
    return false;
}

// Beyond any motion, and beyond the motion around.
bool is_cut(std::span<const FrameMeasures> frames, std::size_t at) {
    constexpr float least_change = 0.04F, times_around = 4;
    constexpr int least_bits = 12;
    constexpr std::size_t reach = 8;
    const FrameMeasures& frame = frames[at];
    if (frame.change < least_change) return false;
    if (signature_distance(frame.signature, frames[at - 1].signature) < least_bits) return false;
    const float around = median_around(frames, at, reach, [](const FrameMeasures& each) { return each.change; });
    return frame.change > times_around * around && !comes_back(frames, at) && !went_back(frames, at);
}

// Copies of a frame differ by what the codec adds.
bool looks_the_same(const FrameMeasures& frame) { return frame.largest_change <= 10; }

bool is_repeat(std::span<const FrameMeasures> frames, std::size_t at) {
    constexpr std::size_t reach = 6;
    constexpr float motion = 0.001F;
    if (!looks_the_same(frames[at])) return false;
    const float around = median_around(frames, at, reach, [](const FrameMeasures& each) { return each.change; });
    return around > motion && frames[at].change < 0.1F * around;
}

// What at least 95 of 100 frames have.
float steady(std::span<const FrameMeasures> frames, std::size_t border) {
    std::vector<float> shares;
    for (const FrameMeasures& frame : frames)
        if (frame.dark_borders[border] < 1) shares.push_back(frame.dark_borders[border]);
    if (shares.empty()) return 0;
    const auto low = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 20);
    std::ranges::nth_element(shares, low);
    return *low;
}

}  // namespace

FrameMeasures FrameMeasurer::measure(const schemas::Picture& picture) {
    LumaPicture now = luma_from(picture);
    if (now.luma.empty()) throw std::invalid_argument("an empty picture cannot be measured");
    FrameMeasures measures;
    measures.signature = frame_signature(now);
    const std::vector<float> cells = cell_means(now, schemas::thumbnail_side, schemas::thumbnail_side);
    std::ranges::transform(cells, measures.thumbnail.begin(),
                           [](float mean) { return static_cast<std::uint8_t>(std::lround(mean)); });
    measure_exposure(now, measures);
    measures.sharpness = sharpness_of(now);
    measures.dark_borders = dark_borders_of(now);
    const Histogram histogram = histogram_of(now);
    if (before_.width == now.width && before_.height == now.height) {
        measure_change(before_, now, measures);
        for (std::size_t i = 0; i < histogram.size(); ++i)
            measures.histogram_change += std::abs(histogram[i] - histogram_before_[i]) / 2;
    }
    before_ = std::move(now);
    histogram_before_ = histogram;
    return measures;
}

std::vector<FrameIndex> cuts(std::span<const FrameMeasures> frames) {
    std::vector<FrameIndex> found;
    for (std::size_t at = 1; at < frames.size(); ++at)
        if (is_cut(frames, at)) found.push_back(static_cast<FrameIndex>(at));
    return found;
}

std::vector<FrameSpan> repeated_frames(std::span<const FrameMeasures> frames) {
    std::vector<FrameSpan> found;
    for (std::size_t at = 1; at < frames.size(); ++at) {
        if (!is_repeat(frames, at)) continue;
        const auto frame = static_cast<FrameIndex>(at);
        if (!found.empty() && found.back().end == frame)
            ++found.back().end;
        else
            found.push_back({frame, frame + 1});
    }
    return found;
}

Letterbox letterbox(std::span<const FrameMeasures> frames) {
    return {steady(frames, 0), steady(frames, 1), steady(frames, 2), steady(frames, 3)};
}

FrameTiming frame_timing(std::span<const double> seconds) {
    FrameTiming timing;
    if (seconds.size() < 2) return timing;
    std::vector<double> intervals;
    for (std::size_t i = 1; i < seconds.size(); ++i) intervals.push_back(seconds[i] - seconds[i - 1]);
    const double usual = median(intervals);
    timing.median_interval_seconds = usual;
    if (usual <= 0) return timing;
    for (std::size_t i = 0; i < intervals.size(); ++i)
        if (const double ratio = intervals[i] / usual; ratio >= 1.75)
            timing.gaps.push_back({static_cast<FrameIndex>(i), std::max<FrameIndex>(1, std::llround(ratio) - 1)});
    return timing;
}

}  // namespace inference
