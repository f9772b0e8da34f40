#include "annotator/playback/sound_ring.h"

#include <algorithm>

namespace annotator {

SoundRing::SoundRing(int channels, std::int64_t capacity)
    : channels_(channels),
      capacity_(capacity),
      samples_(static_cast<std::size_t>(capacity) * static_cast<std::size_t>(channels)) {}

void SoundRing::take(float* out, std::int64_t count) {
    const std::int64_t begin = taken_.load();
    const std::int64_t before = written_.load();
    taken_.store(begin + count);
    const std::int64_t end = std::clamp(std::min(before, written_.load()), begin, begin + count);
    for (std::int64_t sample = begin; sample < end; ++sample, out += channels_) std::copy_n(at(sample), channels_, out);
    std::fill_n(out, (begin + count - end) * channels_, 0.0F);
}

SoundRing::Space SoundRing::space() const {
    const std::int64_t taken = taken_.load();
    const std::int64_t begin = std::max(taken, written_.load());
    // The device may still be copying what it took last.
    return {begin, std::max<std::int64_t>(0, taken + capacity_ / 2 - begin)};
}

void SoundRing::write(const Space& space, std::span<const float> interleaved) {
    const std::int64_t count = std::min(space.count, static_cast<std::int64_t>(interleaved.size()) / channels_);
    for (std::int64_t i = 0; i < count; ++i)
        std::copy_n(interleaved.data() + i * channels_, channels_, at(space.begin + i));
    written_.store(space.begin + count);
}

}  // namespace annotator
