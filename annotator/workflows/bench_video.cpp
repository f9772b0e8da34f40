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

constexpr int width = 1920, height = 1080;
constexpr int spare = 256;  // around the picture, for the camera to move in

// Blotches of several sizes, as cloth, leaves and walls have them.
Picture texture() {
    std::mt19937 random(3);
    Picture picture = schemas::blank_picture(width + spare, height + spare);
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

// A window of `from`, the upper left corner of which is there.
void copy_window(const Picture& from, int left, int top, Picture& to, int to_left, int to_top, int columns, int rows) {
    for (int y = 0; y < rows; ++y)
        std::memcpy(to.pixel(to_left, to_top + y), from.pixel(left, top + y), static_cast<std::size_t>(columns) * 4);
}

// The camera sways over the wall; people, seen as tall patches, cross it at other speeds.
void draw(const Picture& wall, double seconds, Picture& picture) {
    const auto swing = [&](double turns, double phase, int most) {
        return static_cast<int>(std::lround((1 + std::sin(turns * seconds + phase)) / 2 * most));
    };
    copy_window(wall, swing(0.9, 0, spare), swing(0.7, 1, spare), picture, 0, 0, width, height);
    for (int person = 0; person < 5; ++person)
        copy_window(wall, swing(2.3, person, 500), swing(3.1, 2.0 * person, 200), picture,
                    swing(0.6 + 0.2 * person, person, width - 220), swing(1.7, 3.0 * person, 300), 220, 700);
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

void write_bench_video(const std::filesystem::path& file, BenchMotion motion, int frames) {
    storage::VideoWriterOptions options;
    options.width = width;
    options.height = height;
    options.time_base_denominator = bench_rate;
    options.declared_rate = schemas::FrameRate{bench_rate, 1};
    options.group_length = bench_group;
    options.b_frames = 3;
    options.preset = motion == BenchMotion::lively ? "veryfast" : "ultrafast";
    options.quality = motion == BenchMotion::lively ? 25 : 38;
    options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    storage::VideoWriter writer(file, options);
    std::mt19937 random(9);
    const Picture wall = texture();
    Picture picture = schemas::blank_picture(width, height);
    for (int frame = 0; frame < frames; ++frame) {
        draw(wall, motion == BenchMotion::lively ? static_cast<double>(frame) / bench_rate : 0.0, picture);
        if (motion == BenchMotion::lively) add_noise(picture, random);
        writer.add(picture, frame);
    }
    writer.close();
}

}  // namespace annotator
