#include "annotator/workflows/overlay.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "storage/media/depth_range.h"
#include "storage/media/video_reader.h"
#include "storage/skeleton/readers.h"

namespace annotator {

namespace {

using Eigen::Vector2f;
using schemas::FrameIndex;
using schemas::Picture;
using schemas::SkeletonSequence;
using Colour = std::array<float, 3>;

// Blue and orange are told apart by nearly everyone (Okabe and Ito 2008).
constexpr Colour left_colour{86, 180, 233}, right_colour{230, 159, 0}, middle_colour{255, 255, 255};
constexpr Colour rim_colour{0, 0, 0};
constexpr float faintest = 0.25F;  // of what was seen at all
constexpr int longest_side = 16384;

enum class Side { middle, left, right };

std::vector<Side> sides_of(const schemas::SkeletonLayout& layout) {
    std::vector<Side> sides(layout.size(), Side::middle);
    for (const auto& [left, right] : layout.pairs) {
        sides[static_cast<std::size_t>(left)] = Side::left;
        sides[static_cast<std::size_t>(right)] = Side::right;
    }
    return sides;
}

const Colour& colour_of(Side side) {
    return side == Side::left ? left_colour : side == Side::right ? right_colour : middle_colour;
}

float distance_to_line(const Vector2f& point, const Vector2f& from, const Vector2f& to) {
    const Vector2f along = to - from;
    const float squared = along.squaredNorm();
    const float share = squared > 0 ? std::clamp((point - from).dot(along) / squared, 0.0F, 1.0F) : 0;
    return (point - from - share * along).norm();
}

void blend(std::uint8_t* rgba, const Colour& colour, float alpha) {
    for (std::size_t part = 0; part < colour.size(); ++part)
        rgba[part] = static_cast<std::uint8_t>(std::lround((1 - alpha) * rgba[part] + alpha * colour[part]));
    rgba[3] = static_cast<std::uint8_t>(std::lround((1 - alpha) * rgba[3] + alpha * 255));
}

// A line with round ends; a point where they are the same. A pixel is covered by how far its middle lies within.
void draw_line(Picture& picture, const Vector2f& from, const Vector2f& to, float radius, const Colour& colour,
               float alpha) {
    const auto first = [&](float low) { return std::max(0, static_cast<int>(std::floor(low - radius - 1))); };
    const auto last = [&](float high, int limit) {
        return std::min(limit - 1, static_cast<int>(std::ceil(high + radius + 1)));
    };
    const Vector2f low = from.cwiseMin(to), high = from.cwiseMax(to);
    for (int y = first(low.y()); y <= last(high.y(), picture.height); ++y)
        for (int x = first(low.x()); x <= last(high.x(), picture.width); ++x) {
            const Vector2f middle(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
            const float covered = std::clamp(radius + 0.5F - distance_to_line(middle, from, to), 0.0F, 1.0F);
            if (covered > 0) blend(picture.pixel(x, y), colour, alpha * covered);
        }
}

// With a dark rim, so that it is seen on a bright ground too.
void draw_rimmed(Picture& picture, const Vector2f& from, const Vector2f& to, float radius, const Colour& colour,
                 float alpha) {
    draw_line(picture, from, to, radius + 1, rim_colour, alpha / 2);
    draw_line(picture, from, to, radius, colour, alpha);
}

// The joints of a frame as they are drawn.
struct DrawnJoint {
    Vector2f place;
    float confidence = 0;
};

std::vector<DrawnJoint> drawn_joints(const Picture& picture, const SkeletonSequence& sequence, FrameIndex frame,
                                     double scale) {
    // Lines to far outside need not be exact, and must not take for ever.
    const float farthest = 4 * static_cast<float>(picture.width + picture.height);
    std::vector<DrawnJoint> joints;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        const Vector2f place = static_cast<float>(scale) * sequence.at(frame, joint).head<2>();
        const bool usable = place.allFinite() && place.cwiseAbs().maxCoeff() < farthest;
        const float confidence = sequence.confidence_at(frame, joint);
        joints.push_back({place, usable && confidence > 0 ? std::clamp(confidence, faintest, 1.0F) : 0});
    }
    return joints;
}

std::string frames_of(FrameIndex frames) {
    return frames == 0 ? "no frame" : "frames 0 to " + std::to_string(frames - 1);
}

void require_frame(const std::filesystem::path& file, FrameIndex frame, FrameIndex frames) {
    if (frame < 0 || frame >= frames)
        throw std::out_of_range(file.filename().string() + ": there is no frame " + std::to_string(frame) +
                                "; it has " + frames_of(frames));
}

Picture depth_picture(const storage::DepthFormat& format, const OverlayRequest& wanted) {
    const auto recording = format.open(wanted.recording);
    require_frame(wanted.recording, wanted.frame, recording->frames());
    const storage::DepthFrame frame = recording->frame(wanted.frame);
    storage::DepthShading shading = storage::shading_for(storage::depth_range(frame), wanted.map);
    if (wanted.range) std::tie(shading.nearest, shading.farthest) = *wanted.range;
    return storage::picture_from(frame, shading);
}

std::optional<Picture> video_picture(const OverlayRequest& wanted, const JobContext& job) {
    storage::ScanOptions options;
    options.stream = wanted.stream;
    auto index = storage::scan_video(
        wanted.recording, options,
        [&job](double share) {
            job.report({"Reading the video", share, 1});
        },
        job.stop);
    if (!index) return std::nullopt;
    require_frame(wanted.recording, wanted.frame, index->size());
    storage::VideoReader reader(wanted.recording, std::make_shared<const storage::VideoIndex>(std::move(*index)));
    const auto frame = reader.frame(wanted.frame, job.stop);
    return frame ? std::optional(frame->picture()) : std::nullopt;
}

SkeletonSequence skeleton_for(const std::filesystem::path& file, const Picture& ground) {
    const storage::SkeletonFormat* format = storage::skeleton_format_of(file);
    if (format == nullptr) throw storage::ReadError(file.filename().string() + ": is no skeleton that is read here.");
    SkeletonSequence sequence = format->read(file).sequence;
    if (sequence.space == schemas::CoordinateSpace::pixels) return sequence;
    const schemas::PinholeCamera& camera = schemas::msr_camera;
    if (format->name != "msr-skeleton" || ground.width != camera.width || ground.height != camera.height)
        throw std::invalid_argument(file.filename().string() +
                                    ": its positions are metres, and where they lie in the picture is known for "
                                    "MSR-Action3D's depth only; give a skeleton in pixels");
    return seen_by(camera, sequence);
}

}  // namespace

void draw_skeleton(Picture& picture, const SkeletonSequence& sequence, FrameIndex frame, double pixels_per_pixel,
                   const SkeletonStyle& style) {
    if (sequence.space != schemas::CoordinateSpace::pixels)
        throw std::invalid_argument("a skeleton in metres has no place in a picture; see it by a camera first");
    if (frame < 0 || frame >= sequence.frames())
        throw std::out_of_range("the skeleton has no frame " + std::to_string(frame));
    const schemas::SkeletonLayout& layout = *sequence.layout;
    const std::vector<Side> sides = sides_of(layout);
    const std::vector<DrawnJoint> joints = drawn_joints(picture, sequence, frame, pixels_per_pixel);
    const auto shorter = static_cast<double>(std::min(picture.width, picture.height));
    const auto bone = static_cast<float>(std::max(0.5, style.bone_width * shorter / 2));
    const auto ball = static_cast<float>(std::max(1.0, style.joint_width * shorter / 2));

    for (std::size_t joint = 0; joint < joints.size(); ++joint) {
        if (layout.parents[joint] < 0) continue;
        const DrawnJoint& parent = joints[static_cast<std::size_t>(layout.parents[joint])];
        const float alpha = std::min(joints[joint].confidence, parent.confidence);
        if (alpha > 0) draw_rimmed(picture, parent.place, joints[joint].place, bone, colour_of(sides[joint]), alpha);
    }
    for (std::size_t joint = 0; joint < joints.size(); ++joint) {
        const auto& [place, confidence] = joints[joint];
        if (confidence > 0) draw_rimmed(picture, place, place, ball, colour_of(sides[joint]), confidence);
    }
}

SkeletonSequence seen_by(const schemas::PinholeCamera& camera, const SkeletonSequence& metres) {
    SkeletonSequence seen = metres;
    seen.space = schemas::CoordinateSpace::pixels;
    for (FrameIndex frame = 0; frame < metres.frames(); ++frame)
        for (std::size_t joint = 0; joint < metres.joints(); ++joint) {
            const Eigen::Vector3f point = metres.at(frame, joint);
            const std::size_t index = static_cast<std::size_t>(frame) * metres.joints() + joint;
            if (!(point.z() > 0)) {
                seen.confidence[index] = 0;
                continue;
            }
            const Vector2f pixel = camera.pixel_from(point);
            seen.set(frame, joint, {pixel.x(), pixel.y(), point.z()});
        }
    return seen;
}

Picture enlarged(const Picture& picture, int factor) {
    Picture large = schemas::blank_picture(picture.width * factor, picture.height * factor);
    for (int y = 0; y < large.height; ++y)
        for (int x = 0; x < large.width; ++x) std::copy_n(picture.pixel(x / factor, y / factor), 4, large.pixel(x, y));
    return large;
}

std::optional<Overlay> overlay(const OverlayRequest& wanted, const JobContext& job) {
    const storage::DepthFormat* depth = storage::depth_format_of(wanted.recording);
    std::optional<Picture> ground = depth != nullptr ? depth_picture(*depth, wanted) : video_picture(wanted, job);
    if (!ground) return std::nullopt;
    if (std::max(ground->width, ground->height) > longest_side / wanted.scale)
        throw std::invalid_argument(wanted.recording.filename().string() + ": its picture of " +
                                    std::to_string(ground->width) + "x" + std::to_string(ground->height) +
                                    " cannot be made " + std::to_string(wanted.scale) + " times as large");
    Overlay result{enlarged(*ground, wanted.scale), 0, {}};
    for (const std::filesystem::path& file : wanted.skeletons) {
        const SkeletonSequence sequence = skeleton_for(file, *ground);
        require_frame(file, wanted.frame, sequence.frames());
        draw_skeleton(result.picture, sequence, wanted.frame, wanted.scale);
        std::size_t joints = 0;
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
            if (sequence.confidence_at(wanted.frame, joint) > 0) ++joints;
        if (joints == 0) result.without_skeleton.push_back(file.filename().string());
        result.joints += joints;
    }
    return result;
}

}  // namespace annotator
