#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary_folder.h"

// Small recordings with sound, written by the test.
namespace tests {

struct SoundFilm {
    std::string name = "sound.mkv";  // the extension says the container
    std::string codec = "flac";      // aac opus flac pcm_s16le
    int sample_rate = 48000;
    int channels = 1;
    double start_seconds = 0;  // of picture and sound
    std::string video_codec = "mjpeg";
};

// A picture a second, and this sound (interleaved) under it.
std::filesystem::path write_sound_film(const TemporaryFolder& folder, const SoundFilm& film,
                                       const std::vector<float>& samples);

// Sound that is nowhere like itself: tones that rise, and noise. Whole steps of a 16-bit sample.
std::vector<float> unlike_sound(double seconds, int sample_rate, int channels, double noise_level = 0.05);

// Silence with a short burst at each of these times.
std::vector<float> bursts(double seconds, int sample_rate, const std::vector<double>& at);

}  // namespace tests
