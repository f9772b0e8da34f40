#include "annotator/workflows/bench_video.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>
#include <thread>

#include "schemas/picture.h"
#include "storage/media/video_writer.h"

namespace annotator {

namespace {

using schemas::Picture;

constexpr int spare = 256;  // around the picture, for the camera to move in
constexpr int people = 5;

// Blotches of several sizes, as cloth, leaves and walls have them.
Picture texture(int width, int height) {
    std::mt19937 random(3);
    Picture picture = schemas::blank_picture(width, height);
    for (const int size : {64, 16, 4}) {
        const int columns = picture.width / size + 1;
        std::vector<std::array<int, 3>> tones(static_cast<std::size_t>(columns * (picture.height / size + 1)));
        for (auto& tone : tones)
            for (int& value : tone) value = static_cast<int>(random() % 80);
        for (int y = 0; y < picture.height; ++y)
            for (int x = 0; x < picture.width; ++x)
                for (int channel = 0; channel < 3; ++channel)
                    picture.pixel(x, y)[channel] = static_cast<std::uint8_t>(
                        picture.pixel(x, y)[channel] + tones[static_cast<std::size_t>(y / size * columns + x / size)]
                                                            [static_cast<std::size_t>(channel)]);
    }
    return picture;
}

struct Place {
    int x = 0, y = 0;
};

void copy_window(const Picture& from, Place corner, Picture& to, Place target, Place size) {
    for (int y = 0; y < size.y; ++y)
        std::memcpy(to.pixel(target.x, target.y + y), from.pixel(corner.x, corner.y + y),
                    static_cast<std::size_t>(size.x) * 4);
}

// The camera sways over the wall; people, seen as tall patches, cross it at other speeds.
void draw(const Picture& wall, double seconds, Picture& picture) {
    const auto swing = [&](double turns, double phase, int most) {
        return static_cast<int>(std::lround((1 + std::sin(turns * seconds + phase)) / 2 * most));
    };
    copy_window(wall, {swing(0.9, 0, spare), swing(0.7, 1, spare)}, picture, {0, 0}, {picture.width, picture.height});
    const Place person{picture.width / 9, picture.height * 3 / 5};
    for (int i = 0; i < people; ++i)
        copy_window(wall, {swing(2.3, i, picture.width / 4), swing(3.1, 2.0 * i, picture.height / 5)}, picture,
                    {swing(0.6 + 0.2 * i, i, picture.width - person.x), swing(1.7, 3.0 * i, picture.height - person.y)},
                    person);
}

// What a sensor adds: never twice the same.
void add_noise(Picture& picture, std::mt19937& random) {
    for (std::size_t at = random() % 8; at + 2 < picture.rgba.size(); at += 8) {
        const auto shift = static_cast<int>(random() % 7) - 3;
        for (std::size_t channel = 0; channel < 3; ++channel) {
            std::uint8_t& value = picture.rgba[at / 4 * 4 + channel];
            value = static_cast<std::uint8_t>(std::clamp(value + shift, 0, 255));
        }
    }
}

}  // namespace

void write_bench_video(const std::filesystem::path& file, const BenchVideo& video) {
    const bool lively = video.motion == BenchVideo::Motion::lively;
    storage::VideoWriterOptions options;
    options.width = video.width;
    options.height = video.height;
    options.time_base_denominator = video.rate;
    options.declared_rate = schemas::FrameRate{video.rate, 1};
    options.group_length = bench_group;
    options.b_frames = 3;
    options.b_pattern = storage::VideoWriterOptions::Pattern::regular;
    options.preset = lively ? "veryfast" : "ultrafast";
    options.quality = lively ? 25 : 38;
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    storage::VideoWriter writer(file, options);
    std::mt19937 random(9);
    const Picture wall = texture(video.width + spare, video.height + spare);
    Picture picture = schemas::blank_picture(video.width, video.height);
    for (int frame = 0; frame < video.frames; ++frame) {
        draw(wall, lively ? static_cast<double>(frame) / video.rate : 0.0, picture);
        if (lively) add_noise(picture, random);
        writer.add(picture, frame);
    }
    writer.close();
}

}  // namespace annotator
