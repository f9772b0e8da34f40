#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "storage/skeleton/layout_registry.h"

namespace storage {

// What the metadata of a SLEAP file says of its first skeleton.
struct SleapSkeleton {
    LayoutPtr layout;
    std::vector<std::size_t> joint_of_node;  // where each node of the file goes in the layout
};

// Throws ReadError naming the file when the JSON is not SLEAP's.
SleapSkeleton sleap_skeleton(const std::string& file_name, const std::string& metadata_json);

}  // namespace storage
