#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace annotator {

// Carries sound from the thread that makes it to the device, without locks. Samples of a channel are counted from
// the first one that the device took, whether there was anything to take or not: what comes too late is never
// heard, so that the count is a clock.
//
// Thread: take() the device's; the others one other thread.
class SoundRing {
public:
    SoundRing(int channels, std::int64_t capacity);

    // The next samples, interleaved; silence where none were written.
    void take(float* out, std::int64_t count);

    [[nodiscard]] int channels() const { return channels_; }
    [[nodiscard]] std::int64_t taken() const { return taken_.load(); }

    // Where samples can be written now: after those written before, or as soon as can still be heard.
    struct Space {
        std::int64_t begin = 0;
        std::int64_t count = 0;
    };
    [[nodiscard]] Space space() const;
    // For the beginning of a space that was just asked for; no more samples than its count.
    void write(const Space& space, std::span<const float> interleaved);
    // Gives up what was not taken yet.
    void rewind() { written_.store(taken_.load()); }

private:
    [[nodiscard]] float* at(std::int64_t sample) {
        return samples_.data() + static_cast<std::size_t>(sample % capacity_) * static_cast<std::size_t>(channels_);
    }

    int channels_;
    std::int64_t capacity_;
    std::vector<float> samples_;
    // [taken_, written_) is the device's, what follows the writer's. The device announces what it takes and then looks
    // at written_ again, the writer takes back written_ before it looks at taken_: as all threads see these in one
    // order, neither touches what the other does.
    std::atomic<std::int64_t> taken_ = 0;
    std::atomic<std::int64_t> written_ = 0;
};

}  // namespace annotator
