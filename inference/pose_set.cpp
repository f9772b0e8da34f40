#include "inference/pose_set.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;

constexpr std::size_t cells = std::size_t{depth_crop_side} * depth_crop_side;
constexpr float background = 1;
constexpr float least_cover = 0.5F;  // of the four cells that a changed one lies between

std::string place_of(std::size_t take, FrameIndex frame) {
    return "take " + std::to_string(take) + ", frame " + std::to_string(frame);
}

void check(const PoseTake& take, std::size_t number) {
    const auto wrong = std::ranges::find_if_not(take.pictures, [](float value) { return std::isfinite(value); });
    if (wrong != take.pictures.end())
        throw std::invalid_argument(
            place_of(number, static_cast<FrameIndex>(static_cast<std::size_t>(wrong - take.pictures.begin()) / cells)) +
            ": its depth is no number.");
    if (take.truth == nullptr) return;
    if (take.truth->space != schemas::CoordinateSpace::metres)
        throw std::invalid_argument("take " + std::to_string(number) +
                                    ": key-points in depth must be in metres, and these are in pixels.");
    if (take.truth->frames() != take.frames())
        throw std::invalid_argument("take " + std::to_string(number) + ": " + std::to_string(take.truth->frames()) +
                                    " frames of key-points stand beside " + std::to_string(take.frames()) +
                                    " depth pictures.");
    for (FrameIndex frame = 0; frame < take.frames(); ++frame)
        for (std::size_t joint = 0; joint < take.truth->joints(); ++joint)
            if (take.truth->confidence_at(frame, joint) > 0 && !take.truth->at(frame, joint).allFinite())
                throw std::invalid_argument(place_of(number, frame) + ": the position of joint " +
                                            std::to_string(joint) + " is no number.");
}

double either_way(double most, Random& random) { return random.uniform(-most, most); }

// One draw: where a point of the square goes, and what becomes of a picture.
class View {
public:
    View(const PoseAugmentation& augmentation, const Eigen::Vector3f& unit, Random& random)
        : noise_(augmentation.depth_noise), holes_(augmentation.holes) {
        mirrors_ = random.uniform() < augmentation.mirror_probability;
        const double angle = either_way(augmentation.turn_degrees, random) * std::numbers::pi / 180;
        const double scale = 1 + either_way(augmentation.scale, random);
        turn_ << static_cast<float>(scale * std::cos(angle)), static_cast<float>(-scale * std::sin(angle)),
            static_cast<float>(scale * std::sin(angle)), static_cast<float>(scale * std::cos(angle));
        if (mirrors_) turn_.col(0) *= -1;
        back_ = turn_.inverse();
        shift_.x() = static_cast<float>(either_way(augmentation.shift, random));
        shift_.y() = static_cast<float>(either_way(augmentation.shift, random));
        depth_scale_ = static_cast<float>(1 + either_way(augmentation.depth_scale, random));
        depth_shift_ = static_cast<float>(either_way(augmentation.depth_shift, random));
        slant_.x() = static_cast<float>(either_way(augmentation.slant, random)) * unit.x() / unit.z();
        slant_.y() = static_cast<float>(either_way(augmentation.slant, random)) * unit.y() / unit.z();
    }

    [[nodiscard]] bool mirrors() const { return mirrors_; }

    [[nodiscard]] Eigen::Vector3f place(const Eigen::Vector3f& before) const {
        const Eigen::Vector2f at = turn_ * before.head<2>() + shift_;
        return {at.x(), at.y(), depth(before.z(), at)};
    }

    void picture(std::span<const float> before, std::span<float> after, Random& random) const {
        for (int row = 0; row < depth_crop_side; ++row)
            for (int column = 0; column < depth_crop_side; ++column)
                after[static_cast<std::size_t>(row * depth_crop_side + column)] =
                    cell(before, {middle_of(column), middle_of(row)}, random);
    }

private:
    static float middle_of(int cell) { return (static_cast<float>(cell) + 0.5F) * 2 / depth_crop_side - 1; }

    [[nodiscard]] float depth(float before, const Eigen::Vector2f& at) const {
        return depth_scale_ * before + depth_shift_ + slant_.dot(at);
    }

    [[nodiscard]] float cell(std::span<const float> before, const Eigen::Vector2f& at, Random& random) const {
        const Eigen::Vector2f source =
            ((back_ * (at - shift_)).array() + 1) * (static_cast<float>(depth_crop_side) / 2) - 0.5F;
        const Eigen::Vector2f corner = source.array().floor();
        const Eigen::Vector2f part = source - corner;
        float cover = 0, sum = 0;
        for (int down = 0; down < 2; ++down)
            for (int across = 0; across < 2; ++across) {
                const int column = static_cast<int>(corner.x()) + across, row = static_cast<int>(corner.y()) + down;
                if (column < 0 || row < 0 || column >= depth_crop_side || row >= depth_crop_side) continue;
                const float value = before[static_cast<std::size_t>(row * depth_crop_side + column)];
                if (value >= background) continue;
                const float weight = (across == 1 ? part.x() : 1 - part.x()) * (down == 1 ? part.y() : 1 - part.y());
                cover += weight;
                sum += weight * value;
            }
        if (cover < least_cover) return background;
        if (holes_ > 0 && random.uniform() < holes_) return background;
        float value = depth(sum / cover, at);
        if (noise_ > 0) value += static_cast<float>(noise_ * random.normal());
        return std::clamp(value, -1.0F, background);
    }

    bool mirrors_ = false;
    Eigen::Matrix2f turn_, back_;
    Eigen::Vector2f shift_, slant_;
    float depth_scale_ = 1, depth_shift_ = 0;
    double noise_, holes_;
};

}  // namespace

PoseTake pose_take(const DepthClip& clip, const schemas::PinholeCamera& camera,
                   std::shared_ptr<const SkeletonSequence> truth, const DepthCropOptions& options) {
    DepthCrops crops = depth_crops(clip, options);
    return {std::move(crops.pictures), crops.crop, camera, std::move(truth)};
}

PoseAugmentation no_pose_augmentation() {
    return {.mirror_probability = 0,
            .turn_degrees = 0,
            .scale = 0,
            .shift = 0,
            .depth_scale = 0,
            .depth_shift = 0,
            .slant = 0,
            .depth_noise = 0,
            .holes = 0};
}

PoseSet::PoseSet(std::span<const PoseTake> takes) : takes_(takes) {
    for (std::size_t take = 0; take < takes.size(); ++take) {
        check(takes[take], take);
        if (takes[take].truth != nullptr && takes[take].crop) add(take);
    }
    if (labels_.empty())
        throw std::invalid_argument(
            "No take shows a person in its depth pictures and has key-points, so there is nothing to learn from.");
    mirrored_ = layout_->mirrored();
}

void PoseSet::add(std::size_t number) {
    const PoseTake& take = takes_[number];
    const SkeletonSequence& truth = *take.truth;
    if (layout_ == nullptr) layout_ = truth.layout;
    if (truth.layout->joints != layout_->joints)
        throw std::invalid_argument("take " + std::to_string(number) + ": its key-points have the layout " +
                                    truth.layout->name + ", those of the takes before it " + layout_->name + ".");
    Labels labels;
    labels.take = number;
    FrameIndex labelled = 0;
    for (FrameIndex frame = 0; frame < truth.frames(); ++frame) {
        bool any = false;
        for (std::size_t joint = 0; joint < truth.joints(); ++joint) {
            const Eigen::Vector3f point = truth.at(frame, joint);
            const bool known = has_position(truth, frame, joint) && point.z() > 0;
            const Eigen::Vector3f place =
                known ? take.crop->crop_from_point(point, take.camera) : Eigen::Vector3f::Zero();
            labels.places.insert(labels.places.end(), place.begin(), place.end());
            labels.visible.push_back(known ? 1 : 0);
            any = any || known;
        }
        if (any) ++labelled;
    }
    if (labelled == 0) return;
    sums_.push_back(labelled_frames() + labelled);
    labels_.push_back(std::move(labels));
}

PoseWindows PoseSet::draw(std::size_t windows, int frames, const PoseAugmentation& augmentation, Random& random) const {
    PoseWindows drawn;
    for (std::size_t i = 0; i < windows; ++i) {
        const auto at = static_cast<FrameIndex>(random.below(static_cast<std::size_t>(labelled_frames())));
        const auto take = std::ranges::upper_bound(sums_, at) - sums_.begin();
        add_window(labels_[static_cast<std::size_t>(take)], frames, augmentation, random, drawn);
    }
    return drawn;
}

void PoseSet::add_window(const Labels& labels, int frames, const PoseAugmentation& augmentation, Random& random,
                         PoseWindows& windows) const {
    const PoseTake& take = takes_[labels.take];
    const std::size_t joints = layout_->size();
    const Eigen::Vector3f unit = take.crop->unit_metres(take.camera);
    const View view(augmentation, unit, random);
    const auto whole = static_cast<std::size_t>(take.frames()), wanted = static_cast<std::size_t>(frames);
    const std::size_t first = whole > wanted ? random.below(whole - wanted + 1) : 0;
    windows.takes.push_back(labels.take);
    windows.units.insert(windows.units.end(), unit.begin(), unit.end());
    for (std::size_t i = 0; i < wanted; ++i) {
        const std::size_t frame = std::min(first + i, whole - 1);
        const std::size_t begin = windows.pictures.size();
        windows.pictures.resize(begin + cells);
        view.picture(std::span(take.pictures).subspan(frame * cells, cells),
                     std::span(windows.pictures).subspan(begin, cells), random);
        for (std::size_t joint = 0; joint < joints; ++joint) {
            const std::size_t from =
                frame * joints + (view.mirrors() ? static_cast<std::size_t>(mirrored_[joint]) : joint);
            const Eigen::Vector3f place = view.place(Eigen::Map<const Eigen::Vector3f>(&labels.places[3 * from]));
            windows.places.insert(windows.places.end(), place.begin(), place.end());
            windows.visible.push_back(labels.visible[from]);
        }
    }
}

}  // namespace inference
