#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "inference/depth_crop.h"
#include "inference/random.h"
#include "schemas/camera.h"
#include "schemas/skeleton.h"

// Depth recordings with key-points, as a network that finds key-points learns from them.
namespace inference {

// The depth pictures of one take, cut out as inference/depth_crop.h says, and what is known of its key-points.
struct PoseTake {
    std::vector<float> pictures;    // frames x 32 x 32
    std::optional<DepthCrop> crop;  // where they were cut out; none where nobody is in them
    schemas::PinholeCamera camera;
    // As many frames, in metres, in the camera's coordinates; null where nothing is known. A joint without position
    // (schemas::has_position) and one that is not in front of the camera is not learnt from.
    std::shared_ptr<const schemas::SkeletonSequence> truth;

    [[nodiscard]] schemas::FrameIndex frames() const {
        return static_cast<schemas::FrameIndex>(pictures.size() / (std::size_t{depth_crop_side} * depth_crop_side));
    }
};

// The square is found in the depth pictures alone, so that a take without key-points gets the same one. Throws
// std::invalid_argument as depth_crops does.
PoseTake pose_take(const DepthClip& clip, const schemas::PinholeCamera& camera,
                   std::shared_ptr<const schemas::SkeletonSequence> truth = nullptr,
                   const DepthCropOptions& options = {});

// How far the frames of a window are changed before they are learnt from, one draw a window. Pictures and key-points
// are changed alike, as if another person had stood before another camera: mirrored, with left and right joints
// swapped; turned about the middle of the square, scaled and shifted in it; their depth scaled, shifted and slanted,
// which is what a small turn of the body or a tilt of the camera does to it. Noise and holes are the pictures' alone.
struct PoseAugmentation {
    double mirror_probability = 0.5;
    double turn_degrees = 7.5;  // either way
    double scale = 0.1;         // 1 - scale … 1 + scale
    double shift = 0.1;         // of the square's half side
    double depth_scale = 0.1;
    double depth_shift = 0.1;    // in units of depth_crop_metres
    double slant = 0.15;         // metres of depth a metre across, and a metre down
    double depth_noise = 0.015;  // deviation in each cell, in units of depth_crop_metres
    double holes = 0.01;         // probability that a cell of the person is background
};

PoseAugmentation no_pose_augmentation();

// Windows of some frames each, one after the other.
struct PoseWindows {
    std::vector<std::size_t> takes;     // that each was drawn from
    std::vector<float> pictures;        // windows x frames x 32 x 32
    std::vector<float> places;          // windows x frames x joints x 3, placed as inference/depth_crop.h says
    std::vector<std::uint8_t> visible;  // windows x frames x joints: whether a place is known
    std::vector<float> units;           // windows x 3: DepthCrop::unit_metres
};

// The takes that can be learnt from: those that show a person and have a key-point.
//
// Thread: any number at once.
class PoseSet {
public:
    // The takes outlive it. Throws std::invalid_argument that names take and frame where a number is not finite,
    // key-points are not in metres, of another number of frames or another layout than the first ones; and where no
    // take can be learnt from.
    explicit PoseSet(std::span<const PoseTake> takes);

    [[nodiscard]] const std::shared_ptr<const schemas::SkeletonLayout>& layout() const { return layout_; }
    [[nodiscard]] schemas::FrameIndex labelled_frames() const { return sums_.empty() ? 0 : sums_.back(); }

    // A take is drawn as often as it has frames with a key-point, and a window lies anywhere in it. In a take that is
    // shorter than a window the last frame stays.
    [[nodiscard]] PoseWindows draw(std::size_t windows, int frames, const PoseAugmentation& augmentation,
                                   Random& random) const;

private:
    struct Labels {
        std::size_t take = 0;
        std::vector<float> places;          // frames x joints x 3
        std::vector<std::uint8_t> visible;  // frames x joints
    };

    void add(std::size_t take);
    void add_window(const Labels& labels, int frames, const PoseAugmentation& augmentation, Random& random,
                    PoseWindows& windows) const;

    std::span<const PoseTake> takes_;
    std::shared_ptr<const schemas::SkeletonLayout> layout_;
    std::vector<int> mirrored_;
    std::vector<Labels> labels_;
    std::vector<schemas::FrameIndex> sums_;  // of labelled frames, up to and with each of labels_
};

}  // namespace inference
