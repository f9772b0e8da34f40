#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace storage {

// The sound of some samples in short: the lowest and highest value of any channel, and the root of the mean square.
struct Peak {
    float low = 0;
    float high = 0;
    float rms = 0;

    bool operator==(const Peak&) const = default;
};

// Peaks at several zooms, so that any part of a sound is drawn at once. Peak i of level k is over the
// samples [i * n, (i + 1) * n) with n = 256 * 4^k; the last one of a level may be over fewer. The last level has at
// most 64 peaks. About 21 MB for two hours at 48 kHz.
struct Waveform {
    static constexpr std::int64_t finest = 256;  // samples of a peak of level 0
    static constexpr std::int64_t factor = 4;    // from one level to the next

    std::int64_t samples = 0;
    std::vector<std::vector<Peak>> levels;

    // As many peaks as asked for, evenly over [begin, end) and in order; silence outside the sound. They are at
    // least as high as the samples they stand for, and look at no more than a peak of the level in use too far to
    // either side. Throws std::invalid_argument for a negative number or an end before the beginning.
    [[nodiscard]] std::vector<Peak> peaks(std::int64_t begin, std::int64_t end, int count) const;
};

// Makes a waveform from sound that comes in pieces.
//
// Thread: one.
class WaveformBuilder {
public:
    void add(std::span<const float> interleaved, int channels);
    [[nodiscard]] Waveform finish();

private:
    struct Sum {
        Peak peak;
        double squares = 0;
        std::int64_t samples = 0;
    };
    void close_peak();

    Sum open_;
    std::vector<Peak> finest_;
    std::int64_t samples_ = 0;
};

// Waveforms that were made before, kept under <project>/cache/waveform by the SHA-256 of the file and the stream of
// sound within it. The folder may be deleted or read-only at any time: what cannot be read, is damaged or was
// written by another version is simply not there, and what cannot be written is not kept.
//
// Thread: any; files appear whole, by renaming.
class WaveformCache {
public:
    explicit WaveformCache(const std::filesystem::path& project) : folder_(project / "cache" / "waveform") {}

    [[nodiscard]] std::optional<Waveform> load(std::string_view sha256, int stream) const;
    void store(std::string_view sha256, int stream, const Waveform& waveform) const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::string_view sha256, int stream) const;

    std::filesystem::path folder_;
};

}  // namespace storage
