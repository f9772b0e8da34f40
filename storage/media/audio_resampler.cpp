#include "storage/media/audio_resampler.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/samplefmt.h>
}

#include <cstdint>
#include <new>
#include <stdexcept>

namespace storage {

MonoResampler::MonoResampler(int from_rate, int to_rate) {
    if (from_rate <= 0 || to_rate <= 0) throw std::invalid_argument("sound: a sample rate that is not positive");
    if (from_rate == to_rate) return;
    AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    SwrContext* context = nullptr;
    const int error = swr_alloc_set_opts2(&context, &mono, AV_SAMPLE_FMT_FLT, to_rate, &mono, AV_SAMPLE_FMT_FLT,
                                          from_rate, 0, nullptr);
    context_.reset(context);
    if (error < 0 || swr_init(context) < 0) throw std::bad_alloc();
}

std::vector<float> MonoResampler::resample(std::span<const float> samples) {
    if (!context_) return {samples.begin(), samples.end()};
    return convert(samples.data(), samples.size());
}

std::vector<float> MonoResampler::finish() {
    if (!context_) return {};
    return convert(nullptr, 0);
}

std::vector<float> MonoResampler::convert(const float* samples, std::size_t count) {
    const int room = swr_get_out_samples(context_.get(), static_cast<int>(count));
    if (room <= 0) return {};
    std::vector<float> out(static_cast<std::size_t>(room));
    auto* target = reinterpret_cast<std::uint8_t*>(out.data());
    const auto* source = reinterpret_cast<const std::uint8_t*>(samples);
    const int got =
        swr_convert(context_.get(), &target, room, samples == nullptr ? nullptr : &source, static_cast<int>(count));
    out.resize(static_cast<std::size_t>(got > 0 ? got : 0));
    return out;
}

}  // namespace storage
