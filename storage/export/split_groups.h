#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "storage/export/split_assignment.h"

namespace storage {

// Items that must stay together, as indices in ascending order of name.
struct ItemGroup {
    std::string name;  // the least of its items' names
    std::vector<std::size_t> items;
};

// The connected components of items that share a value of one of the keys, in ascending order of name.
std::vector<ItemGroup> united_groups(std::span<const SplitItem> items, const std::vector<std::string>& keys);

}  // namespace storage
