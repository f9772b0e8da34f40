#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/skeleton/skeleton_recording.h"

// What the tests of readers measure on whole recordings.
namespace tests {

// The largest share by which any bone of at least 1 mm departs from its mean length, over
// the frames in which both its ends were seen.
double bone_length_spread(const schemas::SkeletonSequence& sequence);
// The length of the way along the bones from one joint to another above it, in the middle
// of the sorted frames; from an ankle up to the root and from there to the head it is a
// person's height, whatever the pose.
double median_way_to_root(const schemas::SkeletonSequence& sequence, std::string_view joint);
// Whether the toes point to where the person faces, in most frames: to the left shoulder's
// right as seen from above. False where left and right are exchanged or the axes mirrored.
bool faces_where_toes_point(const schemas::SkeletonSequence& sequence, std::string_view left_heel,
                            std::string_view left_toes);
double median(std::vector<double> values);
Eigen::Vector3f joint_at(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame, std::string_view joint);

bool mentions(const std::vector<storage::ReadProblem>& problems, std::string_view part);
// Nothing where the action throws a ReadError.
std::optional<storage::SkeletonRecording> unless_refused(const std::function<storage::SkeletonRecording()>& action);
// The message of the ReadError that the action throws, "" where it throws none.
std::string read_error_of(const std::function<void()>& action);

}  // namespace tests
