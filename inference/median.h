#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace inference {

// The middle value, of two middle ones the larger; 0 of none.
template <class Value>
Value median(std::vector<Value> values) {
    if (values.empty()) return Value{0};
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace inference
