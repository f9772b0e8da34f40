#include "inference/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace inference {

int thread_count(int wanted) {
    if (wanted > 0) return wanted;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

bool for_each_index(std::size_t count, int threads, std::stop_token stop,
                    const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    std::mutex mutex;
    std::exception_ptr first;  // guarded by mutex
    const auto run = [&] {
        while (!failed && !stop.stop_requested()) {
            const std::size_t index = next++;
            if (index >= count) return;
            try {
                work(index);
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failed.exchange(true)) first = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        const std::size_t wanted = std::min(static_cast<std::size_t>(thread_count(threads)), count);
        for (std::size_t helper = 1; helper < wanted; ++helper) helpers.emplace_back(run);
        run();
    }
    if (first) std::rethrow_exception(first);
    return next >= count;
}

}  // namespace inference
