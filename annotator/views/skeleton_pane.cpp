#include "annotator/views/skeleton_pane.h"

#include <algorithm>
#include <cmath>

#include "schemas/alignment.h"

namespace annotator {

namespace {

using Eigen::Vector3f;
using schemas::FrameIndex;

constexpr float wheel_zoom = 1.15F;
constexpr int most_onion_frames = 5;

bool is_in_space(const ClipMedia::Skeleton& skeleton) {
    return skeleton.sequence && skeleton.sequence->space == schemas::CoordinateSpace::metres;
}

// The frame so many seconds away, by the table of times.
FrameIndex frame_away(const schemas::FrameTable& times, FrameIndex frame, double seconds) {
    return schemas::nearest_frame(times, times.seconds[static_cast<std::size_t>(frame)] + seconds);
}

class SceneMapping : public PaneMapping {
public:
    SceneMapping(const SceneProjection& scene, const ClipMedia& media) : scene_(scene), media_(media) {}

    [[nodiscard]] std::optional<ImVec2> screen_from(schemas::StreamId stream, const Vector3f& position) const override {
        if (!shows(stream) || !position.allFinite()) return std::nullopt;
        const auto point = scene_.screen_from(position);
        return point ? std::optional(point->at) : std::nullopt;
    }
    [[nodiscard]] std::optional<Vector3f> position_from(schemas::StreamId stream, ImVec2 at,
                                                        const Vector3f& joint) const override {
        const auto point = shows(stream) ? scene_.screen_from(joint) : std::nullopt;
        return point ? std::optional(scene_.point_from(at, point->depth)) : std::nullopt;
    }

private:
    [[nodiscard]] bool shows(schemas::StreamId stream) const {
        return std::ranges::any_of(media_.skeletons, [&](const ClipMedia::Skeleton& skeleton) {
            return skeleton.stream == stream && is_in_space(skeleton);
        });
    }

    const SceneProjection& scene_;
    const ClipMedia& media_;
};

}  // namespace

PaneHeader SkeletonPane::header(const ViewContext& context) {
    PaneHeader header{"Skeleton", "", ""};
    std::string layout;
    for (const ClipMedia::Skeleton& skeleton : context.model().media->skeletons) {
        if (!skeleton.problem.empty()) header.problem = skeleton.problem;
        if (is_in_space(skeleton)) layout = skeleton.sequence->layout->name;
    }
    header.details = layout;
    return header;
}

void SkeletonPane::follow_clip(const ViewContext& context) {
    const ClipMedia& media = *context.model().media;
    std::vector<std::shared_ptr<const schemas::SkeletonSequence>> sequences;
    for (const ClipMedia::Skeleton& skeleton : media.skeletons)
        if (is_in_space(skeleton)) sequences.push_back(skeleton.sequence);
    if (clip_ == media.clip && sequences == sequences_) return;
    // Corrections change sequences: who looks from somewhere goes on looking from there.
    if (clip_ != media.clip || sequences.size() != sequences_.size()) placed_ = false;
    clip_ = media.clip;
    sequences_ = std::move(sequences);
    measures_ = measures_of(sequences_, media.span);
}

void SkeletonPane::place_camera(const ViewContext& context) {
    const EditorModel& model = context.model();
    if (options_.follow || !placed_)
        if (const auto centre = centre_about(sequences_, model.media->times, model.frame)) centre_ = *centre;
    if (!placed_) {
        camera_ = first_view(measures_, centre_);
        moved_ = Vector3f::Zero();
        placed_ = true;
    }
    camera_.target = Vector3f(centre_.x(), measures_.ground + 0.5F * measures_.height, centre_.z()) + moved_;
}

schemas::FrameSpan SkeletonPane::trail(const ViewContext& context) const {
    const EditorModel& model = context.model();
    return {frame_away(model.media->times, model.frame, -options_.trail_seconds), model.frame + 1};
}

void SkeletonPane::draw_behind(const ViewContext& context, const SceneProjection& scene) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    draw_ground(list, theme, scene, centre_, measures_);
    for (const auto& sequence : sequences_) draw_shadow(list, scene, *sequence, model.frame, measures_);
    std::vector<PlacedSkeleton> onions;
    for (int i = options_.onion_frames; i >= 1; --i)
        for (const int side : {-1, 1}) {
            const FrameIndex frame = frame_away(model.media->times, model.frame, side * i * options_.onion_seconds);
            if (frame == model.frame) continue;
            for (const auto& sequence : sequences_) {
                onions.push_back(placed_in(scene, *sequence, frame, measures_.height, theme));
                onions.back().solid = false;
                onions.back().alpha = (side < 0 ? 0.55F : 0.35F) *
                                      (1 - static_cast<float>(i - 1) / static_cast<float>(most_onion_frames));
            }
        }
    draw_skeletons(list, theme, onions);
    if (options_.trail_seconds > 0)
        for (const auto& sequence : sequences_) draw_trails(list, theme, scene, *sequence, trail(context));
}

void SkeletonPane::draw_names(const ViewContext& context, const PaneRect& pane,
                              const std::vector<Performer>& performers) const {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    float y = pane.high.y - theme.px(10);
    for (const auto& [source, placed] : performers) {
        const std::string name = source->performer_name.empty() ? source->name : source->performer_name;
        const PlacedJoint* highest = nullptr;
        for (const PlacedJoint& joint : placed.joints)
            if (joint.confidence > 0 && (highest == nullptr || joint.at.y < highest->at.y)) highest = &joint;
        if (highest == nullptr) {
            const std::string text =
                (performers.size() > 1 ? name + ": n" : "N") + std::string("ot seen in this frame");
            y -= ImGui::GetTextLineHeight() + theme.px(6);
            draw_badge(list, theme, {pane.low.x + theme.px(8), y}, text);
        } else if (options_.names && performers.size() > 1) {
            const ImVec2 size = ImGui::CalcTextSize(name.c_str());
            // Whole, also over somebody whose head is at the upper edge.
            const float above = std::max(highest->at.y - size.y - theme.px(14), pane.low.y + theme.px(2));
            const ImVec2 at{highest->at.x - size.x / 2, above};
            list.AddRectFilled({at.x - theme.px(4), at.y - theme.px(1)},
                               {at.x + size.x + theme.px(4), at.y + size.y + theme.px(1)},
                               with_alpha(theme.panel, 0.75F), theme.px(3));
            list.AddText(at, theme.text, name.c_str());
        }
    }
}

void SkeletonPane::handle_mouse(const PaneRect& pane, const SceneProjection& scene, bool hovered, bool active) {
    const ImGuiIO& io = ImGui::GetIO();
    if (hovered && io.MouseWheel != 0) camera_ = nearer(camera_, std::pow(wheel_zoom, io.MouseWheel));
    if (hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) reset_view();
    if (!active || (io.MouseDelta.x == 0 && io.MouseDelta.y == 0)) return;
    if (io.KeyShift || ImGui::IsMouseDown(ImGuiMouseButton_Middle) || ImGui::IsMouseDown(ImGuiMouseButton_Right))
        moved_ += scene.moved_by(io.MouseDelta, camera_.distance);
    else
        camera_ = orbited(camera_, io.MouseDelta, pane.size().y);
}

void SkeletonPane::draw(const ViewContext& context, const PaneRect& pane, PoseOverlay& overlay) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGui::SetCursorScreenPos(pane.low);
    ImGui::InvisibleButton(
        "scene", {std::max(1.0F, pane.size().x), std::max(1.0F, pane.size().y)},
        ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle | ImGuiButtonFlags_MouseButtonRight);
    const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
    joints_.clear();
    follow_clip(context);
    if (!measures_.anything) {
        const auto& all = model.media->skeletons;
        const auto failed = std::ranges::find_if(all, [](const auto& skeleton) { return !skeleton.problem.empty(); });
        if (sequences_.empty() && failed != all.end())
            return draw_message(list, theme, pane, failed->problem, theme.error);
        return draw_message(list, theme, pane,
                            sequences_.empty() ? "Opening the skeleton …" : "Nobody was seen in this clip.",
                            theme.faint_text);
    }
    place_camera(context);
    const SceneProjection scene(camera_, pane);
    list.PushClipRect(pane.low, pane.high, true);
    draw_behind(context, scene);
    std::vector<Performer> performers;
    std::vector<PlacedSkeleton> drawn;
    for (const ClipMedia::Skeleton& skeleton : model.media->skeletons) {
        if (!is_in_space(skeleton)) continue;
        drawn.push_back(placed_in(scene, *skeleton.sequence, model.frame, measures_.height, theme));
        performers.push_back({&skeleton, drawn.back()});
        const auto& joints = drawn.back().joints;
        for (std::size_t joint = 0; joint < joints.size(); ++joint)
            if (joints[joint].confidence > 0)
                joints_.push_back({skeleton.stream, static_cast<int>(joint), joints[joint].at, joints[joint].depth,
                                   joints[joint].confidence});
    }
    draw_skeletons(list, theme, drawn);
    draw_names(context, pane, performers);
    draw_axes(list, theme, camera_, {pane.high.x - theme.px(34), pane.high.y - theme.px(34)});
    SceneMapping mapping(scene, *model.media);
    mapping.low = pane.low;
    mapping.high = pane.high;
    mapping.hovered = hovered;
    const bool taken = context.state().editing_key_points && overlay.draw(context, joints_, mapping);
    list.PopClipRect();
    handle_mouse(pane, scene, hovered && !taken, active && !taken);
}

void SkeletonPane::draw_options(const ViewContext& context) {
    const float width = context.theme.px(150);
    ImGui::PushItemWidth(width);
    ImGui::SliderInt("Onion skin", &options_.onion_frames, 0, most_onion_frames,
                     options_.onion_frames == 0 ? "off" : "%d before and after");
    auto apart = static_cast<float>(options_.onion_seconds);
    if (ImGui::SliderFloat("Apart", &apart, 0.02F, 0.5F, "%.2f s")) options_.onion_seconds = apart;
    auto trail_seconds = static_cast<float>(options_.trail_seconds);
    if (ImGui::SliderFloat("Trails", &trail_seconds, 0, 3, trail_seconds <= 0 ? "off" : "%.1f s"))
        options_.trail_seconds = trail_seconds;
    ImGui::PopItemWidth();
    ImGui::Checkbox("Names of performers", &options_.names);
    ImGui::Checkbox("Keep dancers in the middle", &options_.follow);
    if (ImGui::Button("Look from the front")) reset_view();
}

}  // namespace annotator
