#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/skeleton.h"

namespace storage {

using LayoutPtr = std::shared_ptr<const schemas::SkeletonLayout>;

// The layouts of schemas/skeletons, by name: "msr20" "kinect25" "coco17" "openpose18" "h36m17" "cmu31" "smpl24".
// Throws std::out_of_range naming the known ones when there is none of that name.
//
// Thread: any.
LayoutPtr layout_named(std::string_view name);
std::vector<LayoutPtr> all_layouts();

// The layout of a skeleton that a file describes: a known one where the names of joints and
// parents agree, whose joints may be in another order, else one made by described_layout
// (joint_names.h). `kind` is "asf", whose joints are the ends of bones, or "bvh".
LayoutPtr layout_from_file(std::string_view kind, const std::vector<std::string>& joints,
                           const std::vector<int>& parents);

// How joints of one layout are found in another, by the names that they share and by the
// rules of schemas/skeletons (a missing pelvis is the mean of the hips …).
schemas::JointMap joint_map(const LayoutPtr& source, const LayoutPtr& target);

}  // namespace storage
