#include "inference/pose_metrics.h"

#include <Eigen/Geometry>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "inference/median.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;
using Points = Eigen::Matrix3Xd;

// The joints of a frame that both have, a column each.
struct Compared {
    Points predicted, truth;
    Eigen::Index centre = -1;  // which of them is the centre; -1 where it is not seen
};

Compared compared(const SkeletonSequence& predicted, const SkeletonSequence& truth, FrameIndex frame) {
    const auto joints = static_cast<Eigen::Index>(truth.joints());
    Compared both{Points(3, joints), Points(3, joints)};
    Eigen::Index count = 0;
    for (std::size_t joint = 0; joint < truth.joints(); ++joint) {
        if (!has_position(predicted, frame, joint) || !has_position(truth, frame, joint)) continue;
        if (static_cast<int>(joint) == truth.layout->centre) both.centre = count;
        both.predicted.col(count) = predicted.at(frame, joint).cast<double>();
        both.truth.col(count) = truth.at(frame, joint).cast<double>();
        ++count;
    }
    both.predicted.conservativeResize(3, count);
    both.truth.conservativeResize(3, count);
    return both;
}

double median_torso(const SkeletonSequence& truth) {
    const auto neck = static_cast<std::size_t>(truth.layout->neck),
               centre = static_cast<std::size_t>(truth.layout->centre);
    std::vector<double> lengths;
    for (FrameIndex frame = 0; frame < truth.frames(); ++frame)
        if (has_position(truth, frame, neck) && has_position(truth, frame, centre))
            lengths.push_back(static_cast<double>((truth.at(frame, neck) - truth.at(frame, centre)).norm()));
    return median(lengths);
}

Points about(const Points& points, Eigen::Index centre) {
    return points.colwise() - Eigen::Vector3d(points.col(centre));
}

double sum_of_lengths(const Points& differences) { return differences.colwise().norm().sum(); }

// Squares that were summed over so many joints.
double root_mean(double squares, double joints) { return joints == 0 ? 0 : std::sqrt(squares / (3 * joints)); }

double share(double sum, double count) { return count == 0 ? 0 : sum / count; }

}  // namespace

PoseErrors pose_errors(const SkeletonSequence& predicted, const SkeletonSequence& truth) {
    if (predicted.layout == nullptr || truth.layout == nullptr || predicted.layout->joints != truth.layout->joints ||
        predicted.space != truth.space)
        throw std::invalid_argument("predicted joints are not those of the truth");
    if (predicted.frames() != truth.frames())
        throw std::invalid_argument(std::to_string(predicted.frames()) + " predicted frames are compared with " +
                                    std::to_string(truth.frames()));
    PoseErrors errors;
    std::vector<double> distances;
    double squares = 0, centred_squares = 0, centred = 0, scaled = 0, aligned = 0, aligned_joints = 0;
    for (FrameIndex frame = 0; frame < truth.frames(); ++frame) {
        const Compared both = compared(predicted, truth, frame);
        const Eigen::Index count = both.truth.cols();
        if (count == 0) continue;
        ++errors.frames;
        const Points difference = both.predicted - both.truth;
        squares += difference.squaredNorm();
        for (Eigen::Index joint = 0; joint < count; ++joint) distances.push_back(difference.col(joint).norm());
        if (both.centre >= 0) {
            const Points p = about(both.predicted, both.centre), g = about(both.truth, both.centre);
            const double length = p.squaredNorm();
            const double scale = length == 0 ? 1 : p.cwiseProduct(g).sum() / length;
            centred_squares += (p - g).squaredNorm();
            scaled += sum_of_lengths(scale * p - g);
            centred += static_cast<double>(count);
        }
        if (count >= 3) {
            const Eigen::Matrix4d to_truth = Eigen::umeyama(both.predicted, both.truth);
            const Points moved = (to_truth.topLeftCorner<3, 3>() * both.predicted).colwise() +
                                 Eigen::Vector3d(to_truth.topRightCorner<3, 1>());
            // Joints that all lie in one place have no rotation.
            if (moved.allFinite()) {
                aligned += sum_of_lengths(moved - both.truth);
                aligned_joints += static_cast<double>(count);
            }
        }
    }
    errors.joints = static_cast<std::int64_t>(distances.size());
    errors.rmse = root_mean(squares, static_cast<double>(errors.joints));
    double sum = 0;
    for (const double distance : distances) sum += distance;
    errors.mpjpe = share(sum, static_cast<double>(errors.joints));
    errors.median = median(distances);
    const double torso = median_torso(truth);
    errors.rmse_n = torso == 0 ? 0 : root_mean(centred_squares, centred) / torso;
    errors.n_mpjpe = share(scaled, centred);
    errors.p_mpjpe = share(aligned, aligned_joints);
    return errors;
}

}  // namespace inference
