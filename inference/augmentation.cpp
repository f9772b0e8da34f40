#include "inference/augmentation.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace inference {

namespace {

using Points = Eigen::Matrix<float, 3, Eigen::Dynamic>;

void write_features(std::span<const float> positions, const schemas::SkeletonLayout& layout,
                    std::span<float> features) {
    const std::vector<float> values = motion_features(positions, layout);
    std::copy(values.begin(), values.end(), features.begin());
}

// Rows of the motion at which the frames of a crop lie.
std::vector<double> crop_rows(std::size_t rows, int frames, double from, double to) {
    const auto last = static_cast<double>(rows - 1);
    std::vector<double> positions(static_cast<std::size_t>(frames));
    for (std::size_t i = 0; i < positions.size(); ++i) {
        const double share = frames == 1 ? 0 : static_cast<double>(i) / (frames - 1);
        positions[i] = (from + share * (to - from)) * last;
    }
    return positions;
}

std::vector<double> drawn_rows(std::size_t rows, int frames, const Augmentation& augmentation, Random& random) {
    const double length = random.uniform(augmentation.shortest_crop, 1);
    const double from = random.uniform(0, 1 - length);
    std::vector<double> positions = crop_rows(rows, frames, from, from + length);
    const auto last = static_cast<double>(rows - 1);
    if (augmentation.time_warp > 0) {
        const double slow = random.uniform(-1, 1) * augmentation.time_warp;
        const double fast = random.uniform(-1, 1) * augmentation.time_warp / 2;
        for (double& position : positions) {
            const double share = last > 0 ? (position / last - from) / length : 0;
            const double warp = slow * std::sin(std::numbers::pi * share) / std::numbers::pi +
                                fast * std::sin(2 * std::numbers::pi * share) / (2 * std::numbers::pi);
            position += warp * length * last;
        }
    }
    if (augmentation.time_jitter_frames > 0)
        for (double& position : positions) position += random.normal() * augmentation.time_jitter_frames;
    for (double& position : positions) position = std::clamp(position, 0.0, last);
    return positions;
}

Eigen::Matrix3f drawn_transform(const Augmentation& augmentation, Random& random) {
    const auto angle = [&random](double degrees) {
        return static_cast<float>(random.uniform(-degrees, degrees) * std::numbers::pi / 180);
    };
    const float x = angle(augmentation.tilt_degrees);
    const float y = angle(augmentation.turn_degrees);
    const float z = angle(augmentation.tilt_degrees);
    const Eigen::Matrix3f turn =
        (Eigen::AngleAxisf(y, Eigen::Vector3f::UnitY()) * Eigen::AngleAxisf(x, Eigen::Vector3f::UnitX()) *
         Eigen::AngleAxisf(z, Eigen::Vector3f::UnitZ()))
            .toRotationMatrix();
    return turn * static_cast<float>(1 + random.uniform(-augmentation.scale, augmentation.scale));
}

void mirror(Points& points, const std::vector<int>& partners) {
    const auto joints = static_cast<Eigen::Index>(partners.size());
    Points swapped(3, joints);
    for (Eigen::Index frame = 0; frame < points.cols() / joints; ++frame) {
        auto pose = points.middleCols(frame * joints, joints);
        for (Eigen::Index joint = 0; joint < joints; ++joint)
            swapped.col(joint) = pose.col(partners[static_cast<std::size_t>(joint)]);
        pose = swapped;
        pose.row(0) *= -1;
    }
}

// The features of a joint are lost for a third of the time.
void drop_joint(std::size_t joint, std::size_t first, std::size_t frames, std::size_t joints,
                std::span<float> features) {
    const std::size_t width = joints * 3;
    for (std::size_t frame = first; frame < std::min(first + frames / 3, frames); ++frame)
        for (std::size_t part = 0; part < 3; ++part)
            std::fill_n(features.begin() + static_cast<std::ptrdiff_t>((frame * 3 + part) * width + joint * 3), 3,
                        0.0F);
}

}  // namespace

Augmentation weak_augmentation() { return {}; }

Augmentation strong_augmentation() {
    return {.shortest_crop = 0.6,
            .turn_degrees = 30,
            .tilt_degrees = 15,
            .scale = 0.1,
            .shift = 0.085,
            .mirror_probability = 0,
            .time_jitter_frames = 1,
            .joint_noise = 0.01,
            .joint_drop = 0.67,
            .time_warp = 0};
}

Augmentation student_augmentation() {
    Augmentation augmentation = strong_augmentation();
    // Two waves, one half as high as the other: at most 0.4 together.
    augmentation.time_warp = 0.4 / 1.5;
    return augmentation;
}

Augmentation no_augmentation() {
    return {.shortest_crop = 1,
            .turn_degrees = 0,
            .tilt_degrees = 0,
            .scale = 0,
            .shift = 0,
            .mirror_probability = 0,
            .time_jitter_frames = 0,
            .joint_noise = 0,
            .joint_drop = 0,
            .time_warp = 0};
}

MotionSet::MotionSet(std::span<const Sample> samples, Heading heading, int threads) {
    if (samples.empty()) throw std::invalid_argument("there are no samples to compute with");
    motions_ = prepared(samples, heading, threads);
    layout_ = motions_.front().layout;
    mirrored_ = layout_->mirrored();
    for (PreparedMotion& motion : motions_) {
        if (motion.layout->name != layout_->name || motion.layout->size() != layout_->size())
            throw std::invalid_argument("samples of the skeleton layouts " + layout_->name + " and " +
                                        motion.layout->name + " cannot be mixed; map them to one first");
        if (motion.rows() <= longest_motion) continue;
        motion.positions = resampled(motion, static_cast<int>(longest_motion));
        std::vector<schemas::FrameIndex> kept;
        for (const double row : crop_rows(motion.frames.size(), static_cast<int>(longest_motion), 0, 1))
            kept.push_back(motion.frames[static_cast<std::size_t>(std::lround(row))]);
        motion.frames = std::move(kept);
    }
}

MotionSet MotionSet::part(std::span<const std::size_t> samples) const {
    MotionSet set;
    set.layout_ = layout_;
    set.mirrored_ = mirrored_;
    for (const std::size_t sample : samples) set.motions_.push_back(motions_[sample]);
    return set;
}

void MotionSet::sampled(const PreparedMotion& motion, std::span<const double> rows, std::span<float> positions) const {
    const std::size_t width = layout_->size() * 3;
    const std::size_t last = motion.rows() - 1;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::size_t before = std::min(static_cast<std::size_t>(rows[i]), last);
        const float* a = &motion.positions[before * width];
        const float* b = &motion.positions[std::min(before + 1, last) * width];
        const auto share = static_cast<float>(rows[i] - static_cast<double>(before));
        float* to = &positions[i * width];
        for (std::size_t value = 0; value < width; ++value) to[value] = a[value] + share * (b[value] - a[value]);
    }
}

void MotionSet::cut(std::size_t sample, int frames, double from, double to, std::span<float> features) const {
    const PreparedMotion& motion = motions_[sample];
    std::vector<float> positions(static_cast<std::size_t>(frames) * layout_->size() * 3);
    sampled(motion, crop_rows(motion.rows(), frames, from, to), positions);
    write_features(positions, *layout_, features);
}

Side MotionSet::draw(std::size_t sample, int frames, const Augmentation& augmentation, Random& random,
                     std::span<float> features) const {
    const PreparedMotion& motion = motions_[sample];
    const std::size_t joints = layout_->size();
    std::vector<float> positions(static_cast<std::size_t>(frames) * joints * 3);
    sampled(motion, drawn_rows(motion.rows(), frames, augmentation, random), positions);
    Eigen::Map<Points> mapped(positions.data(), 3, static_cast<Eigen::Index>(positions.size() / 3));
    Points points = drawn_transform(augmentation, random) * mapped;
    Eigen::Vector3f shift;
    for (float& part : shift) part = static_cast<float>(random.uniform(-augmentation.shift, augmentation.shift));
    points.colwise() += shift;
    const Side side = random.uniform() < augmentation.mirror_probability ? Side::mirrored : Side::as_recorded;
    if (side == Side::mirrored) mirror(points, mirrored_);
    if (augmentation.joint_noise > 0)
        for (float& value : points.reshaped()) value += static_cast<float>(random.normal() * augmentation.joint_noise);
    mapped = points;
    write_features(positions, *layout_, features);
    for (int time = 0; augmentation.joint_drop > 0 && time < 3; ++time) {
        if (random.uniform() >= augmentation.joint_drop) continue;
        const std::size_t joint = random.below(joints);
        drop_joint(joint, random.below(static_cast<std::size_t>(frames) * 2 / 3 + 1), static_cast<std::size_t>(frames),
                   joints, features);
    }
    return side;
}

}  // namespace inference
