#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/media/video_writer.h"
#include "tests/support/temporary_folder.h"

namespace tests {

struct TinyFilm {
    std::string codec = "h264";
    std::string extension = ".mkv";
    int frames = 6;
    std::optional<storage::VideoWriterOptions::Sound> sound = {};  // a tone, as long as the pictures
};

// Ticks of the time base that the container wants.
inline std::int64_t ticks_a_second(const TinyFilm& film) {
    if (film.extension == ".avi") return 25;
    return film.extension == ".ts" ? 90000 : 1000;
}

// A picture of 32x24 that is another one for each frame.
inline schemas::Picture tiny_picture(int frame) {
    schemas::Picture picture = schemas::blank_picture(32, 24);
    for (std::size_t i = 0; i < picture.rgba.size(); ++i)
        picture.rgba[i] = static_cast<std::uint8_t>(i % 4 == 3 ? 255 : i / 9 + 60 * static_cast<std::size_t>(frame));
    return picture;
}

// Of 32x24 pixels and 25 frames a second, a few kilobytes.
inline void write_tiny_film(const std::filesystem::path& file, const TinyFilm& film) {
    storage::VideoWriterOptions options;
    options.codec = film.codec;
    options.width = 32;
    options.height = 24;
    options.time_base_denominator = ticks_a_second(film);
    options.declared_rate = schemas::FrameRate{25, 1};
    options.group_length = 3;
    options.b_frames = film.codec == "h264" && film.extension != ".avi" ? 1 : 0;
    options.sound = film.sound;
    storage::VideoWriter writer(file, options);
    const std::int64_t start = film.extension == ".ts" ? ticks_a_second(film) : 0;
    for (int frame = 0; frame < film.frames; ++frame)
        writer.add(tiny_picture(frame), start + frame * ticks_a_second(film) / 25);
    if (film.sound) {
        std::vector<float> tone;
        for (int sample = 0; sample < film.sound->sample_rate * film.sound->channels * film.frames / 25; ++sample)
            tone.push_back(sample / 20 % 2 == 0 ? 0.25F : -0.25F);
        writer.add_sound(tone);
    }
    writer.close();
}

inline std::string tiny_film(const TinyFilm& film) {
    const TemporaryFolder folder(Place::memory);
    const std::filesystem::path file = folder.path() / ("film" + film.extension);
    write_tiny_film(file, film);
    return text_in(file);
}

}  // namespace tests
