#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace annotator {

// Where other threads leave work for the main thread, which drains it once a frame.
//
// Thread: post() any; drain() the main thread.
class MainQueue {
public:
    // `wake` is called after each post, on the posting thread: the window waits for events.
    explicit MainQueue(std::function<void()> wake = [] {}) : wake_(std::move(wake)) {}

    void post(std::function<void()> work);
    // Runs what was posted before the call, in order. Returns how many ran. When one throws, the others run all the
    // same, and the first exception is thrown then.
    std::size_t drain();
    [[nodiscard]] bool empty() const;

private:
    mutable std::mutex mutex_;
    std::vector<std::function<void()>> waiting_;  // guarded by mutex_
    std::function<void()> wake_;
};

}  // namespace annotator
