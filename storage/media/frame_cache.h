#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "storage/media/video_reader.h"

namespace storage {

// Decoded frames of all open videos, within a budget of bytes; the ones used longest ago go first.
//
// Thread: any; calls are serialised inside.
class FrameCache {
public:
    static constexpr std::size_t usual_budget = std::size_t{1} << 30;

    explicit FrameCache(std::size_t budget_bytes = usual_budget);
    ~FrameCache();

    // A number of its own for each video that shares the cache.
    [[nodiscard]] std::uint64_t new_source();
    void put(std::uint64_t source, const VideoFrame& frame);
    [[nodiscard]] std::optional<VideoFrame> get(std::uint64_t source, schemas::FrameIndex index);
    void forget(std::uint64_t source);

    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::size_t budget() const;
    void set_budget(std::size_t bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace storage
