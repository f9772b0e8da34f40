#include "annotator/workflows/synth/stage.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace annotator::synth {
namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;

constexpr float wall_metres = 6.2F;  // from the camera
constexpr float board_metres = 0.17F;
constexpr float board_length_metres = 2.3F;
constexpr float seam_metres = 0.007F;
constexpr float skirting_metres = 0.12F;  // its height
constexpr float lamp_strength = 0.85F;
constexpr float room_strength = 0.42F;
// Edges of shadows are softer the higher the limb is that casts them.
constexpr float softness_on_floor = 0.02F;
constexpr float softness_per_metre = 0.09F;
constexpr int samples = 3;  // a pixel is the mean of samples x samples rays

float smooth_step(float low, float high, float value) {
    const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
    return t * t * (3 - 2 * t);
}

// The same number in [0, 1) for the same board.
float chance_of(int a, int b) {
    std::uint32_t hash = static_cast<std::uint32_t>(a) * 0x9E3779B1U ^ static_cast<std::uint32_t>(b) * 0x85EBCA77U;
    hash ^= hash >> 15;
    hash *= 0x2C1B3C6DU;
    hash ^= hash >> 13;
    return static_cast<float>(hash & 0xffffU) / 65536.0F;
}

// Parquet: boards that run away from the camera, each of its own tone.
Vector3f floor_colour(float x, float z) {
    const float across = x / board_metres;
    const auto board = static_cast<int>(std::floor(across));
    const float along = z / board_length_metres + chance_of(board, 7);
    const auto piece = static_cast<int>(std::floor(along));
    const float tone = 0.85F + 0.3F * chance_of(board, piece);
    const float grain = 0.97F + 0.03F * std::sin(90 * x + 3 * std::sin(2.3F * z + static_cast<float>(board)));
    const float to_side = std::abs(across - std::round(across)) * board_metres;
    const float to_end = std::abs(along - std::round(along)) * board_length_metres;
    const float seam = to_side < seam_metres / 2 || to_end < seam_metres ? 0.6F : 1.0F;
    return Vector3f(0.36F, 0.215F, 0.115F) * tone * grain * seam;
}

Vector3f wall_colour(float x, float above_floor) {
    if (above_floor < skirting_metres) return {0.10F, 0.10F, 0.11F};
    const float pool = std::exp(-0.10F * (x * x + 1.6F * (above_floor - 1.7F) * (above_floor - 1.7F)));
    return Vector3f(0.085F, 0.12F, 0.17F) + pool * Vector3f(0.17F, 0.20F, 0.23F);
}

float distance_to_segment(const Vector2f& point, const Vector2f& from, const Vector2f& axis, float axis_squared,
                          float& along) {
    along = axis_squared > 0 ? std::clamp((point - from).dot(axis) / axis_squared, 0.0F, 1.0F) : 0.0F;
    return (point - from - along * axis).norm();
}

}  // namespace

Vector3f light_direction() { return Vector3f(-0.42F, 0.80F, -0.43F).normalized(); }

Vector3f lit(const Vector3f& colour, const Vector3f& normal, const Vector3f& ray) {
    const float lamp = std::max(0.0F, normal.dot(light_direction()));
    const float room = 0.65F + 0.35F * normal.y();  // brighter from above
    const Vector3f halfway = (light_direction() - ray.normalized()).normalized();
    const float gloss = 0.06F * std::pow(std::max(0.0F, normal.dot(halfway)), 24.0F);
    return colour * (lamp_strength * lamp + room_strength * room) + Vector3f::Constant(gloss);
}

Stage::Stage(const Camera& camera, double camera_height_metres)
    : camera_(camera), floor_(static_cast<float>(-camera_height_metres)) {
    colours_.reserve(static_cast<std::size_t>(camera.width) * static_cast<std::size_t>(camera.height));
    Camera fine = camera;
    fine.width *= samples, fine.height *= samples;
    fine.focal_u *= samples, fine.focal_v *= samples, fine.centre_u *= samples, fine.centre_v *= samples;
    for (int row = 0; row < camera.height; ++row) {
        for (int column = 0; column < camera.width; ++column) {
            Vector3f sum = Vector3f::Zero();
            for (int y = 0; y < samples; ++y)
                for (int x = 0; x < samples; ++x)
                    sum += seen_along(fine.ray_to(samples * column + x, samples * row + y));
            colours_.push_back(sum / (samples * samples));
        }
    }
}

Vector3f Stage::seen_along(const Vector3f& ray) const {
    const float to_floor = ray.y() < 0 ? floor_ / ray.y() : wall_metres;
    if (to_floor >= wall_metres) {
        const Vector3f point = wall_metres * ray;
        return wall_colour(point.x(), point.y() - floor_);
    }
    const Vector3f point = to_floor * ray;
    // The lamp hangs over the middle, and boards mirror the wall a little where one looks along them.
    const float pool = std::exp(-0.10F * (point.x() * point.x() + (point.z() - 3) * (point.z() - 3)));
    const float mirrored = 0.35F * std::pow(1 - std::min(1.0F, -ray.normalized().y()), 5.0F);
    return floor_colour(point.x(), point.z()) * (0.55F + 0.75F * pool) + mirrored * wall_colour(point.x(), 0.5F);
}

std::vector<float> Stage::shadow_of(const std::vector<Capsule>& figure) const {
    std::vector<float> shadow(colours_.size(), 0);
    for (const Capsule& capsule : figure) cast(capsule, shadow);
    return shadow;
}

// Along the light, a capsule on the floor is again one: its ends move, its width is about the same.
void Stage::cast(const Capsule& capsule, std::vector<float>& shadow) const {
    const Vector3f light = light_direction();
    const auto fallen = [&](const Vector3f& point) -> Vector2f {
        const Vector3f on_floor = point - light * ((point.y() - floor_) / light.y());
        return {on_floor.x(), on_floor.z()};
    };
    const Vector2f from = fallen(capsule.from);
    const Vector2f axis = fallen(capsule.to) - from;
    const float reach =
        capsule.radius + softness_on_floor + softness_per_metre * (std::max(capsule.from.y(), capsule.to.y()) - floor_);
    const float near = std::max(0.2F, std::min(from.y(), from.y() + axis.y()) - reach);
    const float far = std::min(wall_metres, std::max(from.y(), from.y() + axis.y()) + reach);
    if (near >= far) return;
    const float left = std::min(from.x(), from.x() + axis.x()) - reach;
    const float right = std::max(from.x(), from.x() + axis.x()) + reach;
    const auto row_of = [&](float z) { return static_cast<int>(camera_.pixel_from({0, floor_, z}).y()); };
    const auto column_of = [&](float x, float z) { return static_cast<int>(camera_.pixel_from({x, floor_, z}).x()); };
    const int last_row = std::min(camera_.height - 1, row_of(near));
    const int begin_column = std::clamp(std::min(column_of(left, near), column_of(left, far)), 0, camera_.width);
    const int end_column =
        std::clamp(std::max(column_of(right, near), column_of(right, far)) + 1, begin_column, camera_.width);
    const float axis_squared = axis.squaredNorm();
    for (int row = std::max(0, row_of(far)); row <= last_row; ++row) {
        for (int column = begin_column; column < end_column; ++column) {
            const Vector3f ray = camera_.ray_to(column, row);
            if (ray.y() >= 0) continue;
            const Vector3f point = ray * (floor_ / ray.y());
            float along = 0;
            const float distance = distance_to_segment({point.x(), point.z()}, from, axis, axis_squared, along);
            const float height = capsule.from.y() + along * (capsule.to.y() - capsule.from.y()) - floor_;
            const float softness = softness_on_floor + softness_per_metre * height;
            const float dark = 1 - smooth_step(capsule.radius - softness, capsule.radius + softness, distance);
            float& darkest = shadow[at(column, row)];
            darkest = std::max(darkest, dark);
        }
    }
}

}  // namespace annotator::synth
