#include "inference/dtw.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "inference/parallel.h"

namespace inference {

namespace {

KINETOGRAPH_VECTORISED float distance(const float* a, const float* b, std::size_t width) {
    constexpr std::size_t lanes = 16;  // independent sums, so that the compiler may use vectors
    float sums[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= width; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const float difference = a[i + lane] - b[i + lane];
            sums[lane] += difference * difference;
        }
    float sum = 0;
    for (; i < width; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    for (const float part : sums) sum += part;
    return std::sqrt(sum);
}

}  // namespace

std::vector<float> warping_features(const PreparedMotion& motion, int frames) {
    const std::vector<float> positions = resampled(motion, frames);
    const std::size_t width = motion.layout->size() * 3;
    std::vector<float> features(2 * positions.size());
    for (std::size_t frame = 0; frame < static_cast<std::size_t>(frames); ++frame) {
        float* to = &features[frame * 2 * width];
        std::copy_n(&positions[frame * width], width, to);
        // The first frame moves as the second does.
        const std::size_t now = std::max<std::size_t>(frame, 1) * width;
        if (frames == 1) continue;
        for (std::size_t i = 0; i < width; ++i)
            to[width + i] = velocity_gain * (positions[now + i] - positions[now - width + i]);
    }
    return features;
}

float dtw_distance(std::span<const float> a, std::span<const float> b, int frames, int width, int band, float limit) {
    const auto rows = static_cast<std::size_t>(frames);
    const auto columns = static_cast<std::size_t>(width);
    if (frames < 1 || a.size() != rows * columns || b.size() != rows * columns)
        throw std::invalid_argument("time warping needs two motions of the same frames and width");
    constexpr float unreachable = std::numeric_limits<float>::infinity();
    const float longest = limit * 2 * static_cast<float>(frames);
    const auto reach = static_cast<std::size_t>(std::max(band, 0));
    // One row of the table, moved by one so that index 0 is a border.
    std::vector<float> row(rows + 1, unreachable);
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t first = i > reach ? i - reach : 0;
        const std::size_t last = std::min(i + reach, rows - 1);
        float diagonal = i == 0 ? 0 : row[first];
        float least = unreachable;
        row[first] = unreachable;  // left of the band
        for (std::size_t j = first; j <= last; ++j) {
            const float best = std::min({diagonal, row[j + 1], row[j]});
            diagonal = row[j + 1];
            row[j + 1] = best + distance(&a[i * columns], &b[j * columns], columns);
            least = std::min(least, row[j + 1]);
        }
        if (least >= longest) return unreachable;
    }
    return row[rows] / (2 * static_cast<float>(frames));
}

std::optional<DistanceMatrix> dtw_distances(std::span<const Sample> samples, const DtwOptions& options,
                                            std::stop_token stop) {
    const Heading heading = suggested_heading(samples);
    std::vector<std::vector<float>> motions(samples.size());
    const auto prepare = [&](std::size_t i) {
        motions[i] = warping_features(prepared(samples[i], heading), options.frames);
    };
    if (!for_each_index(samples.size(), options.threads, stop, prepare)) return std::nullopt;
    for (const auto& motion : motions)
        if (motion.size() != motions.front().size())
            throw std::invalid_argument("motions of different skeletons cannot be compared by time warping");
    DistanceMatrix matrix{samples.size(), std::vector<float>(samples.size() * samples.size())};
    const int width = motions.empty() ? 0 : static_cast<int>(motions.front().size()) / options.frames;
    const auto fill_row = [&](std::size_t a) {
        for (std::size_t b = a + 1; b < samples.size() && !stop.stop_requested(); ++b) {
            const float value = dtw_distance(motions[a], motions[b], options.frames, width, options.band);
            matrix.values[a * matrix.size + b] = value;
            matrix.values[b * matrix.size + a] = value;
        }
    };
    if (!for_each_index(samples.size(), options.threads, stop, fill_row) || stop.stop_requested()) return std::nullopt;
    return matrix;
}

}  // namespace inference
