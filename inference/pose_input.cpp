#include "inference/pose_input.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace inference {

namespace {

constexpr std::size_t channels = 3;
constexpr double smallest_region = 8;  // pixels
constexpr int fewest_joints = 2;

// Which pixels of the picture make one pixel of the input, along one side.
struct Taps {
    int first = 0;
    std::vector<float> weights;  // of first, first + 1 …; their sum is 1
};

// The pixels [0, count) of a side that the region [start, start + length) fills; the picture has `pixels` there.
std::vector<Taps> taps_of(int count, double start, double length, int pixels) {
    const double step = length / count, reach = std::max(1.0, step);
    std::vector<Taps> all;
    for (int at = 0; at < count; ++at) {
        const double middle = start + (at + 0.5) * step;
        const int first = std::max(0, static_cast<int>(std::floor(middle - reach)));
        const int last = std::min(pixels - 1, static_cast<int>(std::ceil(middle + reach)));
        Taps taps{first, {}};
        double sum = 0;
        for (int pixel = first; pixel <= last; ++pixel) {
            const double weight = std::max(0.0, 1 - std::abs(pixel + 0.5 - middle) / reach);
            taps.weights.push_back(static_cast<float>(weight));
            sum += weight;
        }
        for (float& weight : taps.weights) weight = static_cast<float>(weight / sum);
        all.push_back(std::move(taps));
    }
    return all;
}

// Rows of the picture, resampled along them: pixels x channels.
std::vector<float> resampled_row(const schemas::Picture& picture, int y, const std::vector<Taps>& columns) {
    std::vector<float> row(columns.size() * channels);
    for (std::size_t x = 0; x < columns.size(); ++x) {
        const std::uint8_t* pixel = picture.pixel(columns[x].first, y);
        for (const float weight : columns[x].weights) {
            for (std::size_t c = 0; c < channels; ++c) row[x * channels + c] += weight * static_cast<float>(pixel[c]);
            pixel += 4;
        }
    }
    return row;
}

// The first and last row of the picture that any row of the input is made of.
std::pair<int, int> rows_used(const std::vector<Taps>& rows) {
    const Taps& last = rows.back();
    return {rows.front().first, last.first + static_cast<int>(last.weights.size()) - 1};
}

bool lies_within(const PictureRegion& region, const PictureRegion& whole) {
    constexpr double slack = 1e-6;
    return region.width > 0 && region.height > 0 && region.left >= whole.left - slack &&
           region.top >= whole.top - slack && region.left + region.width <= whole.left + whole.width + slack &&
           region.top + region.height <= whole.top + whole.height + slack;
}

PictureRegion cut(const PictureRegion& region, const PictureRegion& whole) {
    const double left = std::max(region.left, whole.left), top = std::max(region.top, whole.top);
    const double right = std::min(region.left + region.width, whole.left + whole.width);
    const double bottom = std::min(region.top + region.height, whole.top + whole.height);
    return {left, top, right - left, bottom - top};
}

// The same middle, and no side shorter than before.
PictureRegion in_proportions(const PictureRegion& region, double width_over_height) {
    const double width = std::max(region.width, region.height * width_over_height);
    const double height = width / width_over_height;
    return {region.left + (region.width - width) / 2, region.top + (region.height - height) / 2, width, height};
}

}  // namespace

PictureRegion whole_of(const schemas::Picture& picture) {
    return {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
}

Eigen::Vector2d InputPlace::picture_from_input(const Eigen::Vector2d& place) const {
    return {region.left + (place.x() + 0.5 - on_input.left) * region.width / on_input.width - 0.5,
            region.top + (place.y() + 0.5 - on_input.top) * region.height / on_input.height - 0.5};
}

InputPlace input_place(const schemas::EstimatorCard& card, const PictureRegion& region, double pixel_aspect) {
    const double width = card.width, height = card.height;
    if (card.resize == schemas::ResizePolicy::stretch) return {region, {0, 0, width, height}};
    const double wide = region.width * pixel_aspect;
    const double factor = std::min(width / wide, height / region.height);
    const double own_width = std::clamp(std::round(wide * factor), 1.0, width);
    const double own_height = std::clamp(std::round(region.height * factor), 1.0, height);
    return {region,
            {std::floor((width - own_width) / 2), std::floor((height - own_height) / 2), own_width, own_height}};
}

void write_input(const schemas::Picture& picture, const schemas::EstimatorCard& card, const InputPlace& place,
                 std::span<float> input) {
    const auto width = static_cast<std::size_t>(card.width), height = static_cast<std::size_t>(card.height);
    if (input.size() != channels * width * height)
        throw std::invalid_argument("an input has as many numbers as its channels have pixels");
    const auto [region, on_input] = place;
    if (!lies_within(region, whole_of(picture)))
        throw std::invalid_argument("what a network is shown lies within the picture");
    std::array<float, channels> factors{}, offsets{};
    std::array<std::size_t, channels> sources{};
    for (std::size_t c = 0; c < channels; ++c) {
        factors[c] = static_cast<float>(card.scale / card.deviation[c]);
        offsets[c] = static_cast<float>(card.mean[c] / card.deviation[c]);
        sources[c] = card.channels == schemas::ChannelOrder::rgb ? c : channels - 1 - c;
        std::fill_n(&input[c * width * height], width * height,
                    factors[c] * static_cast<float>(card.padding) - offsets[c]);
    }
    const auto columns = taps_of(static_cast<int>(on_input.width), region.left, region.width, picture.width);
    const auto rows = taps_of(static_cast<int>(on_input.height), region.top, region.height, picture.height);
    const auto [first, last] = rows_used(rows);
    std::vector<std::vector<float>> resampled;
    for (int y = first; y <= last; ++y) resampled.push_back(resampled_row(picture, y, columns));
    const auto left = static_cast<std::size_t>(on_input.left), top = static_cast<std::size_t>(on_input.top);
    for (std::size_t y = 0; y < rows.size(); ++y) {
        std::vector<float> line(columns.size() * channels);
        for (std::size_t tap = 0; tap < rows[y].weights.size(); ++tap) {
            const std::vector<float>& row = resampled[static_cast<std::size_t>(rows[y].first - first) + tap];
            for (std::size_t i = 0; i < line.size(); ++i) line[i] += rows[y].weights[tap] * row[i];
        }
        for (std::size_t c = 0; c < channels; ++c) {
            float* target = &input[(c * height + top + y) * width + left];
            for (std::size_t x = 0; x < columns.size(); ++x)
                target[x] = factors[c] * line[x * channels + sources[c]] - offsets[c];
        }
    }
}

std::optional<PictureRegion> surroundings(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame,
                                          const schemas::EstimatorCard& card, const PictureRegion& picture) {
    Eigen::Array2f low = Eigen::Array2f::Zero(), high = low;
    int seen = 0;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        const float score = sequence.confidence_at(frame, joint);
        if (!(score > 0) || score < static_cast<float>(card.crop_least_score)) continue;
        const Eigen::Array2f place = sequence.at(frame, joint).head<2>().array();
        low = seen == 0 ? place : low.min(place).eval();
        high = seen == 0 ? place : high.max(place).eval();
        ++seen;
    }
    if (seen < fewest_joints) return std::nullopt;
    const Eigen::Array2d size = (high - low + 1).cast<double>();
    const double margin = card.crop_margin * size.maxCoeff();
    const PictureRegion around{low.x() - margin, low.y() - margin, size.x() + 2 * margin, size.y() + 2 * margin};
    const PictureRegion inside = cut(in_proportions(around, static_cast<double>(card.width) / card.height), picture);
    if (inside.width < smallest_region || inside.height < smallest_region) return std::nullopt;
    return inside;
}

}  // namespace inference
