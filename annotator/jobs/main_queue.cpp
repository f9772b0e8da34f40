#include "annotator/jobs/main_queue.h"

#include <utility>

namespace annotator {

void MainQueue::post(std::function<void()> work) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    wake_();
}

std::size_t MainQueue::drain() {
    std::vector<std::function<void()>> ready;
    {
        const std::scoped_lock lock(mutex_);
        ready.swap(waiting_);
    }
    for (const auto& work : ready) work();
    return ready.size();
}

}  // namespace annotator
