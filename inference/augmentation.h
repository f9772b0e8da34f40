#pragma once

#include <span>
#include <vector>

#include "inference/preparation.h"
#include "inference/random.h"

namespace inference {

// How far a motion is changed before it is learnt from (models.md 2.7); one draw a clip.
struct Augmentation {
    double shortest_crop = 0.8;     // share of the clip
    double turn_degrees = 15;       // about y, either way
    double tilt_degrees = 7.5;      // about x and z
    double scale = 0.1;             // 1 - scale … 1 + scale
    double shift = 0.085;           // in units of the normalised skeleton, whose torso is 0.5
    double mirror_probability = 0;  // left and right joints swap, x turns round
    double time_jitter_frames = 0;  // deviation
    double joint_noise = 0;         // deviation, same units as shift
    double joint_drop = 0;          // probability of losing a joint for a third of the time, three times
    double time_warp = 0;           // amplitude of a smooth monotone warp, as a share of the clip
};

Augmentation weak_augmentation();
Augmentation strong_augmentation();
// strong_augmentation, and at 0.6 to 1.4 times the speed here and there: what a student sees of a sample that nobody
// has labelled (models.md 2.6, step 2).
Augmentation student_augmentation();
Augmentation no_augmentation();

enum class Side { as_recorded, mirrored };

// Motions of one layout, kept so that batches are cut out of them without another look at
// the skeletons. Motions of more than `longest_motion` rows are resampled to that many.
class MotionSet {
public:
    static constexpr std::size_t longest_motion = 512;

    MotionSet(std::span<const Sample> samples, Heading heading, int threads);

    [[nodiscard]] std::size_t size() const { return motions_.size(); }
    [[nodiscard]] const schemas::SkeletonLayout& layout() const { return *layout_; }
    [[nodiscard]] std::size_t features() const { return layout_->size() * feature_channels; }
    [[nodiscard]] const PreparedMotion& motion(std::size_t sample) const { return motions_[sample]; }

    // Those samples alone, in that order.
    [[nodiscard]] MotionSet part(std::span<const std::size_t> samples) const;

    // Writes frames x features() values: joint, bone and velocity as motion_features does. Says whether left and right
    // are swapped in what it drew.
    Side draw(std::size_t sample, int frames, const Augmentation& augmentation, Random& random,
              std::span<float> features) const;
    // The part [from, to] of the motion, shares of its length, unchanged.
    void cut(std::size_t sample, int frames, double from, double to, std::span<float> features) const;

private:
    MotionSet() = default;
    void sampled(const PreparedMotion& motion, std::span<const double> rows, std::span<float> positions) const;

    std::shared_ptr<const schemas::SkeletonLayout> layout_;
    std::vector<PreparedMotion> motions_;
    std::vector<int> mirrored_;
};

}  // namespace inference
