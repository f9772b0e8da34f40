#include "annotator/playback/depth_pump.h"

#include <algorithm>
#include <exception>

namespace annotator {

using schemas::FrameIndex;

DepthPump::DepthPump(std::shared_ptr<storage::DepthReader> reader, std::function<void()> wake)
    : reader_(std::move(reader)), wake_(std::move(wake)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void DepthPump::want(std::vector<FrameIndex> frames) {
    {
        const std::scoped_lock lock(mutex_);
        if (wanted_ == frames) return;
        wanted_ = std::move(frames);
        std::erase_if(entries_, [&](const auto& entry) {
            return std::ranges::find(wanted_, entry.first) == wanted_.end();
        });
    }
    changed_.notify_one();
}

std::shared_ptr<const storage::DepthFrame> DepthPump::ready(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(frame);
    return found == entries_.end() ? nullptr : found->second.frame;
}

std::string DepthPump::problem(FrameIndex frame) const {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(frame);
    return found == entries_.end() ? "" : found->second.problem;
}

std::optional<FrameIndex> DepthPump::next_missing() const {
    const auto missing = std::ranges::find_if(wanted_, [&](FrameIndex frame) { return !entries_.contains(frame); });
    return missing == wanted_.end() ? std::nullopt : std::optional(*missing);
}

DepthPump::Entry DepthPump::read(FrameIndex frame) const {
    try {
        return {std::make_shared<const storage::DepthFrame>(reader_->frame(frame)), ""};
    } catch (const std::exception& error) {
        return {nullptr, error.what()};
    }
}

void DepthPump::run(const std::stop_token& stop) {
    for (;;) {
        FrameIndex frame = 0;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [&] { return next_missing().has_value(); })) return;
            frame = *next_missing();
        }
        Entry entry = read(frame);
        {
            const std::scoped_lock lock(mutex_);
            if (std::ranges::find(wanted_, frame) != wanted_.end()) entries_.insert_or_assign(frame, std::move(entry));
        }
        wake_();
    }
}

}  // namespace annotator
