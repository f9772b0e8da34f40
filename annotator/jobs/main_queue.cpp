#include "annotator/jobs/main_queue.h"

#include <exception>
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
    std::exception_ptr failure;
    for (const auto& work : ready) {
        try {
            work();
        } catch (...) {
            if (!failure) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
    return ready.size();
}

bool MainQueue::empty() const {
    const std::scoped_lock lock(mutex_);
    return waiting_.empty();
}

}  // namespace annotator
