#include "annotator/views/picture_canvas.h"

#include <algorithm>
#include <cmath>

#include "annotator/views/skeleton_drawing.h"

namespace annotator {

namespace {

using Eigen::Vector3f;
using schemas::CoordinateSpace;
using schemas::FrameIndex;

constexpr float wheel_zoom = 1.25F;

// The picture and the streams over it.
class PictureMapping : public PaneMapping {
public:
    PictureMapping(const PaneRect& placed, const CanvasPicture& picture, std::span<const OverlaidSkeleton> skeletons)
        : placed_(placed), picture_(picture), skeletons_(skeletons) {}

    [[nodiscard]] ImVec2 screen_from_pixel(float u, float v) const {
        return {placed_.low.x + u / static_cast<float>(picture_.width) * placed_.size().x,
                placed_.low.y + v / static_cast<float>(picture_.height) * placed_.size().y};
    }
    [[nodiscard]] std::optional<ImVec2> screen_from(const OverlaidSkeleton& skeleton, const Vector3f& position) const {
        if (!position.allFinite()) return std::nullopt;
        if (!skeleton.camera) return screen_from_pixel(position.x(), position.y());
        if (!(position.z() > 0)) return std::nullopt;
        const Eigen::Vector2f pixel = skeleton.camera->pixel_from(position);
        return screen_from_pixel(pixel.x(), pixel.y());
    }
    [[nodiscard]] std::optional<ImVec2> screen_from(schemas::StreamId stream, const Vector3f& position) const override {
        const OverlaidSkeleton* skeleton = find(stream);
        return skeleton != nullptr ? screen_from(*skeleton, position) : std::nullopt;
    }
    [[nodiscard]] std::optional<Vector3f> position_from(schemas::StreamId stream, ImVec2 at,
                                                        const Vector3f& joint) const override {
        const OverlaidSkeleton* skeleton = find(stream);
        if (skeleton == nullptr) return std::nullopt;
        const Eigen::Vector2f pixel((at.x - placed_.low.x) / placed_.size().x * static_cast<float>(picture_.width),
                                    (at.y - placed_.low.y) / placed_.size().y * static_cast<float>(picture_.height));
        if (!skeleton->camera) return Vector3f(pixel.x(), pixel.y(), joint.z());
        return skeleton->camera->point_from(pixel, joint.z());
    }

private:
    [[nodiscard]] const OverlaidSkeleton* find(schemas::StreamId stream) const {
        const auto found = std::ranges::find(skeletons_, stream, &OverlaidSkeleton::stream);
        return found == skeletons_.end() ? nullptr : &*found;
    }

    PaneRect placed_;
    CanvasPicture picture_;
    std::span<const OverlaidSkeleton> skeletons_;
};

PlacedSkeleton placed_skeleton(const OverlaidSkeleton& skeleton, FrameIndex frame, const PictureMapping& mapping,
                               float radius) {
    const schemas::SkeletonSequence& sequence = *skeleton.sequence;
    PlacedSkeleton placed{sequence.layout.get(), {}, 1, true};
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        const auto at = mapping.screen_from(skeleton, sequence.at(frame, joint));
        const float confidence = at ? sequence.confidence_at(frame, joint) : 0;
        placed.joints.push_back({at.value_or(ImVec2()), 0, confidence, radius});
    }
    return placed;
}

bool is_msr_depth(const ClipMedia::Depth& depth) {
    return depth.reader && depth.reader->width() == schemas::msr_camera.width &&
           depth.reader->height() == schemas::msr_camera.height;
}

bool is_msr(const ClipMedia::Skeleton& skeleton) { return skeleton.format.starts_with("msr-skeleton"); }

}  // namespace

std::vector<OverlaidSkeleton> skeletons_over_video(const ClipMedia& media, std::size_t video) {
    std::vector<OverlaidSkeleton> over;
    if (video != 0) return over;
    for (const ClipMedia::Skeleton& skeleton : media.skeletons)
        if (skeleton.sequence && skeleton.sequence->space == CoordinateSpace::pixels && !is_msr(skeleton))
            over.push_back({skeleton.stream, skeleton.sequence.get(), std::nullopt});
    return over;
}

std::vector<OverlaidSkeleton> skeletons_over_depth(const ClipMedia& media, std::size_t depth) {
    std::vector<OverlaidSkeleton> over;
    const bool msr = is_msr_depth(media.depths[depth]);
    // A dancer is seen once, by what is corrected: positions in space.
    const auto in_space = [&](const ClipMedia::Skeleton& other) {
        return std::ranges::any_of(media.skeletons, [&](const ClipMedia::Skeleton& skeleton) {
            return skeleton.performer == other.performer && skeleton.sequence && is_msr(skeleton) &&
                   skeleton.sequence->space == CoordinateSpace::metres;
        });
    };
    for (const ClipMedia::Skeleton& skeleton : media.skeletons) {
        if (!skeleton.sequence) continue;
        const bool pixels = skeleton.sequence->space == CoordinateSpace::pixels;
        if (msr && is_msr(skeleton) && !pixels)
            over.push_back({skeleton.stream, skeleton.sequence.get(), schemas::msr_camera});
        else if (pixels && (msr || (depth == 0 && media.videos.empty())) && !in_space(skeleton))
            over.push_back({skeleton.stream, skeleton.sequence.get(), std::nullopt});
    }
    return over;
}

PaneAsks PictureCanvas::draw(const ViewContext& context, const PaneRect& pane, const CanvasPicture& picture,
                             std::span<const OverlaidSkeleton> skeletons, PoseOverlay& overlay) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    joints_.clear();
    ImGui::SetCursorScreenPos(pane.low);
    ImGui::InvisibleButton("picture", {std::max(1.0F, pane.size().x), std::max(1.0F, pane.size().y)},
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
    const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
    const ImGuiIO& io = ImGui::GetIO();
    if (hovered && io.MouseWheel != 0 && picture.width > 0)
        zoom_ = zoomed_at(pane, picture.aspect, zoom_, io.MousePos, std::pow(wheel_zoom, io.MouseWheel));
    const PaneRect at = placed(pane, picture.aspect, zoom_);
    longest_side_ = std::max(at.size().x, at.size().y);
    list.PushClipRect(pane.low, pane.high, true);
    if (picture.there) list.AddImage(picture.texture, at.low, at.high);

    PictureMapping mapping(at, picture, skeletons);
    mapping.low = pane.low;
    mapping.high = pane.high;
    mapping.hovered = hovered;
    const float radius =
        std::clamp(0.006F * std::min(at.size().x, at.size().y), theme.px(1.25F), theme.px(5)) / 2 + theme.px(0.5F);
    std::vector<PlacedSkeleton> placed_skeletons;
    const FrameIndex frame = context.model().frame;
    for (const OverlaidSkeleton& skeleton : skeletons) {
        if (picture.width <= 0 || frame >= skeleton.sequence->frames()) continue;
        placed_skeletons.push_back(placed_skeleton(skeleton, frame, mapping, radius));
        const auto& joints = placed_skeletons.back().joints;
        for (std::size_t joint = 0; joint < joints.size(); ++joint)
            if (joints[joint].confidence > 0)
                joints_.push_back({skeleton.stream, static_cast<int>(joint), joints[joint].at, 0,
                                   skeleton.sequence->confidence_at(frame, joint)});
    }
    draw_skeletons(list, theme, placed_skeletons);
    const bool taken = context.state().editing_key_points && overlay.draw(context, joints_, mapping);
    list.PopClipRect();

    if (active && !taken && zoom_.factor > 1) zoom_ = moved(pane, picture.aspect, zoom_, io.MouseDelta);
    const bool twice = hovered && !taken && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left);
    return twice ? PaneAsks::enlarge : PaneAsks::nothing;
}

}  // namespace annotator
