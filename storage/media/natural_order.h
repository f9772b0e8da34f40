#pragma once

#include <string_view>

namespace storage {

// Whether `a` comes before `b` when runs of digits count as numbers: "2" before "10".
// Equal numbers with more zeros in front come later, so that the order is total.
bool naturally_less(std::string_view a, std::string_view b);

}  // namespace storage
