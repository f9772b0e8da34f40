#include "annotator/workflows/synth/motion.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

namespace annotator::synth {
namespace {

using Eigen::Vector3d;

constexpr double gravity = 9.81;
constexpr double highest_jump_metres = 0.35;
constexpr double breath_degrees = 1.2;
constexpr double breaths_per_second = 0.3;

// Every angle of a pose, and the heading last.
constexpr std::size_t pose_channels = sizeof(Pose) / sizeof(double);
using Channels = std::array<double, pose_channels + 1>;
constexpr std::size_t heading_channel = pose_channels;

Channels channels_of(const Pose& pose, double heading) {
    const auto angles = std::bit_cast<std::array<double, pose_channels>>(pose);
    Channels channels{};
    std::ranges::copy(angles, channels.begin());
    channels[heading_channel] = heading;
    return channels;
}

Pose pose_of(const Channels& channels) {
    std::array<double, pose_channels> angles{};
    std::copy_n(channels.begin(), pose_channels, angles.begin());
    return std::bit_cast<Pose>(angles);
}

// What leads to key i: knots[i - 1] to knots[i].
struct Knot {
    double seconds = 0;
    Support support = Support::both;
    Channels values{};
    Vector3d travel = Vector3d::Zero();
};

std::vector<Knot> knots_of(const Pose& start, double start_heading, const std::vector<TimedPhrase>& phrases) {
    std::vector<Knot> knots{{0, Support::both, channels_of(start, start_heading), Vector3d::Zero()}};
    int begin = 0;
    for (const TimedPhrase& timed : phrases) {
        for (const Key& key : timed.phrase.keys)
            knots.push_back({(begin + key.at * timed.frames) / frames_per_second, key.support,
                             channels_of(key.pose, key.heading), timed.phrase.travel});
        begin += timed.frames;
    }
    return knots;
}

// The slope at a knot between two secants: their weighted harmonic mean, or none where
// the direction changes.
double monotone_slope(double before, double after, double step_before, double step_after) {
    if (before * after <= 0) return 0;
    const double weight_before = 2 * step_after + step_before;
    const double weight_after = step_after + 2 * step_before;
    return (weight_before + weight_after) / (weight_before / before + weight_after / after);
}

class Curve {
public:
    explicit Curve(const std::vector<Knot>& knots) : knots_(knots), slopes_(knots.size(), Channels{}) {
        for (std::size_t knot = 1; knot + 1 < knots.size(); ++knot)
            for (std::size_t channel = 0; channel < slopes_[knot].size(); ++channel)
                slopes_[knot][channel] =
                    monotone_slope(secant(knot, channel), secant(knot + 1, channel), step(knot), step(knot + 1));
    }

    // Within the interval that leads to `knot`.
    [[nodiscard]] Channels at(std::size_t knot, double seconds) const {
        const double h = step(knot);
        const double s = (seconds - knots_[knot - 1].seconds) / h;
        const double from = (1 + 2 * s) * (1 - s) * (1 - s);
        const double from_slope = s * (1 - s) * (1 - s) * h;
        const double to_slope = s * s * (s - 1) * h;
        Channels result{};
        for (std::size_t channel = 0; channel < result.size(); ++channel)
            result[channel] = from * knots_[knot - 1].values[channel] + (1 - from) * knots_[knot].values[channel] +
                              from_slope * slopes_[knot - 1][channel] + to_slope * slopes_[knot][channel];
        return result;
    }

private:
    [[nodiscard]] double step(std::size_t knot) const { return knots_[knot].seconds - knots_[knot - 1].seconds; }
    [[nodiscard]] double secant(std::size_t knot, std::size_t channel) const {
        return (knots_[knot].values[channel] - knots_[knot - 1].values[channel]) / step(knot);
    }

    const std::vector<Knot>& knots_;
    std::vector<Channels> slopes_;
};

Vector3d support_point(const Figure& figure, Support support) {
    const Vector3d left = figure[Joint::left_foot];
    const Vector3d right = figure[Joint::right_foot];
    Vector3d point = support == Support::left ? left : support == Support::right ? right : (left + right) / 2;
    point.y() = 0;
    return point;
}

// Contiguous knots in the air: the flight from knot `take_off` to knot `landing`.
struct Flight {
    std::size_t take_off = 0;
    std::size_t landing = 0;
    Vector3d from = Vector3d::Zero(), to = Vector3d::Zero();
    double height = 0;
};

class Dance {
public:
    Dance(const Body& body, const std::vector<Knot>& knots) : body_(body), knots_(knots), curve_(knots) {
        anchor_ = support_point(figure_at(1, 0), knots[1].support);
        enter(1);
    }

    std::vector<Figure> frames(int count, double per_second) {
        std::vector<Figure> result;
        std::size_t knot = 1;
        for (int frame = 0; frame < count; ++frame) {
            const double seconds = frame / per_second;
            while (seconds > knots_[knot].seconds && knot + 1 < knots_.size()) {
                root_at_knot_ = root_at(knot, knots_[knot].seconds);
                enter(++knot);
            }
            result.push_back(placed_at(knot, seconds, root_at(knot, seconds)));
        }
        return result;
    }

private:
    // Turned as at that time, with the hip centre at the origin.
    [[nodiscard]] Figure figure_at(std::size_t knot, double seconds) const {
        Channels channels = curve_.at(knot, seconds);
        const double heading = channels[heading_channel];
        Pose pose = pose_of(channels);
        pose.trunk.pitch += breath_degrees * std::sin(2 * std::numbers::pi * breaths_per_second * seconds);
        return placed(figure_of(body_, pose), heading, Vector3d::Zero());
    }

    [[nodiscard]] Figure placed_at(std::size_t knot, double seconds, const Vector3d& root) const {
        return placed(figure_at(knot, seconds), 0, root);
    }

    void enter(std::size_t knot) {
        if (knots_[knot].support != Support::air)
            anchor_ = knot == 1 ? anchor_
                                : root_on_ground(root_at_knot_) +
                                      support_point(figure_at(knot, knots_[knot - 1].seconds), knots_[knot].support);
        else if (knots_[knot - 1].support != Support::air)
            flight_ = flight_from(knot);
    }

    [[nodiscard]] Vector3d root_at(std::size_t knot, double seconds) const {
        const Figure figure = figure_at(knot, seconds);
        const double standing_height = -sole_height(body_, figure);
        if (knots_[knot].support == Support::air) {
            Vector3d root = flown(seconds);
            root.y() = std::max(root.y(), standing_height);
            return root;
        }
        Vector3d root = anchor_ - support_point(figure, knots_[knot].support);
        root.y() = standing_height;
        return root;
    }

    [[nodiscard]] Flight flight_from(std::size_t knot) const {
        Flight flight;
        flight.take_off = knot - 1;
        flight.landing = knot;
        while (flight.landing + 1 < knots_.size() && knots_[flight.landing + 1].support == Support::air)
            ++flight.landing;
        const double duration = knots_[flight.landing].seconds - knots_[flight.take_off].seconds;
        flight.from = root_at_knot_;
        flight.to = flight.from + turned(knots_[knot].travel, knots_[flight.take_off].values[heading_channel]);
        flight.to.y() = -sole_height(body_, figure_at(flight.landing, knots_[flight.landing].seconds));
        flight.height = std::min(gravity * duration * duration / 8, highest_jump_metres);
        return flight;
    }

    [[nodiscard]] Vector3d flown(double seconds) const {
        const double begin = knots_[flight_.take_off].seconds;
        const double s = (seconds - begin) / (knots_[flight_.landing].seconds - begin);
        Vector3d root = flight_.from + s * (flight_.to - flight_.from);
        root.y() += 4 * flight_.height * s * (1 - s);
        return root;
    }

    static Vector3d root_on_ground(Vector3d root) {
        root.y() = 0;
        return root;
    }

    const Body& body_;
    const std::vector<Knot>& knots_;
    Curve curve_;
    Vector3d anchor_ = Vector3d::Zero();
    Vector3d root_at_knot_ = Vector3d::Zero();
    Flight flight_;
};

}  // namespace

std::vector<Figure> danced(const Body& body, const Pose& start, double start_heading,
                           const std::vector<TimedPhrase>& phrases, double per_second) {
    int frames = 0;
    for (const TimedPhrase& timed : phrases) frames += timed.frames;
    if (frames == 0) return {};
    const std::vector<Knot> knots = knots_of(start, start_heading, phrases);
    const int figures = static_cast<int>(std::ceil(frames * per_second / frames_per_second));
    return Dance(body, knots).frames(figures, per_second);
}

}  // namespace annotator::synth
