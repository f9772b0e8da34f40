#include "tests/support/skeleton_measures.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace tests {

namespace {

double departure_of_bone(const schemas::SkeletonSequence& sequence, std::size_t joint, std::size_t parent) {
    std::vector<double> lengths;
    for (schemas::FrameIndex frame = 0; frame < sequence.frames(); ++frame)
        if (sequence.confidence_at(frame, joint) > 0 && sequence.confidence_at(frame, parent) > 0)
            lengths.push_back((sequence.at(frame, joint) - sequence.at(frame, parent)).norm());
    double mean = 0;
    for (const double length : lengths) mean += length / static_cast<double>(lengths.size());
    double worst = 0;
    for (const double length : lengths) worst = std::max(worst, std::abs(length - mean));
    return mean < 1e-3 ? 0 : worst / mean;
}

}  // namespace

double bone_length_spread(const schemas::SkeletonSequence& sequence) {
    double worst = 0;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
        if (const int parent = sequence.layout->parents[joint]; parent >= 0)
            worst = std::max(worst, departure_of_bone(sequence, joint, static_cast<std::size_t>(parent)));
    return worst;
}

double median_way_to_root(const schemas::SkeletonSequence& sequence, std::string_view joint) {
    const std::vector<int>& parents = sequence.layout->parents;
    std::vector<double> ways;
    for (schemas::FrameIndex frame = 0; frame < sequence.frames(); ++frame) {
        double way = 0;
        for (auto end = static_cast<std::size_t>(sequence.layout->joint_named(joint).value()); parents[end] >= 0;
             end = static_cast<std::size_t>(parents[end]))
            way += (sequence.at(frame, end) - sequence.at(frame, static_cast<std::size_t>(parents[end]))).norm();
        ways.push_back(way);
    }
    return median(ways);
}

bool faces_where_toes_point(const schemas::SkeletonSequence& sequence, std::string_view left_heel,
                            std::string_view left_toes) {
    schemas::FrameIndex agreeing = 0;
    for (schemas::FrameIndex frame = 0; frame < sequence.frames(); ++frame) {
        const auto left = static_cast<std::size_t>(sequence.layout->left_shoulder);
        const auto right = static_cast<std::size_t>(sequence.layout->right_shoulder);
        const Eigen::Vector3f facing =
            (sequence.at(frame, left) - sequence.at(frame, right)).cross(Eigen::Vector3f::UnitY());
        if (facing.dot(joint_at(sequence, frame, left_toes) - joint_at(sequence, frame, left_heel)) > 0) ++agreeing;
    }
    return 2 * agreeing > sequence.frames();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

Eigen::Vector3f joint_at(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame, std::string_view joint) {
    return sequence.at(frame, static_cast<std::size_t>(sequence.layout->joint_named(joint).value()));
}

bool mentions(const std::vector<storage::ReadProblem>& problems, std::string_view part) {
    return std::ranges::any_of(
        problems, [part](const storage::ReadProblem& problem) { return problem.what.find(part) != std::string::npos; });
}

std::optional<storage::SkeletonRecording> unless_refused(const std::function<storage::SkeletonRecording()>& action) {
    try {
        return action();
    } catch (const storage::ReadError&) {
        return std::nullopt;
    }
}

std::string read_error_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const storage::ReadError& error) {
        return error.what();
    }
    return {};
}

}  // namespace tests
