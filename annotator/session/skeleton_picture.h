#pragma once

#include <memory>
#include <span>
#include <vector>

#include "schemas/picture.h"
#include "schemas/skeleton.h"

namespace annotator {

// Draws frames of skeletons small, all of a take at one scale: in space from the front of the first one, in pixels as
// they lie.
//
// Thread: any one.
class SkeletonPictures {
public:
    // All in metres or all in pixels, with the same frames; at least one.
    explicit SkeletonPictures(std::vector<std::shared_ptr<const schemas::SkeletonSequence>> skeletons);

    // On a transparent ground. Empty joints where nobody is seen.
    [[nodiscard]] schemas::Picture picture(schemas::FrameIndex frame, int width, int height) const;

private:
    [[nodiscard]] Eigen::Vector2f flat(const Eigen::Vector3f& point) const;

    std::vector<std::shared_ptr<const schemas::SkeletonSequence>> skeletons_;
    Eigen::Vector3f across_{1, 0, 0};  // of the picture, to the right
    float height_ = 1;                 // of the tallest frame
};

}  // namespace annotator
