#include "inference/frame_matching.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "inference/cheapest_path.h"
#include "inference/frame_signature.h"
#include "inference/median.h"
#include "inference/parallel.h"
#include "inference/picture_measures.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::FrameMeasures;

// The thumbnail of a frame of the copy, less what differs throughout.
constexpr std::size_t cell_count = std::tuple_size_v<schemas::LumaThumbnail>;
using Cells = std::array<float, cell_count>;
// Of the table that the first search fills.
constexpr std::size_t most_cells = 10'000'000;
constexpr std::size_t most_anchors = 1'000;
// Frames to each side of the first search's path.
constexpr std::size_t margin = 12;
constexpr double jump_cost = 16;  // of a step that time does not explain
constexpr double frame_cost = 2;  // of a frame too many or too few in a step
constexpr double usual_cost = 4;  // of a pair that differs as pairs of a copy usually do
constexpr float like_the_best = 1.15F;
constexpr double least_noise = 0.15;  // levels; thumbnails are rounded

struct Pair {
    std::size_t copy = 0, original = 0;
};

KINETOGRAPH_VECTORISED
float sum_of_fourth_powers(const Cells& copy, const schemas::LumaThumbnail& original) {
    std::array<float, 16> sums{};  // beside each other, so that they can be added at once
    static_assert(cell_count % std::tuple_size_v<decltype(sums)> == 0);
    for (std::size_t i = 0; i < cell_count; i += sums.size())
        for (std::size_t lane = 0; lane < sums.size(); ++lane) {
            const float apart = copy[i + lane] - static_cast<float>(original[i + lane]);
            sums[lane] += apart * apart * apart * apart;
        }
    return std::accumulate(sums.begin(), sums.end(), 0.0F);
}

// In luma levels. The fourth power lets the few cells where something moves speak: codecs leave out small
// changes, so that the many others look like the frame before.
float difference(const Cells& copy, const schemas::LumaThumbnail& original) {
    return std::sqrt(std::sqrt(sum_of_fourth_powers(copy, original) / static_cast<float>(cell_count)));
}

// What differs throughout between the thumbnails of a copy and its original.
struct Correction {
    std::array<float, 256> tone{};           // the original's level for each level of the copy
    std::array<float, cell_count> offset{};  // of a cell, beyond that

    Correction() { std::iota(tone.begin(), tone.end(), 0.0F); }
    [[nodiscard]] Cells applied(const schemas::LumaThumbnail& thumbnail) const {
        Cells cells{};
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = tone[thumbnail[i]] - offset[i];
        return cells;
    }
};

// Where a copy has another brightness, contrast or gamma, or mistook the range of levels: the mean over sixteen bins
// of levels, with straight lines between them.
std::array<float, 256> tone_of_pairs(const MeasuredVideo& copy, const MeasuredVideo& original,
                                     std::span<const Pair> pairs) {
    constexpr std::size_t bins = 16, fewest = 100;
    struct Bin {
        double copy = 0, original = 0;
        std::size_t cells = 0;
    };
    std::array<Bin, bins> sums{};
    for (const Pair& pair : pairs)
        for (std::size_t cell = 0; cell < cell_count; ++cell) {
            const std::uint8_t level = copy.frames[pair.copy].thumbnail[cell];
            Bin& bin = sums[level * bins / 256];
            bin.copy += level;
            bin.original += original.frames[pair.original].thumbnail[cell];
            ++bin.cells;
        }
    std::vector<std::pair<double, double>> knots;
    for (const Bin& bin : sums)
        if (const auto count = static_cast<double>(bin.cells); bin.cells >= fewest)
            knots.emplace_back(bin.copy / count, bin.original / count);
    std::array<float, 256> tone = Correction().tone;
    if (knots.empty()) return tone;
    for (std::size_t level = 0; level < tone.size(); ++level) {
        const auto at = static_cast<double>(level);
        const auto after = std::ranges::lower_bound(knots, at, {}, &std::pair<double, double>::first);
        if (after == knots.begin() || after == knots.end()) {
            const auto& [copied, shown] = after == knots.end() ? knots.back() : knots.front();
            tone[level] = static_cast<float>(at + shown - copied);
            continue;
        }
        const auto& [low, low_shown] = *std::prev(after);
        tone[level] = static_cast<float>(std::lerp(low_shown, after->second, (at - low) / (after->first - low)));
    }
    return tone;
}

Correction correction_of_pairs(const MeasuredVideo& copy, const MeasuredVideo& original, std::span<const Pair> pairs) {
    Correction correction;
    correction.tone = tone_of_pairs(copy, original, pairs);
    std::vector<float> differences(pairs.size());
    for (std::size_t cell = 0; cell < cell_count; ++cell) {
        for (std::size_t i = 0; i < pairs.size(); ++i)
            differences[i] = correction.tone[copy.frames[pairs[i].copy].thumbnail[cell]] -
                             static_cast<float>(original.frames[pairs[i].original].thumbnail[cell]);
        // The mean of the middle half: levels are whole numbers, and their median is too coarse.
        std::ranges::sort(differences);
        const std::size_t quarter = differences.size() / 4;
        const std::span<const float> middle = std::span(differences).subspan(quarter, differences.size() - 2 * quarter);
        correction.offset[cell] =
            std::accumulate(middle.begin(), middle.end(), 0.0F) / static_cast<float>(middle.size());
    }
    return correction;
}

// At most so many frames, spread evenly, the first and the last among them.
std::vector<std::size_t> spread(std::size_t begin, std::size_t end, std::size_t most) {
    std::vector<std::size_t> chosen;
    const std::size_t frames = end - begin;
    const std::size_t count = std::min(frames, std::max<std::size_t>(2, most));
    for (std::size_t i = 0; i < count; ++i) chosen.push_back(begin + (count == 1 ? 0 : i * (frames - 1) / (count - 1)));
    return chosen;
}

// As if both videos were filmed from where they stand: the difference of their backgrounds.
Correction correction_of_backgrounds(const MeasuredVideo& copy, const MeasuredVideo& original) {
    const auto background = [](const MeasuredVideo& video) {
        Cells middle{};
        const auto frames = spread(0, video.frames.size(), 200);
        for (std::size_t cell = 0; cell < cell_count; ++cell) {
            std::vector<float> levels;
            for (const std::size_t frame : frames) levels.push_back(video.frames[frame].thumbnail[cell]);
            middle[cell] = median(std::move(levels));
        }
        return middle;
    };
    Correction correction;
    const Cells of_copy = background(copy), of_original = background(original);
    for (std::size_t cell = 0; cell < cell_count; ++cell) correction.offset[cell] = of_copy[cell] - of_original[cell];
    return correction;
}

// Which frames of the original each of some frames of the copy may show.
struct Band {
    std::vector<std::size_t> copy;
    std::vector<std::size_t> begin, end;  // of the original, for each
    [[nodiscard]] std::size_t size() const { return copy.size(); }
};

class Matcher {
public:
    Matcher(const MeasuredVideo& copy, const MeasuredVideo& original, std::stop_token stop)
        : copy_(copy), original_(original), stop_(std::move(stop)) {
        interval_ = frame_timing(original.seconds).median_interval_seconds;
        if (interval_ <= 0) interval_ = 1;
    }

    std::optional<FrameMatching> match() {
        const auto first = best_first_path();
        if (stop_.stop_requested()) return std::nullopt;
        std::vector<Pair> path = first;
        // What differs throughout is known only when the pairs are, and the pairs better then.
        for (int round = 0; round < 2; ++round) {
            correction_ = correction_of_pairs(copy_, original_, thinned(path));
            noise_ = noise_of(path);
            path = path_within(band_around(first), nullptr);
            if (stop_.stop_requested()) return std::nullopt;
        }
        FrameMatching matching;
        path_within(band_around(first), &matching.frames);
        if (stop_.stop_requested()) return std::nullopt;
        judge(matching);
        return matching;
    }

private:
    [[nodiscard]] double level_difference(std::size_t copy, std::size_t original) const {
        return difference(correction_.applied(copy_.frames[copy].thumbnail), original_.frames[original].thumbnail);
    }

    static std::vector<Pair> thinned(std::span<const Pair> path) {
        std::vector<Pair> some;
        for (const std::size_t at : spread(0, path.size(), 400)) some.push_back(path[at]);
        return some;
    }

    [[nodiscard]] double noise_of(std::span<const Pair> path) const {
        std::vector<double> levels;
        for (const Pair& pair : thinned(path)) levels.push_back(level_difference(pair.copy, pair.original));
        return std::max(least_noise, median(std::move(levels)));
    }

    // The copy plays as fast as the original, or has the same frames at another speed; its brightness may be
    // another or not. Whichever fits best.
    std::vector<Pair> best_first_path() {
        std::vector<double> speeds{1};
        const double own = frame_timing(copy_.seconds).median_interval_seconds;
        if (own > 0 && std::abs(interval_ / own - 1) > 0.01) speeds.push_back(interval_ / own);
        std::vector<Pair> best;
        double least = std::numeric_limits<double>::infinity(), best_speed = 1;
        for (const Correction& correction : {Correction(), correction_of_backgrounds(copy_, original_)}) {
            correction_ = correction;
            for (const double speed : speeds) {
                if (stop_.stop_requested()) return {};
                speed_ = speed;
                auto path = first_path(0, copy_.frames.size(), 0, original_.frames.size());
                double sum = 0;
                for (const Pair& pair : path) sum += level_difference(pair.copy, pair.original);
                sum /= static_cast<double>(path.size());
                if (sum >= 0.98 * least) continue;
                least = sum;
                best = std::move(path);
                best_speed = speed;
            }
        }
        speed_ = best_speed;
        return best;
    }

    // Through a few frames of the copy, and again between two of them where the path jumps far.
    std::vector<Pair> first_path(std::size_t copy_begin, std::size_t copy_end, std::size_t begin, std::size_t end) {
        const std::size_t anchors = std::clamp<std::size_t>(most_cells / (end - begin), 16, most_anchors);
        Band band{spread(copy_begin, copy_end, anchors), {}, {}};
        band.begin.assign(band.size(), begin);
        band.end.assign(band.size(), end);
        noise_ = least_noise;
        const std::vector<Pair> coarse = path_within(band, nullptr, Scale::from_the_table);
        std::vector<Pair> path;
        for (std::size_t i = 0; i < coarse.size(); ++i) {
            path.push_back(coarse[i]);
            if (i + 1 == coarse.size()) break;
            const Pair &from = coarse[i], &to = coarse[i + 1];
            const std::size_t inside = to.copy - from.copy, across = to.original - from.original + 1;
            const bool wide = inside > 2 && inside * across > most_cells / 20 && across < (end - begin);
            if (!wide || stop_.stop_requested()) continue;
            const auto between = first_path(from.copy + 1, to.copy, from.original, to.original + 1);
            path.insert(path.end(), between.begin(), between.end());
        }
        return path;
    }

    // All frames of the copy, with the frames of the original near to the path.
    [[nodiscard]] Band band_around(std::span<const Pair> path) const {
        Band band;
        const auto add = [&](std::size_t frame, std::size_t low, std::size_t high) {
            band.copy.push_back(frame);
            band.begin.push_back(low < margin ? 0 : low - margin);
            band.end.push_back(std::min(original_.frames.size(), high + margin + 1));
        };
        for (std::size_t i = 0; i + 1 < path.size(); ++i)
            for (std::size_t frame = path[i].copy; frame < path[i + 1].copy; ++frame) {
                const auto [low, high] = between(path[i], path[i + 1], frame);
                add(frame, low, high);
            }
        add(path.back().copy, path.back().original, path.back().original);
        return band;
    }

    // Where a frame between two pairs may be: as far from the first as from the second in time.
    [[nodiscard]] std::pair<std::size_t, std::size_t> between(const Pair& from, const Pair& to,
                                                              std::size_t frame) const {
        const auto at = [&](double seconds) {
            const auto place = std::ranges::lower_bound(original_.seconds, seconds);
            return std::clamp(static_cast<std::size_t>(place - original_.seconds.begin()), from.original, to.original);
        };
        const double passed = speed_ * (copy_.seconds[frame] - copy_.seconds[from.copy]);
        const double left = speed_ * (copy_.seconds[to.copy] - copy_.seconds[frame]);
        const std::size_t after_first = at(original_.seconds[from.original] + passed);
        const std::size_t before_second = at(original_.seconds[to.original] - left);
        return std::minmax(after_first, before_second);
    }

    enum class Scale { known, from_the_table };

    // The cheapest path through a band; with `matched`, also how sure each of its pairs is.
    std::vector<Pair> path_within(const Band& band, std::vector<MatchedFrame>* matched, Scale scale = Scale::known) {
        std::vector<PathColumn> columns(band.size());
        const bool ran = for_each_index(band.size(), 0, stop_, [&](std::size_t i) {
            PathColumn& column = columns[i];
            column.seconds = original_.seconds.subspan(band.begin[i], band.end[i] - band.begin[i]);
            column.advance_seconds =
                i == 0 ? 0 : speed_ * (copy_.seconds[band.copy[i]] - copy_.seconds[band.copy[i - 1]]);
            column.offset = band.begin[i];
            const Cells cells = correction_.applied(copy_.frames[band.copy[i]].thumbnail);
            for (std::size_t j = band.begin[i]; j < band.end[i]; ++j)
                column.costs.push_back(difference(cells, original_.frames[j].thumbnail));
        });
        if (!ran) return {};
        const double noise = scale == Scale::known ? noise_ : noise_in(columns);
        const auto factor = static_cast<float>(usual_cost / noise);
        for (PathColumn& column : columns)
            for (float& cost : column.costs) cost = std::min(cost * factor, most_of_a_pair);
        const StepCosts steps{frame_cost / interval_, jump_cost};
        const std::vector<std::size_t> rows = cheapest_path(columns, steps);
        std::vector<Pair> path;
        for (std::size_t i = 0; i < rows.size(); ++i) path.push_back({band.copy[i], rows[i]});
        if (matched != nullptr) {
            for (PathColumn& column : columns) leave_out_what_may_be_noise(column.costs);
            const std::vector<float> sure = path_confidence(columns, steps, rows);
            for (std::size_t i = 0; i < rows.size(); ++i)
                matched->push_back({static_cast<FrameIndex>(rows[i]), sure[i]});
        }
        return path;
    }

    // What codecs do to a frame they do to the frames around it as well, so it proves nothing however often it
    // is seen.
    static void leave_out_what_may_be_noise(std::vector<float>& costs) {
        const float least = *std::ranges::min_element(costs);
        for (float& cost : costs) cost = std::max(0.0F, cost - like_the_best * least);
    }

    static double noise_in(std::span<const PathColumn> columns) {
        std::vector<double> least;
        for (const PathColumn& column : columns) least.push_back(*std::ranges::min_element(column.costs));
        return std::max(least_noise, median(std::move(least)));
    }

    // Nothing is sure about a picture that is not in the original.
    void judge(FrameMatching& matching) const {
        constexpr int unlike_bits = 20;
        constexpr double unlike_levels = 8;
        std::vector<double> distances;
        for (std::size_t frame = 0; frame < matching.frames.size(); ++frame) {
            MatchedFrame& matched = matching.frames[frame];
            const FrameMeasures& shown = original_.frames[static_cast<std::size_t>(matched.original)];
            const int distance = signature_distance(copy_.frames[frame].signature, shown.signature);
            const double levels = level_difference(frame, static_cast<std::size_t>(matched.original));
            if (distance > unlike_bits || levels > 4 * noise_ + unlike_levels) matched.confidence = 0;
            distances.push_back(distance);
        }
        matching.typical_signature_distance = median(std::move(distances));
        matching.typical_difference = noise_;
    }

    static constexpr float most_of_a_pair = 40;

    const MeasuredVideo& copy_;
    const MeasuredVideo& original_;
    std::stop_token stop_;
    double interval_ = 1;  // seconds between frames of the original
    double speed_ = 1;     // seconds of the original that pass in one of the copy
    double noise_ = 1;     // levels by which a frame and its copy differ
    Correction correction_;
};

}  // namespace

double thumbnail_difference(const schemas::LumaThumbnail& a, const schemas::LumaThumbnail& b) {
    return difference(Correction().applied(a), b);
}

std::optional<FrameMatching> match_frames(const MeasuredVideo& copy, const MeasuredVideo& original,
                                          std::stop_token stop) {
    if (copy.frames.size() != copy.seconds.size() || original.frames.size() != original.seconds.size())
        throw std::invalid_argument("a video has as many measures as times");
    if (copy.frames.empty() || original.frames.empty()) return FrameMatching{};
    return Matcher(copy, original, std::move(stop)).match();
}

}  // namespace inference
