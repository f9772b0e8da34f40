#include "annotator/playback/frame_pump.h"

#include <algorithm>
#include <cstdlib>
#include <exception>

namespace annotator {

using schemas::FrameIndex;

namespace {

// A frame that is passed while it is decoded is finished all the same: the way to the next leads over it, and a machine
// that is too slow would finish none.
constexpr FrameIndex near_frames = 15;

bool contains(const std::vector<FrameIndex>& frames, FrameIndex frame) {
    return std::ranges::find(frames, frame) != frames.end();
}

}  // namespace

FramePump::FramePump(std::filesystem::path file, std::shared_ptr<const storage::VideoIndex> index,
                     FramePumpOptions options)
    : file_(std::move(file)),
      index_(std::move(index)),
      options_(std::move(options)),
      longest_side_(options_.longest_side),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

FramePump::~FramePump() {
    const std::scoped_lock lock(mutex_);
    thread_.request_stop();
    decoding_stop_.request_stop();
}

void FramePump::want(std::vector<FrameIndex> frames) {
    {
        const std::scoped_lock lock(mutex_);
        if (wanted_ == frames) return;
        wanted_ = std::move(frames);
        std::erase_if(entries_, [&](const auto& entry) { return !contains(wanted_, entry.first); });
        const auto near = [&](FrameIndex frame) { return std::abs(frame - *decoding_) <= near_frames; };
        if (decoding_ && std::ranges::none_of(wanted_, near)) decoding_stop_.request_stop();
    }
    changed_.notify_one();
}

void FramePump::set_longest_side(int pixels) {
    {
        const std::scoped_lock lock(mutex_);
        if (longest_side_ == pixels) return;
        longest_side_ = pixels;
        entries_.clear();
    }
    changed_.notify_one();
}

std::optional<ReadyFrame> FramePump::ready(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(frame);
    return found == entries_.end() ? std::nullopt : found->second.ready;
}

std::optional<ReadyFrame> FramePump::latest() const {
    const std::scoped_lock lock(mutex_);
    return latest_;
}

std::string FramePump::problem(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(frame);
    return found == entries_.end() ? "" : found->second.problem;
}

std::size_t FramePump::bytes_ready() const {
    std::size_t bytes = 0;
    for (const auto& [frame, entry] : entries_)
        if (entry.ready) bytes += entry.ready->frame.bytes() + entry.ready->picture->rgba.size();
    return bytes;
}

std::optional<FrameIndex> FramePump::next_missing() const {
    const auto missing = std::ranges::find_if(wanted_, [&](FrameIndex frame) { return !entries_.contains(frame); });
    if (missing == wanted_.end()) return std::nullopt;
    // The one that is due comes whatever it takes, those ahead while there is room.
    if (missing != wanted_.begin() && bytes_ready() >= options_.ready_bytes) return std::nullopt;
    return *missing;
}

void FramePump::run(const std::stop_token& stop) {
    for (;;) {
        FrameIndex frame = 0;
        int longest_side = 0;
        std::stop_token stop_decoding;
        {
            std::unique_lock lock(mutex_);
            decoding_.reset();
            if (!changed_.wait(lock, stop, [&] { return next_missing().has_value(); })) return;
            decoding_ = frame = *next_missing();
            longest_side = longest_side_;
            decoding_stop_ = std::stop_source();
            stop_decoding = decoding_stop_.get_token();
            if (stop.stop_requested()) return;
        }
        if (std::optional<Entry> entry = make(frame, longest_side, stop_decoding)) {
            keep(frame, longest_side, std::move(*entry));
            options_.wake();
        }
    }
}

std::optional<FramePump::Entry> FramePump::make(FrameIndex frame, int longest_side, const std::stop_token& stop) {
    try {
        if (!reader_)
            reader_.emplace(file_, index_, storage::VideoReaderOptions{options_.cache, options_.decoder_threads});
        std::optional<storage::VideoFrame> decoded = reader_->frame(frame, stop);
        if (!decoded) return std::nullopt;
        auto picture = std::make_shared<const schemas::Picture>(decoded->picture(longest_side));
        return Entry{ReadyFrame{std::move(*decoded), std::move(picture)}, ""};
    } catch (const std::exception& error) {
        return Entry{std::nullopt, error.what()};
    }
}

void FramePump::keep(FrameIndex frame, int longest_side, Entry entry) {
    const std::scoped_lock lock(mutex_);
    if (entry.ready) latest_ = entry.ready;
    if (longest_side == longest_side_ && contains(wanted_, frame)) entries_.insert_or_assign(frame, std::move(entry));
}

}  // namespace annotator
