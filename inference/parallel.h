#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace inference {

// The number of threads to use where `wanted` were asked for: 0 means one a core.
int thread_count(int wanted);

// Calls `work` once for every index below `count`, in any order, on `threads` threads
// (0: one a core). The first exception ends it and is thrown here. False when stopped
// before all was done.
bool for_each_index(std::size_t count, int threads, std::stop_token stop, const std::function<void(std::size_t)>& work);

}  // namespace inference
