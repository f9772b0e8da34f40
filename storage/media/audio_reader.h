#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "storage/media/audio_index.h"

namespace storage {

// What it took to read the samples asked for so far.
struct AudioReadStats {
    std::int64_t seeks = 0;    // jumps within the file
    std::int64_t packets = 0;  // decoded
};

// Gives any samples of a sound by their index, and never others: which samples a packet gives is known from the
// index, not from time stamps. Reading on never seeks. After a seek decoding begins a second earlier, so that
// codecs that build on what was heard before have settled: PCM, FLAC, Vorbis, MP3 and most AAC come out
// bit by bit as from the start, Opus to some millionths. (AAC may fill bands with noise, which is drawn anew.)
//
// Thread: one at a time. Memory: the file's buffers and one packet.
class AudioReader {
public:
    // The index must be that of this file; throws ReadError when the file has changed since or is gone.
    AudioReader(const std::filesystem::path& file, std::shared_ptr<const AudioIndex> index);
    ~AudioReader();
    AudioReader(AudioReader&&) noexcept;

    [[nodiscard]] const AudioIndex& index() const;

    // Samples [begin, begin + count) of all channels, interleaved; 0 before the sound and after it. nullopt when
    // stopped. Throws ReadError when the file cannot be read any more, std::invalid_argument for a negative count.
    [[nodiscard]] std::optional<std::vector<float>> read(std::int64_t begin, std::int64_t count,
                                                         std::stop_token stop = {});

    [[nodiscard]] const AudioReadStats& stats() const;

private:
    class Decoding;
    std::unique_ptr<Decoding> decoding_;
};

// The mean of the channels of interleaved samples.
std::vector<float> mono_from(std::span<const float> interleaved, int channels);

// The whole sound, as one channel at another rate, piece by piece: for analysis. Sample i of what `sink` gets is
// heard start_seconds + i / sample_rate on the container's clock. False when stopped. Throws as AudioReader does.
bool read_mono(const std::filesystem::path& file, std::shared_ptr<const AudioIndex> index, int sample_rate,
               const std::function<void(std::span<const float> mono)>& sink, std::stop_token stop = {});

}  // namespace storage
