#pragma once

#include <vector>

#include "schemas/skeleton.h"

// Bones: each joint with the one that it hangs from.
namespace schemas {

// The median length of each joint's bone over the frames in which both ends have a position, in metres or pixels; 0
// for the root and for bones that no frame shows.
std::vector<float> bone_lengths(const SkeletonSequence& sequence);

// The joints from the root outwards, so that each comes after the one that it hangs from.
std::vector<int> joints_from_root(const SkeletonLayout& layout);

// The joint and all that hang from it, from the joint outwards.
std::vector<int> joints_below(const SkeletonLayout& layout, int joint);

// Moves the joints of a frame outwards or inwards along their bones, from the root on, until each bone has its length;
// a length of 0 leaves a bone as it is. Joints without a position stay.
void set_bone_lengths(SkeletonSequence& sequence, FrameIndex frame, const std::vector<float>& lengths);

}  // namespace schemas
