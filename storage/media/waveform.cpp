#include "storage/media/waveform.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "storage/features/packed_file.h"
#include "storage/hash.h"

namespace storage {

namespace {

// Raise the version whenever the layout of these files or what is in them changes.
constexpr PackedKind kind{"KWAVE\r\n\x1A", 1};
constexpr std::size_t coarsest_peaks = 64;

// Over parts of equal length.
Peak joined(std::span<const Peak> peaks) {
    Peak all = peaks.front();
    double squares = 0;
    for (const Peak& peak : peaks) {
        all.low = std::min(all.low, peak.low);
        all.high = std::max(all.high, peak.high);
        squares += static_cast<double>(peak.rms) * peak.rms;
    }
    all.rms = static_cast<float>(std::sqrt(squares / static_cast<double>(peaks.size())));
    return all;
}

std::vector<Peak> coarser(std::span<const Peak> peaks) {
    std::vector<Peak> level;
    for (std::size_t i = 0; i < peaks.size(); i += Waveform::factor)
        level.push_back(joined(peaks.subspan(i, std::min<std::size_t>(Waveform::factor, peaks.size() - i))));
    return level;
}

Waveform waveform_over(std::vector<Peak> finest, std::int64_t samples) {
    Waveform waveform;
    waveform.samples = samples;
    waveform.levels.push_back(std::move(finest));
    while (waveform.levels.back().size() > coarsest_peaks) waveform.levels.push_back(coarser(waveform.levels.back()));
    return waveform;
}

}  // namespace

std::vector<Peak> Waveform::peaks(std::int64_t begin, std::int64_t end, int count) const {
    if (count < 0 || end < begin)
        throw std::invalid_argument("a waveform needs a span of samples and a count of peaks");
    std::vector<Peak> result(static_cast<std::size_t>(count));
    if (samples == 0 || levels.empty()) return result;
    // The coarsest level whose peaks are no wider than those asked for.
    std::size_t level = 0;
    std::int64_t width = finest;
    while (level + 1 < levels.size() && width * factor * count <= end - begin) {
        width *= factor;
        ++level;
    }
    const std::vector<Peak>& stored = levels[level];
    const double step = static_cast<double>(end - begin) / std::max(1, count);
    for (int i = 0; i < count; ++i) {
        const double from = static_cast<double>(begin) + step * i, to = from + step;
        if (to <= 0 || from >= static_cast<double>(samples)) continue;
        const auto size = static_cast<double>(stored.size());
        const double first = std::clamp(std::floor(from / static_cast<double>(width)), 0.0, size - 1);
        const double last = std::clamp(std::ceil(to / static_cast<double>(width)), first + 1, size);
        result[static_cast<std::size_t>(i)] =
            joined(std::span(stored).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)));
    }
    return result;
}

void WaveformBuilder::add(std::span<const float> interleaved, int channels) {
    const auto width = static_cast<std::size_t>(channels);
    for (std::size_t i = 0; i + width <= interleaved.size(); i += width) {
        const std::span<const float> sample = interleaved.subspan(i, width);
        if (open_.samples == 0) open_.peak = {sample.front(), sample.front(), 0};
        double squares = 0;
        for (const float value : sample) {
            open_.peak.low = std::min(open_.peak.low, value);
            open_.peak.high = std::max(open_.peak.high, value);
            squares += static_cast<double>(value) * value;
        }
        open_.squares += squares / channels;
        ++samples_;
        if (++open_.samples == Waveform::finest) close_peak();
    }
}

void WaveformBuilder::close_peak() {
    open_.peak.rms = static_cast<float>(std::sqrt(open_.squares / static_cast<double>(open_.samples)));
    finest_.push_back(open_.peak);
    open_ = {};
}

Waveform WaveformBuilder::finish() {
    if (open_.samples > 0) close_peak();
    Waveform waveform = waveform_over(std::move(finest_), samples_);
    *this = {};
    return waveform;
}

std::filesystem::path WaveformCache::file_of(std::string_view sha256, int stream) const {
    return folder_ / (std::string(sha256) + "-" + std::to_string(stream));
}

std::optional<Waveform> WaveformCache::load(std::string_view sha256, int stream) const {
    if (!is_sha256(sha256)) return std::nullopt;
    const std::optional<std::string> body = read_packed_file(file_of(sha256, stream), kind);
    if (!body) return std::nullopt;
    try {
        Unpacker in(*body);
        const auto samples = in.value<std::int64_t>();
        std::vector<Peak> finest = in.array<Peak>();
        // The last peak may have fewer samples than the others; a damaged count can be any number.
        const auto expected = samples / Waveform::finest + (samples % Waveform::finest != 0 ? 1 : 0);
        if (samples < 0 || std::ssize(finest) != expected) return std::nullopt;
        return waveform_over(std::move(finest), samples);
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

void WaveformCache::store(std::string_view sha256, int stream, const Waveform& waveform) const {
    if (!is_sha256(sha256)) return;
    Packer body;
    body.value(waveform.samples);
    body.array(waveform.levels.front());
    write_packed_file(file_of(sha256, stream), kind, body.bytes());
}

}  // namespace storage
