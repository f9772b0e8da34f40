#pragma once

#include <cstdint>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "schemas/picture.h"
#include "storage/media/video_writer.h"
#include "tests/support/sound_films.h"

// Small videos whose frames are shown when the test says.
namespace tests {

struct SmallFilm {
    std::string name = "walk.mkv";
    std::vector<std::int64_t> pts;  // in milliseconds
    std::vector<float> sound = {};  // at 8 kHz, from the first picture on; empty: none
    int shade = 0;                  // films of different shades are different files
};

// Ten pictures: two at once, one late, a long rest in the middle.
inline std::vector<std::int64_t> uneven_times() { return {0, 33, 67, 71, 500, 1'500, 1'510, 1'600, 1'700, 3'000}; }

inline std::vector<std::int64_t> even_times(int frames, std::int64_t first = 0, std::int64_t step = 40) {
    std::vector<std::int64_t> pts;
    for (int i = 0; i < frames; ++i) pts.push_back(first + step * i);
    return pts;
}

inline std::filesystem::path write_film(const TemporaryFolder& folder, const SmallFilm& film) {
    const std::filesystem::path file = folder.path() / film.name;
    create_directories(file.parent_path());
    storage::VideoWriterOptions options;
    options.codec = "mjpeg";
    options.pixel_format = "yuvj420p";
    options.width = 64;
    options.height = 48;
    if (!film.sound.empty()) options.sound = storage::VideoWriterOptions::Sound{8'000, 1, "flac"};
    storage::VideoWriter writer(file, options);
    for (std::size_t i = 0; i < film.pts.size(); ++i) {
        schemas::Picture picture = schemas::blank_picture(options.width, options.height);
        for (std::size_t at = 0; at < picture.rgba.size(); ++at)
            picture.rgba[at] =
                static_cast<std::uint8_t>((at % 4 == 3 ? 255 : 20 * i + static_cast<std::size_t>(film.shade)));
        writer.add(picture, film.pts[i]);
    }
    if (!film.sound.empty()) writer.add_sound(film.sound);
    writer.close();
    return file;
}

}  // namespace tests
