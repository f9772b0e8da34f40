#pragma once

#include <memory>
#include <vector>

#include "schemas/frame.h"
#include "schemas/skeleton.h"

namespace inference {

// A piece of motion that gets one label: a clip, or a segment of one.
struct Sample {
    std::shared_ptr<const schemas::SkeletonSequence> skeleton;
    schemas::FrameSpan span;  // of the sequence
    int label = -1;           // index into the labels of the run, -1 where unlabelled
    double weight = 1;        // of its loss; corrections of a pre-label weigh more
};

}  // namespace inference
