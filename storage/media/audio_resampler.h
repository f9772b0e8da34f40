#pragma once

#include <span>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"

namespace storage {

// One channel at another sample rate, piece by piece. Sample i of what comes out lies at i / to_rate seconds,
// sample 0 where the first one that went in lay.
//
// Thread: one at a time. Throws std::invalid_argument for a rate that is not positive.
class MonoResampler {
public:
    MonoResampler(int from_rate, int to_rate);

    std::vector<float> resample(std::span<const float> samples);
    std::vector<float> finish();  // what was held back

private:
    std::vector<float> convert(const float* samples, std::size_t count);

    ResamplerPtr context_;  // none where the rates are equal
};

}  // namespace storage
