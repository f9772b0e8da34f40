#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "schemas/frame.h"
#include "storage/media/depth_reader.h"

namespace annotator {

// Reads a depth recording on a thread of its own: always the frame that is wanted first, whatever was asked for before.
//
// Thread: any one; usually the UI's. The end of its life waits for the frame that is being read.
class DepthPump {
public:
    // The reader is the pump's alone from now on. `wake` is called on the pump's thread when a frame is ready.
    DepthPump(std::shared_ptr<storage::DepthReader> reader, std::function<void()> wake);

    // The frames wanted from now on, the most urgent first; all others are forgotten.
    void want(std::vector<schemas::FrameIndex> frames);

    // That very frame; nullptr while it is not there.
    [[nodiscard]] std::shared_ptr<const storage::DepthFrame> ready(schemas::FrameIndex frame) const;
    // Why a frame cannot be shown; empty while it may still come.
    [[nodiscard]] std::string problem(schemas::FrameIndex frame) const;

private:
    struct Entry {
        std::shared_ptr<const storage::DepthFrame> frame;  // nullptr when it cannot be read
        std::string problem;
    };

    void run(const std::stop_token& stop);
    [[nodiscard]] Entry read(schemas::FrameIndex frame) const;
    [[nodiscard]] std::optional<schemas::FrameIndex> next_missing() const;  // mutex_ is held

    const std::shared_ptr<storage::DepthReader> reader_;
    const std::function<void()> wake_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<schemas::FrameIndex> wanted_;       // guarded by mutex_, as the next
    std::map<schemas::FrameIndex, Entry> entries_;  // of wanted frames
    std::jthread thread_;                           // last: it ends before what it uses
};

}  // namespace annotator
