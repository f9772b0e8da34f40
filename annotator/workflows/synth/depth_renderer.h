#pragma once

#include <memory>

#include "annotator/workflows/synth/capsule_figure.h"
#include "schemas/skeleton.h"
#include "storage/media/depth_reader.h"

namespace annotator::synth {

// Draws skeletons as figures of capsules, seen by a depth camera: millimetres along z,
// rounded, 0 where there is no body.
//
// Thread: any; each call stands alone.
class DepthRenderer {
public:
    // As CapsuleFigure says.
    DepthRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, double girth,
                  Camera camera = schemas::msr_camera);

    // A sequence of that layout, in metres, in camera coordinates. Throws
    // std::invalid_argument for pixels or another number of joints.
    [[nodiscard]] storage::DepthFrame render(const schemas::SkeletonSequence& sequence,
                                             schemas::FrameIndex frame) const;
    [[nodiscard]] const Camera& camera() const { return camera_; }

private:
    CapsuleFigure figure_;
    Camera camera_;
};

}  // namespace annotator::synth
