#pragma once

#include <Eigen/Core>
#include <vector>

#include "annotator/workflows/synth/capsule_figure.h"

// The room that the synthetic dancer is filmed in: a floor of boards up to a horizon, a wall behind
// it, one lamp above and left of the camera. Colours are linear light in [0, 1].
namespace annotator::synth {

// Towards the lamp, which is far away.
Eigen::Vector3f light_direction();

// What a surface of that colour looks like, lit by the lamp and by the room.
Eigen::Vector3f lit(const Eigen::Vector3f& colour, const Eigen::Vector3f& normal, const Eigen::Vector3f& ray);

// The empty room as a camera sees it that stands `camera_height_metres` above the floor.
class Stage {
public:
    Stage(const Camera& camera, double camera_height_metres);

    [[nodiscard]] const Eigen::Vector3f& colour(int column, int row) const { return colours_[at(column, row)]; }
    // The share of the lamp's light that figures take from each pixel, row by row: 0 where none.
    [[nodiscard]] std::vector<float> shadow_of(const std::vector<Capsule>& figure) const;

private:
    [[nodiscard]] std::size_t at(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(camera_.width) +
               static_cast<std::size_t>(column);
    }
    [[nodiscard]] Eigen::Vector3f seen_along(const Eigen::Vector3f& ray) const;
    void cast(const Capsule& capsule, std::vector<float>& shadow) const;

    Camera camera_;
    float floor_;  // y in camera coordinates
    std::vector<Eigen::Vector3f> colours_;
};

}  // namespace annotator::synth
