#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "annotator/workflows/synth/capsule_figure.h"
#include "annotator/workflows/synth/stage.h"
#include "schemas/picture.h"

namespace annotator::synth {

// What does not change within a take.
struct VideoScene {
    double camera_height_metres = 1;  // above the floor
    double girth = 1;
    std::size_t costume = 0;  // any number; a few colours take turns
    Camera camera = camera_of_size(640, 480);
};

// Films skeletons as figures of capsules on a stage, lit by a lamp, with their shadow on the floor,
// with the camera and the figure of DepthRenderer: what is at a pixel there is at the same place here.
//
// Thread: any; each call stands alone.
class VideoRenderer {
public:
    VideoRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, const VideoScene& scene);

    // As DepthRenderer::render.
    [[nodiscard]] schemas::Picture render(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame) const;

private:
    VideoScene scene_;
    CapsuleFigure figure_;
    Stage stage_;
    schemas::Picture empty_;  // of the stage
};

}  // namespace annotator::synth
