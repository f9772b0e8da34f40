#pragma once

#include <array>
#include <memory>
#include <vector>

#include "schemas/skeleton.h"
#include "storage/media/depth_reader.h"

namespace annotator::synth {

// A pinhole camera at the origin that looks along z, y up. Columns grow with x: as all of
// Kinect's, the picture is a mirror's. The defaults are those of MSR-Action3D, fitted to
// its world and screen skeletons.
struct DepthCamera {
    int width = 320;
    int height = 240;
    double focal_pixels = 285.66;
    double centre_u = 160;
    double centre_v = 120;

    // Column and row of a point in metres, z > 0; fractions are within the pixel.
    [[nodiscard]] Eigen::Vector2f pixel_from(const Eigen::Vector3f& point) const;
};

// Draws skeletons as figures of capsules, seen by a depth camera: millimetres along z,
// rounded, 0 where there is no body. Joints that the layout lacks, by the names of msr20,
// are left out, and so are those that were not seen or are nearer than the lens.
//
// Thread: any; each call stands alone.
class DepthRenderer {
public:
    // `girth` scales the thickness of every limb; 1 suits an adult of 1.7 m.
    DepthRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth, DepthCamera camera = {});

    // A sequence of that layout, in metres, in camera coordinates. Throws
    // std::invalid_argument for pixels or another number of joints.
    [[nodiscard]] storage::DepthFrame render(const schemas::SkeletonSequence& sequence,
                                             schemas::FrameIndex frame) const;
    [[nodiscard]] const DepthCamera& camera() const { return camera_; }

private:
    struct Limb {
        std::size_t from = 0, to = 0;
        float radius_metres = 0;
    };

    std::shared_ptr<const schemas::SkeletonLayout> layout_;
    std::vector<Limb> limbs_;
    DepthCamera camera_;
};

}  // namespace annotator::synth
