#include "inference/change_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "inference/preparation.h"

namespace inference {

namespace {

// Sums over rows 0 … r of a signal and of its squares, for the cost of any run of rows.
class RunCosts {
public:
    RunCosts(std::span<const float> signal, std::size_t width)
        : width_(width), rows_(signal.size() / width), sums_((rows_ + 1) * width), squares_(rows_ + 1) {
        for (std::size_t row = 0; row < rows_; ++row) {
            double squares = squares_[row];
            for (std::size_t i = 0; i < width; ++i) {
                const auto value = static_cast<double>(signal[row * width + i]);
                sums_[(row + 1) * width + i] = sums_[row * width + i] + value;
                squares += value * value;
            }
            squares_[row + 1] = squares;
        }
    }
    [[nodiscard]] std::size_t rows() const { return rows_; }
    // Squared distance of rows [begin, end) from their mean.
    [[nodiscard]] double operator()(std::size_t begin, std::size_t end) const {
        double of_mean = 0;
        for (std::size_t i = 0; i < width_; ++i) {
            const double sum = sums_[end * width_ + i] - sums_[begin * width_ + i];
            of_mean += sum * sum;
        }
        return std::max(0.0, squares_[end] - squares_[begin] - of_mean / static_cast<double>(end - begin));
    }

private:
    std::size_t width_;
    std::size_t rows_;
    std::vector<double> sums_;
    std::vector<double> squares_;
};

// The start of a last segment that may still turn out best.
struct Candidate {
    std::size_t start = 0;
    std::size_t useful_until = std::numeric_limits<std::size_t>::max();
};

std::optional<std::vector<std::size_t>> pelt(const RunCosts& cost, double penalty, std::size_t shortest,
                                             const std::stop_token& stop) {
    const std::size_t rows = cost.rows();
    if (shortest == 0 || rows < 2 * shortest) return std::vector<std::size_t>{};
    std::vector<double> best(rows + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> previous(rows + 1, 0);
    best[0] = -penalty;
    std::vector<Candidate> candidates;
    for (std::size_t end = shortest; end <= rows; ++end) {
        if (stop.stop_requested()) return std::nullopt;
        const std::size_t fresh = end - shortest;
        if (fresh == 0 || fresh >= shortest) candidates.push_back({fresh});
        for (Candidate& candidate : candidates) {
            const double without_penalty = best[candidate.start] + cost(candidate.start, end);
            if (without_penalty + penalty < best[end]) {
                best[end] = without_penalty + penalty;
                previous[end] = candidate.start;
            }
        }
        // A change at `end` beats these from the moment on that a segment fits behind it.
        for (Candidate& candidate : candidates)
            if (best[candidate.start] + cost(candidate.start, end) > best[end])
                candidate.useful_until = std::min(candidate.useful_until, end + shortest);
        std::erase_if(candidates, [end](const Candidate& candidate) { return candidate.useful_until <= end + 1; });
    }
    std::vector<std::size_t> points;
    for (std::size_t at = previous[rows]; at > 0; at = previous[at]) points.push_back(at);
    std::ranges::reverse(points);
    return points;
}

// Below this rate nothing of a boundary is lost, and the search is quick.
constexpr double analysis_rate = 15;
constexpr double speed_window_seconds = 1.5;
constexpr double pose_window_seconds = 1;
constexpr double rest_window_seconds = 1.0 / 3;
constexpr double rest_search_seconds = 2.0 / 3;
// A rest is slower than this share of the span's quick moments (their 90 % quantile).
constexpr float rest_share = 0.2F;
// Of the rows' variance; grows with their logarithm as in the Bayesian information criterion.
constexpr double penalty_share = 2.1;
constexpr float pose_weight = 0.5F;
constexpr float speed_weight = 0.5F;
constexpr float travel_weight = 0.2F;

// Rows x width values.
struct Signal {
    std::size_t width = 0;
    std::vector<float> values;

    [[nodiscard]] std::size_t rows() const { return width == 0 ? 0 : values.size() / width; }
    float& at(std::size_t row, std::size_t column) { return values[row * width + column]; }
    [[nodiscard]] float at(std::size_t row, std::size_t column) const { return values[row * width + column]; }
};

Signal made(std::size_t rows, std::size_t width) { return {width, std::vector<float>(rows * width)}; }

std::size_t odd_window(double seconds, double rate) {
    return static_cast<std::size_t>(std::lround(seconds * rate)) | 1U;
}

// Mean over `window` rows around each; the first and last row count for what lies beyond them.
void smooth(Signal& signal, std::size_t window) {
    const auto half = static_cast<std::ptrdiff_t>(window / 2);
    const auto last = static_cast<std::ptrdiff_t>(signal.rows()) - 1;
    std::vector<double> sums(signal.rows() + 2 * static_cast<std::size_t>(half) + 1);
    for (std::size_t column = 0; column < signal.width; ++column) {
        for (std::ptrdiff_t i = -half; i <= last + half; ++i) {
            const auto row = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, last));
            const auto at = static_cast<std::size_t>(i + half);
            sums[at + 1] = sums[at] + static_cast<double>(signal.at(row, column));
        }
        for (std::size_t row = 0; row < signal.rows(); ++row)
            signal.at(row, column) = static_cast<float>((sums[row + window] - sums[row]) / static_cast<double>(window));
    }
}

// Takes the mean of every column away and makes the mean square of a row `weight`.
void scale_to(Signal& signal, float weight) {
    double squares = 0;
    for (std::size_t column = 0; column < signal.width; ++column) {
        double mean = 0;
        for (std::size_t row = 0; row < signal.rows(); ++row) mean += static_cast<double>(signal.at(row, column));
        mean /= static_cast<double>(signal.rows());
        for (std::size_t row = 0; row < signal.rows(); ++row) {
            signal.at(row, column) -= static_cast<float>(mean);
            squares += static_cast<double>(signal.at(row, column)) * static_cast<double>(signal.at(row, column));
        }
    }
    squares /= static_cast<double>(signal.rows());
    if (squares <= 0) return;
    const auto factor = static_cast<float>(std::sqrt(static_cast<double>(weight) / squares));
    for (float& value : signal.values) value *= factor;
}

// A prepared motion at every `step`-th row, in units of the torso.
class Track {
public:
    Track(const PreparedMotion& motion, std::size_t step) : motion_(motion), step_(step) {}
    [[nodiscard]] std::size_t rows() const { return (motion_.rows() + step_ - 1) / step_; }
    [[nodiscard]] std::size_t joints() const { return motion_.layout->size(); }
    [[nodiscard]] Eigen::Vector3f at(std::size_t row, std::size_t joint) const {
        return 2 * Eigen::Map<const Eigen::Vector3f>(&motion_.positions[3 * (row * step_ * joints() + joint)]);
    }
    [[nodiscard]] Eigen::Vector3f centre(std::size_t row) const {
        return at(row, static_cast<std::size_t>(motion_.layout->centre));
    }
    [[nodiscard]] Eigen::Vector3f from_centre(std::size_t row, std::size_t joint) const {
        return at(row, joint) - centre(row);
    }

private:
    const PreparedMotion& motion_;
    std::size_t step_;
};

// Height over the pelvis and distance from its vertical: the same whichever way people face.
Signal pose_of(const Track& track) {
    Signal pose = made(track.rows(), 2 * track.joints());
    for (std::size_t row = 0; row < track.rows(); ++row)
        for (std::size_t joint = 0; joint < track.joints(); ++joint) {
            const Eigen::Vector3f position = track.from_centre(row, joint);
            pose.at(row, joint) = position.y();
            pose.at(row, track.joints() + joint) = std::hypot(position.x(), position.z());
        }
    return pose;
}

// Torsos a second of every joint against the pelvis; the first row is as quick as the second.
Signal speed_of(const Track& track, double rate) {
    Signal speed = made(track.rows(), track.joints());
    for (std::size_t row = 0; row < track.rows(); ++row)
        for (std::size_t joint = 0; joint < track.joints(); ++joint) {
            const std::size_t now = std::max<std::size_t>(row, 1);
            const Eigen::Vector3f moved = track.from_centre(now, joint) - track.from_centre(now - 1, joint);
            speed.at(row, joint) = moved.norm() * static_cast<float>(rate);
        }
    return speed;
}

Signal travel_of(const Track& track, double rate) {
    Signal travel = made(track.rows(), 1);
    for (std::size_t row = 1; row < track.rows(); ++row)
        travel.at(row, 0) = (track.centre(row) - track.centre(row - 1)).norm() * static_cast<float>(rate);
    return travel;
}

Signal joined(const Signal& a, const Signal& b, const Signal& c) {
    Signal all = made(a.rows(), a.width + b.width + c.width);
    for (std::size_t row = 0; row < all.rows(); ++row) {
        auto to = all.values.begin() + static_cast<std::ptrdiff_t>(row * all.width);
        for (const Signal* part : {&a, &b, &c})
            to = std::copy_n(part->values.begin() + static_cast<std::ptrdiff_t>(row * part->width), part->width, to);
    }
    return all;
}

Signal analysed(const Track& track, double rate) {
    Signal pose = pose_of(track);
    smooth(pose, odd_window(pose_window_seconds, rate));
    Signal speed = speed_of(track, rate);
    Signal travel = travel_of(track, rate);
    for (Signal* part : {&speed, &travel}) {
        smooth(*part, odd_window(speed_window_seconds, rate));
        for (float& value : part->values) value = std::sqrt(std::max(value, 0.0F));
    }
    scale_to(pose, pose_weight);
    scale_to(speed, speed_weight);
    scale_to(travel, travel_weight);
    return joined(pose, speed, travel);
}

// Mean speed of all joints, at the full rate.
std::vector<float> energy_of(const Track& track, double rate) {
    const Signal speed = speed_of(track, rate);
    Signal energy = made(track.rows(), 1);
    for (std::size_t row = 0; row < track.rows(); ++row) {
        float sum = 0;
        for (std::size_t joint = 0; joint < track.joints(); ++joint) sum += speed.at(row, joint);
        energy.at(row, 0) = sum / static_cast<float>(track.joints());
    }
    smooth(energy, odd_window(rest_window_seconds, rate));
    return energy.values;
}

// The stillest row near `row` where that is a rest, else `row`.
std::size_t moved_to_rest(std::size_t row, std::span<const float> energy, float quick, double rate) {
    const auto reach = static_cast<std::size_t>(std::lround(rest_search_seconds * rate));
    const std::size_t begin = row > reach ? row - reach : 1;
    const auto around = energy.subspan(begin, std::min(row + reach + 1, energy.size()) - begin);
    const auto stillest = std::ranges::min_element(around);
    return *stillest < rest_share * quick ? begin + static_cast<std::size_t>(stillest - around.begin()) : row;
}

float quick_moments(std::vector<float> energy) {
    const auto at = energy.begin() + static_cast<std::ptrdiff_t>(0.9 * static_cast<double>(energy.size() - 1));
    std::nth_element(energy.begin(), at, energy.end());
    return *at;
}

// How much worse the two segments around each point are as one, against the penalty.
std::vector<double> scores_of(const RunCosts& cost, std::span<const std::size_t> points, double penalty) {
    std::vector<double> scores;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::size_t begin = i == 0 ? 0 : points[i - 1];
        const std::size_t end = i + 1 == points.size() ? cost.rows() : points[i + 1];
        const double gain = cost(begin, end) - cost(begin, points[i]) - cost(points[i], end);
        scores.push_back(gain / (gain + 2 * penalty));
    }
    return scores;
}

}  // namespace

std::optional<std::vector<std::size_t>> pelt(std::span<const float> signal, std::size_t width, double penalty,
                                             std::size_t shortest, std::stop_token stop) {
    if (width == 0 || signal.size() % width != 0) throw std::invalid_argument("a signal is not made of whole rows");
    return pelt(RunCosts(signal, width), penalty, shortest, stop);
}

std::optional<std::vector<BoundaryProposal>> change_points(const schemas::SkeletonSequence& sequence,
                                                           schemas::FrameSpan span, double frames_per_second,
                                                           const ChangePointOptions& options, std::stop_token stop) {
    if (!(frames_per_second > 0 && frames_per_second < 1e6))
        throw std::invalid_argument("change points need a positive frame rate");
    const auto unowned = std::shared_ptr<const schemas::SkeletonSequence>(&sequence, [](const auto*) {});
    const PreparedMotion motion = prepared({unowned, span}, Heading::camera);
    const auto step = static_cast<std::size_t>(std::max(1L, std::lround(frames_per_second / analysis_rate)));
    const double rate = frames_per_second / static_cast<double>(step);
    const Track track(motion, step);
    const auto shortest = static_cast<std::size_t>(std::max(2L, std::lround(options.shortest_seconds * rate)));
    std::vector<BoundaryProposal> boundaries;
    if (motion.dead || track.rows() < 2 * shortest) return boundaries;

    const Signal signal = analysed(track, rate);
    const RunCosts cost(signal.values, signal.width);
    const double penalty = options.penalty * penalty_share * std::log(static_cast<double>(track.rows()));
    const auto points = pelt(cost, penalty, shortest, stop);
    if (!points) return std::nullopt;
    const std::vector<double> scores = scores_of(cost, *points, penalty);
    const std::vector<float> energy = energy_of(Track(motion, 1), frames_per_second);
    const float quick = quick_moments(energy);
    for (std::size_t i = 0; i < points->size(); ++i) {
        const std::size_t row = moved_to_rest((*points)[i] * step, energy, quick, frames_per_second);
        const schemas::FrameIndex frame = motion.frames[row];
        if (frame > span.begin && (boundaries.empty() || frame > boundaries.back().frame))
            boundaries.push_back({frame, scores[i]});
    }
    return boundaries;
}

}  // namespace inference
