#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/skeleton.h"

// What the joints of layouts are called in a vocabulary that all layouts share
// ("left_wrist", "pelvis"), for skeletons that only their file describes.
namespace storage {

// The shared name of each joint, by schemas/skeletons/joint_rules.json, "" where there is
// none. No name is given twice. Knows Hips, LeftUpLeg, mixamorig:LeftArm, LThumb, hand.R …;
// a joint is where its bone begins, as in BVH.
std::vector<std::string> shared_names(const std::vector<std::string>& joints);

// (left, right) partners: names that differ in Left and Right, or in a leading or trailing
// l and r.
std::vector<std::pair<int, int>> left_right_pairs(const std::vector<std::string>& joints);

// A layout for a skeleton that only its file describes, named `kind`, a colon and a hash
// of its joints and bones, so that equal skeletons have equal names.
//
// `shared` are the shared names of its joints. The centre is the pelvis, else the root.
// The shoulders are the shoulders, else the collars, else the elbows, else the root. The
// neck is the neck, else the centre of the shoulders, else the joint from which both
// shoulders hang, else the root.
schemas::SkeletonLayout described_layout(std::string_view kind, std::vector<std::string> joints,
                                         std::vector<int> parents, const std::vector<std::string>& shared);

}  // namespace storage
