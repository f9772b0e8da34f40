#include "storage/skeleton/matlab_keypoints.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "storage/media/file_probe.h"
#include "storage/media/mat_file.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/skeleton/recording_problems.h"

namespace storage {

namespace {

constexpr std::uint64_t coco_joints = 17;

struct Variables {
    MatMatrix points;
    std::optional<MatMatrix> scores;
};

// Nothing where the file holds other variables.
std::optional<Variables> variables_in(const std::filesystem::path& file) {
    const std::vector<MatMatrix> matrices = matrices_in(file);
    const auto points = std::ranges::find_if(matrices, [](const MatMatrix& matrix) {
        const auto& size = matrix.dimensions;
        return matrix.name == "points" && size.size() == 3 && size[0] > 0 && size[1] == coco_joints && size[2] == 2;
    });
    if (points == matrices.end()) return std::nullopt;
    const auto scores = std::ranges::find_if(matrices, [&](const MatMatrix& matrix) {
        return matrix.name == "scores" && matrix.dimensions == std::vector{points->dimensions[0], coco_joints};
    });
    return Variables{*points, scores == matrices.end() ? std::nullopt : std::optional(*scores)};
}

}  // namespace

SkeletonRecording read_matlab_keypoints(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    const std::optional<Variables> variables = variables_in(file);
    if (!variables)
        throw ReadError(name + ": expected a variable 'points' of frames x " + std::to_string(coco_joints) +
                        " x 2 numbers, found none.");
    const auto frames = static_cast<std::size_t>(variables->points.dimensions[0]);
    check_extent(name, frames, coco_joints);
    const std::vector<float> points = read_real_matrix(file, variables->points);
    const std::vector<float> scores =
        variables->scores ? read_real_matrix(file, *variables->scores) : std::vector<float>(frames * coco_joints, 1);

    SkeletonRecording recording;
    recording.sequence = schemas::SkeletonSequence::empty(
        layout_named("coco17"), static_cast<schemas::FrameIndex>(frames), schemas::CoordinateSpace::pixels);
    for (std::size_t joint = 0; joint < coco_joints; ++joint)
        for (std::size_t frame = 0; frame < frames; ++frame) {
            const std::size_t u = joint * frames + frame;
            const std::size_t v = u + coco_joints * frames;
            if (!std::isfinite(points[u]) || !std::isfinite(points[v]) || !std::isfinite(scores[u])) continue;
            recording.sequence.set(static_cast<schemas::FrameIndex>(frame), joint, {points[u], points[v], 0});
            recording.sequence.confidence[frame * coco_joints + joint] = std::clamp(scores[u], 0.0F, 1.0F);
        }
    report_dead_frames(recording);
    return recording;
}

bool is_matlab_keypoints(const std::filesystem::path& file) {
    if (!has_extension(file, ".mat")) return false;
    try {
        return variables_in(file).has_value();
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace storage
