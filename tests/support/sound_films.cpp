#include "tests/support/sound_films.h"

#include <cmath>
#include <random>

#include "storage/media/video_writer.h"

namespace tests {

std::filesystem::path write_sound_film(const TemporaryFolder& folder, const SoundFilm& film,
                                       const std::vector<float>& samples) {
    const std::filesystem::path file = folder.path() / film.name;
    storage::VideoWriterOptions options;
    options.codec = film.video_codec;
    options.pixel_format = film.video_codec == "mjpeg" ? "yuvj420p" : "yuv420p";
    options.width = 64;
    options.height = 48;
    options.time_base_denominator = 1;
    options.declared_rate = schemas::FrameRate{1, 1};
    options.sound = storage::VideoWriterOptions::Sound{film.sample_rate, film.channels, film.codec};
    storage::VideoWriter writer(file, options);
    const auto second = static_cast<std::size_t>(film.sample_rate * film.channels);
    auto pts = static_cast<std::int64_t>(film.start_seconds);
    for (std::size_t at = 0; at < samples.size(); at += second) {
        writer.add(schemas::blank_picture(options.width, options.height), pts++);
        writer.add_sound(std::span(samples).subspan(at, std::min(second, samples.size() - at)));
    }
    writer.close();
    return file;
}

std::vector<float> unlike_sound(double seconds, int sample_rate, int channels, double noise_level) {
    std::mt19937 engine(7);
    std::vector<float> samples;
    const auto count = static_cast<std::size_t>(seconds * sample_rate);
    for (std::size_t i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / sample_rate;
        for (int channel = 0; channel < channels; ++channel) {
            const double tone = 0.3 * std::sin(2 * 3.14159265358979 * t * (200 + 40 * t + 100 * channel));
            const double noise = noise_level * (static_cast<double>(engine()) / 2147483648.0 - 1);
            samples.push_back(static_cast<float>(std::round((tone + noise) * 32768) / 32768));
        }
    }
    return samples;
}

std::vector<float> bursts(double seconds, int sample_rate, const std::vector<double>& at) {
    std::vector<float> samples(static_cast<std::size_t>(seconds * sample_rate));
    for (const double begin : at)
        for (int i = 0; i < sample_rate / 100; ++i) {
            const auto place =
                static_cast<std::size_t>(std::llround(begin * sample_rate)) + static_cast<std::size_t>(i);
            if (place < samples.size())
                samples[place] = static_cast<float>(0.8 * std::sin(2 * 3.14159265358979 * 2000 * i / sample_rate));
        }
    return samples;
}

}  // namespace tests
