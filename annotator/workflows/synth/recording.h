#pragma once

#include <memory>

#include "annotator/workflows/synth/choreography.h"
#include "schemas/skeleton.h"

// The dance as a Kinect sees it, in the world coordinates of MSR-Action3D: metres, camera
// at the origin, x to the right hand of a dancer who faces it, y up, z away from it.
namespace annotator::synth {

struct Viewpoint {
    double distance_metres = 2.9;
    double height_metres = 1;  // above the ground
};

// Far enough to have all of the dancer in the picture, 2.6 to 3.1 m.
Viewpoint viewpoint_of(const Body& body);

// Without noise. `layout` must know the joints of msr20 by name; throws
// std::invalid_argument naming the one that it lacks.
schemas::SkeletonSequence seen_from(const Viewpoint& viewpoint, const std::vector<Figure>& figures,
                                    std::shared_ptr<const schemas::SkeletonLayout> layout);

// Each coordinate shifted by Gaussian noise.
void add_noise(schemas::SkeletonSequence& sequence, double deviation_metres, Random& random);

// One to three runs of frames in which the sensor lost the dancer: every value zero. The
// first and last frames stay.
void add_dropouts(schemas::SkeletonSequence& sequence, Random& random);

}  // namespace annotator::synth
