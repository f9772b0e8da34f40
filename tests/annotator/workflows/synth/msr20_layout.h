#pragma once

#include <memory>
#include <string_view>

#include "annotator/workflows/synth/body.h"
#include "schemas/skeleton.h"

namespace annotator::synth {

inline std::shared_ptr<const schemas::SkeletonLayout> msr20_layout() {
    const auto layout = std::make_shared<schemas::SkeletonLayout>();
    layout->name = "msr20";
    layout->joints.assign(joint_names.begin(), joint_names.end());
    for (const int parent : {2, 2, 3, 6, 6, 6, -1, 0, 1, 7, 8, 9, 10, 4, 5, 13, 14, 15, 16, 2})
        layout->parents.push_back(parent);
    for (const int left : {0, 4, 7, 9, 11, 13, 15, 17}) layout->pairs.emplace_back(left, left + 1);
    layout->centre = *layout->joint_named("hip_centre");
    layout->neck = *layout->joint_named("shoulder_centre");
    layout->left_shoulder = *layout->joint_named("left_shoulder");
    layout->right_shoulder = *layout->joint_named("right_shoulder");
    return layout;
}

}  // namespace annotator::synth
