#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
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
#include "schemas/picture.h"
#include "storage/media/frame_cache.h"
#include "storage/media/video_reader.h"

namespace annotator {

// A frame that can be shown: as decoded, and as a picture of the size of the view.
struct ReadyFrame {
    storage::VideoFrame frame;
    std::shared_ptr<const schemas::Picture> picture;
};

struct FramePumpOptions {
    std::shared_ptr<storage::FrameCache> cache;  // shared by all clips
    int longest_side = 0;                        // of the pictures; 0: as large as they are
    int decoder_threads = 1;
    std::size_t ready_bytes = std::size_t{96} << 20;  // of frames kept ready ahead
    std::function<void()> wake = [] {};               // on the pump's thread, whenever something is ready
};

// Decodes one video on a thread of its own: always the frame that is wanted first, whatever was asked for before.
//
// Thread: any one; usually the UI's. The end of its life waits for what is being decoded to stop, some milliseconds.
class FramePump {
public:
    // Opens nothing yet: an error of the file shows in problem().
    FramePump(std::filesystem::path file, std::shared_ptr<const storage::VideoIndex> index,
              FramePumpOptions options = {});
    ~FramePump();

    // The frames wanted from now on, the most urgent first; all others are forgotten.
    void want(std::vector<schemas::FrameIndex> frames);
    void set_longest_side(int pixels);

    // That very frame, if it is ready.
    [[nodiscard]] std::optional<ReadyFrame> ready(schemas::FrameIndex frame) const;
    // The one that was made ready last, to go on showing something.
    [[nodiscard]] std::optional<ReadyFrame> latest() const;
    // Why a frame cannot be shown; empty while it may still come.
    [[nodiscard]] std::string problem(schemas::FrameIndex frame) const;

private:
    struct Entry {
        std::optional<ReadyFrame> ready;  // none when it does not decode
        std::string problem;
    };

    void run(const std::stop_token& stop);
    [[nodiscard]] std::optional<schemas::FrameIndex> next_missing() const;  // mutex_ is held
    [[nodiscard]] std::size_t bytes_ready() const;                          // mutex_ is held
    [[nodiscard]] std::optional<Entry> make(schemas::FrameIndex frame, int longest_side, const std::stop_token& stop);
    void keep(schemas::FrameIndex frame, int longest_side, Entry entry);

    const std::filesystem::path file_;
    const std::shared_ptr<const storage::VideoIndex> index_;
    const FramePumpOptions options_;
    std::optional<storage::VideoReader> reader_;  // the thread's own

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    std::vector<schemas::FrameIndex> wanted_;       // guarded by mutex_, as all that follow
    std::map<schemas::FrameIndex, Entry> entries_;  // of wanted frames
    std::optional<ReadyFrame> latest_;
    int longest_side_ = 0;
    std::optional<schemas::FrameIndex> decoding_;
    std::stop_source decoding_stop_;
    std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace annotator
