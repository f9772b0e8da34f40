#include "inference/onsets.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>
#include <string>
#include <unsupported/Eigen/FFT>

namespace inference {

namespace {

constexpr double window_seconds = 0.032, hop_seconds = 0.004;
constexpr int mel_bands = 40;
constexpr double lowest_hertz = 30, highest_hertz = 8000;
constexpr float silent_power = 1e-8F;  // -80 dB of a full-scale sine

double mel_from_hertz(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double hertz_from_mel(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

// A triangle over the bins of a spectrum.
struct MelBand {
    std::size_t first = 0;
    std::vector<float> weights;
};

std::vector<MelBand> mel_bank(double sample_rate, std::size_t fft_size) {
    const double low = mel_from_hertz(lowest_hertz);
    const double high = mel_from_hertz(std::min(highest_hertz, sample_rate / 2));
    const auto edge = [&](int i) { return hertz_from_mel(low + (high - low) * i / (mel_bands + 1)); };
    std::vector<MelBand> bank;
    for (int band = 0; band < mel_bands; ++band) {
        const double from = edge(band), peak = edge(band + 1), to = edge(band + 2);
        MelBand triangle;
        for (std::size_t bin = 0; bin <= fft_size / 2; ++bin) {
            const double hertz = static_cast<double>(bin) * sample_rate / static_cast<double>(fft_size);
            const double weight = std::min((hertz - from) / (peak - from), (to - hertz) / (to - peak));
            if (weight <= 0) continue;
            if (triangle.weights.empty()) triangle.first = bin;
            triangle.weights.push_back(static_cast<float>(weight));
        }
        // The lowest bands may be narrower than a bin.
        if (!triangle.weights.empty()) bank.push_back(std::move(triangle));
    }
    return bank;
}

void remove_slow_changes(std::vector<float>& values, double rate) {
    const double keep = std::exp(-2 * std::numbers::pi * 0.4 / rate);
    double before = values.empty() ? 0 : values.front(), filtered = 0;
    for (float& value : values) {
        filtered = value - before + keep * filtered;
        before = value;
        value = static_cast<float>(filtered);
    }
}

std::vector<float> smoothed(const std::vector<float>& values, double deviation) {
    const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3 * deviation));
    std::vector<double> kernel;
    double sum = 0;
    for (std::ptrdiff_t i = -reach; i <= reach; ++i) {
        const double away = static_cast<double>(i) / deviation;
        sum += kernel.emplace_back(std::exp(-0.5 * away * away));
    }
    const auto size = static_cast<std::ptrdiff_t>(values.size());
    std::vector<float> out(values.size());
    for (std::ptrdiff_t i = 0; i < size; ++i) {
        double total = 0;
        for (std::ptrdiff_t k = std::max(-reach, -i); k <= std::min(reach, size - 1 - i); ++k)
            total += kernel[static_cast<std::size_t>(k + reach)] * values[static_cast<std::size_t>(i + k)];
        out[static_cast<std::size_t>(i)] = static_cast<float>(total / sum);
    }
    return out;
}

void normalise(std::vector<float>& values) {
    double sum = 0, squares = 0;
    for (const float value : values) {
        sum += value;
        squares += static_cast<double>(value) * value;
    }
    const double count = std::max<double>(1, static_cast<double>(values.size()));
    const double mean = sum / count, variance = squares / count - mean * mean;
    const double scale = variance < 1e-9 ? 0 : 1 / std::sqrt(variance);
    for (float& value : values) value = static_cast<float>((value - mean) * scale);
}

}  // namespace

struct OnsetMeter::State {
    explicit State(double sample_rate)
        : hop(static_cast<std::size_t>(std::lround(sample_rate * hop_seconds))),
          rate(sample_rate / static_cast<double>(hop)),
          window(static_cast<std::size_t>(std::lround(sample_rate * window_seconds))),
          input(std::bit_ceil(window.size())),
          spectrum(input.size() / 2 + 1),
          bank(mel_bank(sample_rate, input.size())),
          decibels(bank.size()),
          waiting(window.size() / 2) {  // so that the first window has the first sample in its middle
        fft.SetFlag(Eigen::FFT<float>::HalfSpectrum);
        for (std::size_t i = 0; i < window.size(); ++i)
            window[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) /
                                                                static_cast<double>(window.size())));
    }

    void measure(const float* samples) {
        for (std::size_t i = 0; i < window.size(); ++i) input[i] = samples[i] * window[i];
        fft.fwd(spectrum.data(), input.data(), static_cast<Eigen::Index>(input.size()));
        // A full-scale sine comes out as 1: half the sum of the window, squared.
        const float scale = 16.0F / (static_cast<float>(window.size()) * static_cast<float>(window.size()));
        float rise = 0;
        for (std::size_t band = 0; band < bank.size(); ++band) {
            float power = 0;
            for (std::size_t i = 0; i < bank[band].weights.size(); ++i)
                power += bank[band].weights[i] * std::norm(spectrum[bank[band].first + i]);
            const float level = 10 * std::log10(std::max(power * scale, silent_power));
            if (!strength.empty()) rise += std::max(0.0F, level - decibels[band]);
            decibels[band] = level;
        }
        strength.push_back(std::isfinite(rise) ? rise : 0);
    }

    std::size_t hop;
    double rate;
    std::vector<float> window, input;
    std::vector<std::complex<float>> spectrum;
    std::vector<MelBand> bank;
    std::vector<float> decibels, waiting, strength;
    Eigen::FFT<float> fft;
};

OnsetMeter::OnsetMeter(double sample_rate) {
    if (!(sample_rate >= 1000 && sample_rate <= 768000))
        throw std::invalid_argument("onsets: expected a sample rate of 1,000 to 768,000, found " +
                                    std::to_string(sample_rate));
    state_ = std::make_unique<State>(sample_rate);
}
OnsetMeter::~OnsetMeter() = default;
OnsetMeter::OnsetMeter(OnsetMeter&&) noexcept = default;

void OnsetMeter::add(std::span<const float> mono) {
    State& state = *state_;
    while (!mono.empty()) {
        const std::size_t taken = std::min<std::size_t>(mono.size(), 65536);
        state.waiting.insert(state.waiting.end(), mono.begin(), mono.begin() + static_cast<std::ptrdiff_t>(taken));
        mono = mono.subspan(taken);
        std::size_t begin = 0;
        for (; begin + state.window.size() <= state.waiting.size(); begin += state.hop)
            state.measure(state.waiting.data() + begin);
        state.waiting.erase(state.waiting.begin(), state.waiting.begin() + static_cast<std::ptrdiff_t>(begin));
    }
}

OnsetEnvelope OnsetMeter::finish() {
    add(std::vector<float>(state_->window.size() / 2));
    OnsetEnvelope envelope{std::move(state_->strength), state_->rate};
    remove_slow_changes(envelope.strength, envelope.rate);
    constexpr double smoothing_seconds = 0.020 / 2.355;  // a bell 20 ms wide at half its height
    envelope.strength = smoothed(envelope.strength, smoothing_seconds * envelope.rate);
    normalise(envelope.strength);
    return envelope;
}

OnsetEnvelope onset_envelope(std::span<const float> mono, double sample_rate) {
    OnsetMeter meter(sample_rate);
    meter.add(mono);
    return meter.finish();
}

}  // namespace inference
