#include "annotator/workflows/synth/video_renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace annotator::synth {
namespace {

using Eigen::Vector3f;

constexpr int samples = 2;  // a pixel of the dancer is the mean of samples x samples
constexpr float shadow_strength = 0.62F;

struct Costume {
    Vector3f top, legs;
};

const Costume& costume_of(std::size_t number) {
    static const std::array<Costume, 6> costumes{{
        {{0.52F, 0.055F, 0.06F}, {0.030F, 0.032F, 0.045F}},
        {{0.045F, 0.22F, 0.42F}, {0.30F, 0.29F, 0.27F}},
        {{0.60F, 0.34F, 0.03F}, {0.05F, 0.055F, 0.13F}},
        {{0.05F, 0.27F, 0.16F}, {0.035F, 0.033F, 0.033F}},
        {{0.36F, 0.08F, 0.33F}, {0.20F, 0.20F, 0.23F}},
        {{0.62F, 0.60F, 0.56F}, {0.07F, 0.10F, 0.17F}},
    }};
    return costumes[number % costumes.size()];
}

Vector3f colour_of(BodyPart part, const Vector3f& normal, const Costume& costume) {
    static const Vector3f skin(0.56F, 0.30F, 0.19F);
    static const Vector3f hair(0.045F, 0.025F, 0.016F);
    static const Vector3f shoe(0.62F, 0.48F, 0.42F);
    switch (part) {
        case BodyPart::head:
            return normal.y() > 0.35F ? hair : skin;
        case BodyPart::neck:
        case BodyPart::forearm:
        case BodyPart::hand:
            return skin;
        case BodyPart::trunk:
        case BodyPart::upper_arm:
            return costume.top;
        case BodyPart::pelvis:
        case BodyPart::thigh:
        case BodyPart::shin:
            return costume.legs;
        case BodyPart::foot:
            return shoe;
    }
    return skin;
}

// sRGB (IEC 61966-2-1) from linear light, by a table.
class Gamma {
public:
    Gamma() {
        for (std::size_t i = 0; i < table_.size(); ++i) {
            const double linear = static_cast<double>(i) / static_cast<double>(table_.size() - 1);
            const double encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
            table_[i] = static_cast<std::uint8_t>(std::lround(255 * encoded));
        }
    }
    void set(std::uint8_t* pixel, const Vector3f& colour) const {
        for (int channel = 0; channel < 3; ++channel) {
            const float limited = std::clamp(colour[channel], 0.0F, 1.0F);
            pixel[channel] = table_[static_cast<std::size_t>(limited * static_cast<float>(table_.size() - 1))];
        }
        pixel[3] = 255;
    }

private:
    std::array<std::uint8_t, 4096> table_{};
};

const Gamma gamma_table;

Vector3f normal_at(const Capsule& capsule, const Vector3f& point) {
    const Vector3f axis = capsule.to - capsule.from;
    const float squared = axis.squaredNorm();
    const float along = squared > 0 ? std::clamp((point - capsule.from).dot(axis) / squared, 0.0F, 1.0F) : 0.0F;
    return (point - capsule.from - along * axis) / capsule.radius;
}

// A part of the picture in finer pixels, with the nearest surface in each.
class Close {
public:
    Close(const std::vector<Capsule>& figure, const Camera& camera)
        : camera_(camera), box_{camera.width, 0, camera.height, 0} {
        for (const Capsule& capsule : figure) {
            const PixelBox box = box_of(capsule, camera);
            box_ = {std::min(box_.begin_column, box.begin_column), std::max(box_.end_column, box.end_column),
                    std::min(box_.begin_row, box.begin_row), std::max(box_.end_row, box.end_row)};
        }
        fine_ = camera;
        fine_.width = samples * columns();
        fine_.height = samples * rows();
        fine_.focal_u = samples * camera.focal_u;
        fine_.focal_v = samples * camera.focal_v;
        fine_.centre_u = samples * (camera.centre_u - box_.begin_column);
        fine_.centre_v = samples * (camera.centre_v - box_.begin_row);
        if (columns() <= 0 || rows() <= 0) return;
        nearest_.assign(static_cast<std::size_t>(fine_.width) * static_cast<std::size_t>(fine_.height), {});
        for (std::size_t limb = 0; limb < figure.size(); ++limb)
            for_each_pixel_on(figure[limb], fine_, [&](int column, int row, const Vector3f&, float depth) {
                Surface& surface = nearest_[at(column, row)];
                if (depth < surface.depth) surface = {depth, static_cast<int>(limb)};
            });
    }

    // Calls visit(column, row, colour, share) for the pixels of the picture that the figure covers in part.
    template <class Visit>
    void for_each_pixel(const std::vector<Capsule>& figure, const Costume& costume, const Visit& visit) const {
        for (int row = 0; row < rows(); ++row) {
            for (int column = 0; column < columns(); ++column) {
                Vector3f sum = Vector3f::Zero();
                int covered = 0;
                for (int y = samples * row; y < samples * (row + 1); ++y) {
                    for (int x = samples * column; x < samples * (column + 1); ++x) {
                        const Surface& surface = nearest_[at(x, y)];
                        if (surface.limb < 0) continue;
                        const Capsule& capsule = figure[static_cast<std::size_t>(surface.limb)];
                        const Vector3f ray = fine_.ray_to(x, y);
                        const Vector3f normal = normal_at(capsule, surface.depth * ray);
                        sum += lit(colour_of(capsule.part, normal, costume), normal, ray);
                        ++covered;
                    }
                }
                if (covered > 0)
                    visit(box_.begin_column + column, box_.begin_row + row, Vector3f(sum / static_cast<float>(covered)),
                          static_cast<float>(covered) / (samples * samples));
            }
        }
    }

private:
    struct Surface {
        float depth = std::numeric_limits<float>::max();
        int limb = -1;
    };

    [[nodiscard]] int columns() const { return box_.end_column - box_.begin_column; }
    [[nodiscard]] int rows() const { return box_.end_row - box_.begin_row; }
    [[nodiscard]] std::size_t at(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(fine_.width) + static_cast<std::size_t>(column);
    }

    Camera camera_, fine_;
    PixelBox box_;
    std::vector<Surface> nearest_;
};

}  // namespace

VideoRenderer::VideoRenderer(std::shared_ptr<const schemas::SkeletonLayout> layout, const VideoScene& scene)
    : scene_(scene),
      figure_(std::move(layout), scene.girth),
      stage_(scene.camera, scene.camera_height_metres),
      empty_(schemas::blank_picture(scene.camera.width, scene.camera.height)) {
    for (int row = 0; row < empty_.height; ++row)
        for (int column = 0; column < empty_.width; ++column)
            gamma_table.set(empty_.pixel(column, row), stage_.colour(column, row));
}

schemas::Picture VideoRenderer::render(const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame) const {
    const std::vector<Capsule> figure = figure_.at(sequence, frame);
    const std::vector<float> shadow = stage_.shadow_of(figure);
    const auto ground = [&](int column, int row) {
        const auto pixel = static_cast<std::size_t>(row * scene_.camera.width + column);
        return Vector3f(stage_.colour(column, row) * (1 - shadow_strength * shadow[pixel]));
    };
    schemas::Picture picture = empty_;
    for (int row = 0; row < picture.height; ++row)
        for (int column = 0; column < picture.width; ++column)
            if (shadow[static_cast<std::size_t>(row * picture.width + column)] > 0)
                gamma_table.set(picture.pixel(column, row), ground(column, row));
    const auto blend = [&](int column, int row, const Vector3f& colour, float share) {
        gamma_table.set(picture.pixel(column, row), colour * share + ground(column, row) * (1 - share));
    };
    Close(figure, scene_.camera).for_each_pixel(figure, costume_of(scene_.costume), blend);
    return picture;
}

}  // namespace annotator::synth
