#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "annotator/document/document.h"
#include "inference/scripted_network.h"
#include "schemas/skeleton.h"
#include "storage/media/video_writer.h"
#include "tests/support/recording_files.h"

// Videos of three soft dots, red, green and blue, whose places are known, and an estimator that finds them.
namespace tests {

struct DotFilm {
    int width = 160, height = 120, frames = 20;
    double radius = 4;
    std::vector<std::int64_t> pts = {};  // in milliseconds; empty: 40 apart
    std::int64_t aspect_numerator = 1, aspect_denominator = 1;
};

// Of dot 0, 1 or 2 in a frame, from the middle of the first pixel; between pixels, and never the same twice.
inline Eigen::Vector2d dot_place(const DotFilm& film, int dot, int frame) {
    const double turn = 0.31 * frame + 2.1 * dot;
    return {film.width * (0.5 + 0.28 * std::cos(turn)), film.height * (0.5 + 0.3 * std::sin(turn * 0.9))};
}

inline schemas::Picture dot_picture(const DotFilm& film, int frame) {
    schemas::Picture picture = schemas::blank_picture(film.width, film.height);
    for (int y = 0; y < film.height; ++y)
        for (int x = 0; x < film.width; ++x) {
            std::uint8_t* pixel = picture.pixel(x, y);
            pixel[3] = 255;
            for (int dot = 0; dot < 3; ++dot) {
                const double squared = (dot_place(film, dot, frame) - Eigen::Vector2d(x, y)).squaredNorm();
                pixel[dot] =
                    static_cast<std::uint8_t>(std::lround(230 * std::exp(-squared / (2 * film.radius * film.radius))));
            }
        }
    return picture;
}

inline std::filesystem::path write_dots(const TemporaryFolder& folder, const std::string& name, const DotFilm& film) {
    const std::filesystem::path file = write_file(folder, name, "");
    storage::VideoWriterOptions options;
    options.width = film.width;
    options.height = film.height;
    options.pixel_format = "yuv444p";
    options.preset = "ultrafast";
    options.quality = 10;
    options.b_frames = 2;
    options.sample_aspect_numerator = film.aspect_numerator;
    options.sample_aspect_denominator = film.aspect_denominator;
    storage::VideoWriter writer(file, options);
    for (int frame = 0; frame < film.frames; ++frame)
        writer.add(dot_picture(film, frame), film.pts.empty() ? 40 * frame : film.pts[static_cast<std::size_t>(frame)]);
    writer.close();
    return file;
}

// What `dot_estimator` wants: levels of 0 to 1.
inline std::string dot_card(int width, int height, const std::string& more = "") {
    return R"({"name": "three dots", "input": {"width": )" + std::to_string(width) + R"(, "height": )" +
           std::to_string(height) + R"(}, "output": {"kind": "heat-maps"}, "layout": "coco17",
"joints": ["nose", "left_wrist", "right_ankle"])" +
           more + "}";
}

// A heat map for each colour, as large as the input: what is brighter in it than in the others.
class DotFinder final : public inference::ScriptedNetwork {
public:
    [[nodiscard]] inference::NetworkAnswer answer(std::span<const float> input,
                                                  const std::array<std::int64_t, 4>& shape) override {
        asked.push_back(shape);
        const auto area = static_cast<std::size_t>(shape[2] * shape[3]);
        inference::NetworkAnswer answer{{shape[0], 3, shape[2], shape[3]}, {}};
        for (std::size_t picture = 0; picture < static_cast<std::size_t>(shape[0]); ++picture)
            for (std::size_t c = 0; c < 3; ++c)
                for (std::size_t i = 0; i < area; ++i) {
                    const auto level = [&](std::size_t channel) { return input[(3 * picture + channel) * area + i]; };
                    const float others = std::max(level((c + 1) % 3), level((c + 2) % 3));
                    answer.values.push_back(std::max(0.0F, level(c) - others));
                }
        return answer;
    }

    std::vector<std::array<std::int64_t, 4>> asked;
};

// Which joint of coco17 a dot is.
inline constexpr std::array<std::size_t, 3> joint_of_dot{0, 9, 16};

// The only skeleton stream; nullptr where there is none.
inline const schemas::Stream* key_points_of(const annotator::Document& document) {
    const schemas::Stream* found = nullptr;
    for (const auto& [id, stream] : document.rows<schemas::Stream>())
        if (stream.kind == schemas::StreamKind::skeleton) found = &stream;
    return found;
}

// How far the dots are from where they were drawn, at the most, in pixels of the video.
inline double farthest_off(const schemas::SkeletonSequence& sequence, const DotFilm& film) {
    double farthest = 0;
    for (schemas::FrameIndex frame = 0; frame < sequence.frames(); ++frame)
        for (int dot = 0; dot < 3; ++dot) {
            const std::size_t joint = joint_of_dot[static_cast<std::size_t>(dot)];
            if (!(sequence.confidence_at(frame, joint) > 0.3F)) return 1e9;
            const Eigen::Vector2d found = sequence.at(frame, joint).head<2>().cast<double>();
            farthest = std::max(farthest, (found - dot_place(film, dot, static_cast<int>(frame))).norm());
        }
    return farthest;
}

}  // namespace tests
