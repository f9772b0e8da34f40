#include "inference/preparation.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "inference/parallel.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonLayout;
using schemas::SkeletonSequence;

constexpr float torso_length = 0.5F;

Eigen::Map<Eigen::Vector3f> joint_at(PreparedMotion& motion, std::size_t row, std::size_t joint) {
    return Eigen::Map<Eigen::Vector3f>(&motion.positions[3 * (row * motion.layout->size() + joint)]);
}

// Copies one joint's track; unseen values come from the nearest row that has one, the
// earlier of two as near. A joint that is never seen stays where the pelvis was put.
void fill_joint(const SkeletonSequence& sequence, std::size_t joint, PreparedMotion& motion) {
    constexpr std::size_t none = static_cast<std::size_t>(-1);
    const std::size_t rows = motion.rows();
    std::vector<std::size_t> earlier(rows, none);
    std::size_t last = none;
    for (std::size_t row = 0; row < rows; ++row) {
        if (schemas::has_position(sequence, motion.frames[row], joint)) last = row;
        earlier[row] = last;
    }
    std::size_t later = none;
    for (std::size_t row = rows; row-- > 0;) {
        if (schemas::has_position(sequence, motion.frames[row], joint)) later = row;
        const std::size_t before = earlier[row];
        if (before == none && later == none) return;
        const bool take_earlier = later == none || (before != none && row - before <= later - row);
        const std::size_t from = take_earlier ? before : later;
        joint_at(motion, row, joint) = sequence.at(motion.frames[from], joint);
    }
}

float median(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

template <class Value>
float median_over_rows(std::size_t rows, Value&& value) {
    std::vector<float> values(rows);
    for (std::size_t row = 0; row < rows; ++row) values[row] = value(row);
    return median(values);
}

template <class Value>
Eigen::Vector3f median_vector(std::size_t rows, Value&& value) {
    Eigen::Vector3f result;
    for (Eigen::Index axis = 0; axis < 3; ++axis)
        result[axis] = median_over_rows(rows, [&](std::size_t row) { return Eigen::Vector3f(value(row))[axis]; });
    return result;
}

// From the left to the right shoulder, the median over all rows.
Eigen::Vector3f shoulder_line(PreparedMotion& motion) {
    const auto left = static_cast<std::size_t>(motion.layout->left_shoulder);
    const auto right = static_cast<std::size_t>(motion.layout->right_shoulder);
    return median_vector(motion.rows(), [&](std::size_t row) {
        return Eigen::Vector3f(joint_at(motion, row, right) - joint_at(motion, row, left));
    });
}

Eigen::Matrix3f turn_to_x(const Eigen::Vector3f& line) {
    Eigen::Matrix3f turn = Eigen::Matrix3f::Identity();
    const float across = std::hypot(line.x(), line.z());
    if (!(across > 1e-6F)) return turn;
    const float cosine = line.x() / across;
    const float sine = line.z() / across;
    turn << cosine, 0, sine, 0, 1, 0, -sine, 0, cosine;
    return turn;
}

void normalise(PreparedMotion& motion, Heading heading) {
    const auto centre = static_cast<std::size_t>(motion.layout->centre);
    const auto neck = static_cast<std::size_t>(motion.layout->neck);
    const Eigen::Vector3f origin =
        median_vector(motion.rows(), [&](std::size_t row) { return joint_at(motion, row, centre); });
    const float torso = median_over_rows(motion.rows(), [&](std::size_t row) {
        return (joint_at(motion, row, neck) - joint_at(motion, row, centre)).norm();
    });
    Eigen::Matrix3f change = Eigen::Matrix3f::Identity() * (torso_length / std::max(torso, 1e-6F));
    if (heading == Heading::shoulders) change *= turn_to_x(shoulder_line(motion));
    for (std::size_t row = 0; row < motion.rows(); ++row)
        for (std::size_t joint = 0; joint < motion.layout->size(); ++joint) {
            auto position = joint_at(motion, row, joint);
            position = (change * (position - origin)).eval();
        }
}

// As schemas::is_dead_frame, but a frame of inferred joints is alive.
bool is_alive(const SkeletonSequence& sequence, FrameIndex frame) {
    bool seen = false;
    bool off_origin = false;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        if (!schemas::has_position(sequence, frame, joint)) continue;
        seen = true;
        off_origin = off_origin || !sequence.at(frame, joint).isZero(0.0F);
    }
    return seen && off_origin;
}

}  // namespace

PreparedMotion prepared(const Sample& sample, Heading heading) {
    if (sample.skeleton == nullptr || sample.skeleton->joints() == 0)
        throw std::invalid_argument("a sample without a skeleton cannot be prepared");
    const SkeletonSequence& sequence = *sample.skeleton;
    if (!schemas::is_valid(sample.span) || sample.span.end > sequence.frames())
        throw std::invalid_argument("a sample's span [" + std::to_string(sample.span.begin) + ", " +
                                    std::to_string(sample.span.end) + ") is not of its skeleton of " +
                                    std::to_string(sequence.frames()) + " frames");
    PreparedMotion motion;
    motion.layout = sequence.layout;
    for (FrameIndex frame = sample.span.begin; frame < sample.span.end; ++frame)
        if (is_alive(sequence, frame)) motion.frames.push_back(frame);
    motion.dead = motion.frames.empty();
    if (motion.dead) motion.frames.push_back(sample.span.begin);
    motion.positions.assign(motion.rows() * sequence.joints() * 3, 0.0F);
    if (motion.dead) return motion;

    // A joint that is never seen is put on the pelvis.
    const auto centre = static_cast<std::size_t>(sequence.layout->centre);
    fill_joint(sequence, centre, motion);
    for (std::size_t row = 0; row < motion.rows(); ++row)
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
            if (joint != centre) joint_at(motion, row, joint) = joint_at(motion, row, centre);
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
        if (joint != centre) fill_joint(sequence, joint, motion);
    normalise(motion, sequence.space == schemas::CoordinateSpace::metres ? heading : Heading::camera);
    return motion;
}

std::vector<PreparedMotion> prepared(std::span<const Sample> samples, Heading heading, int threads) {
    std::vector<PreparedMotion> motions(samples.size());
    for_each_index(samples.size(), threads, {},
                   [&](std::size_t index) { motions[index] = prepared(samples[index], heading); });
    return motions;
}

Heading suggested_heading(std::span<const Sample> samples) {
    constexpr float alike = 0.9F;  // mean resultant length: a spread of about 26 degrees
    constexpr std::size_t enough = 512;
    Eigen::Vector2f sum = Eigen::Vector2f::Zero();
    float counted = 0;
    const std::size_t asked = std::min(samples.size(), enough);
    for (std::size_t i = 0; i < asked; ++i) {
        PreparedMotion motion = prepared(samples[i * samples.size() / asked], Heading::camera);
        if (motion.dead) continue;
        const Eigen::Vector3f line = shoulder_line(motion);
        sum += Eigen::Vector2f(line.x(), line.z()).normalized();
        counted += 1;
    }
    return sum.norm() >= alike * counted ? Heading::camera : Heading::shoulders;
}

std::vector<float> resampled(const PreparedMotion& motion, int frames) {
    const std::size_t width = motion.layout->size() * 3;
    const auto wanted = static_cast<std::size_t>(frames);
    const std::size_t last = motion.rows() - 1;
    std::vector<float> result(wanted * width);
    for (std::size_t row = 0; row < wanted; ++row) {
        const double position =
            wanted == 1 ? 0 : static_cast<double>(row) * static_cast<double>(last) / static_cast<double>(wanted - 1);
        const std::size_t before = std::min(static_cast<std::size_t>(position), last);
        const std::size_t after = std::min(before + 1, last);
        const auto share = static_cast<float>(position - static_cast<double>(before));
        for (std::size_t value = 0; value < width; ++value) {
            const float a = motion.positions[before * width + value];
            result[row * width + value] = a + share * (motion.positions[after * width + value] - a);
        }
    }
    return result;
}

std::vector<float> motion_features(std::span<const float> positions, const SkeletonLayout& layout) {
    const std::size_t width = layout.size() * 3;
    const std::size_t frames = width == 0 ? 0 : positions.size() / width;
    std::vector<float> features(frames * 3 * width);
    for (std::size_t frame = 0; frame < frames; ++frame) {
        const float* now = &positions[frame * width];
        float* joint_part = &features[frame * 3 * width];
        float* bone_part = joint_part + width;
        float* velocity_part = bone_part + width;
        std::copy_n(now, width, joint_part);
        for (std::size_t joint = 0; joint < layout.size(); ++joint) {
            const int parent = layout.parents[joint];
            if (parent < 0) continue;
            for (std::size_t axis = 0; axis < 3; ++axis)
                bone_part[joint * 3 + axis] = now[joint * 3 + axis] - now[static_cast<std::size_t>(parent) * 3 + axis];
        }
        if (frame == 0) continue;
        for (std::size_t value = 0; value < width; ++value)
            velocity_part[value] = velocity_gain * (now[value] - (now - width)[value]);
    }
    return features;
}

}  // namespace inference
