#pragma once

#include <array>
#include <memory>
#include <vector>

#include "schemas/camera.h"
#include "schemas/skeleton.h"
#include "storage/media/depth_reader.h"

namespace annotator::synth {

// Draws skeletons as figures of capsules, seen by a depth camera: millimetres along z,
// rounded, 0 where there is no body. Joints that the layout lacks, by the names of msr20,
// are left out, and so are those that were not seen or are nearer than the lens.
//
// Thread: any; each call stands alone.
class DepthRenderer {
public:
    // `girth` scales the thickness of every limb; 1 suits an adult of 1.7 m.
    DepthRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth,
                  schemas::PinholeCamera camera = schemas::msr_camera);

    // A sequence of that layout, in metres, in camera coordinates. Throws
    // std::invalid_argument for pixels or another number of joints.
    [[nodiscard]] storage::DepthFrame render(const schemas::SkeletonSequence& sequence,
                                             schemas::FrameIndex frame) const;
    [[nodiscard]] const schemas::PinholeCamera& camera() const { return camera_; }

private:
    struct Limb {
        std::size_t from = 0, to = 0;
        float radius_metres = 0;
    };

    std::shared_ptr<const schemas::SkeletonLayout> layout_;
    std::vector<Limb> limbs_;
    schemas::PinholeCamera camera_;
};

}  // namespace annotator::synth
