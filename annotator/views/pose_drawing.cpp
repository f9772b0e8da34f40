#include "annotator/views/pose_drawing.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <string>

#include "annotator/document/corrections.h"

namespace annotator {

namespace {

using schemas::FrameIndex;

constexpr float pi = 3.14159265F;
constexpr float radius_points = 5, selected_radius_points = 6.5F;

const ClipMedia::Skeleton* skeleton_of(const EditorModel& model, schemas::StreamId stream) {
    if (!model.media) return nullptr;
    for (const ClipMedia::Skeleton& skeleton : model.media->skeletons)
        if (skeleton.stream == stream) return &skeleton;
    return nullptr;
}

// In the stream itself; -1 where it shows none.
FrameIndex own_frame(const EditorModel& model, schemas::StreamId stream) {
    const auto* skeleton = skeleton_of(model, stream);
    if (skeleton == nullptr || model.frame < 0 || model.frame >= std::ssize(skeleton->stream_frames)) return -1;
    return skeleton->stream_frames[static_cast<std::size_t>(model.frame)];
}

struct JointMarks {
    bool corrected = false;
    bool occluded = false;
};

JointMarks marks_of(const EditorModel& model, schemas::StreamId stream, int joint) {
    const FrameIndex frame = own_frame(model, stream);
    if (frame < 0) return {};
    return {is_corrected(model.document(), stream, joint, frame),
            point_states(model.document(), stream, joint, {frame, frame + 1}).front() == schemas::PointState::occluded};
}

void draw_handle(const ViewContext& context, ImDrawList& list, const DrawnJoint& joint) {
    const Theme& theme = context.theme;
    const bool selected = context.state().joints.contains(joint.stream, joint.joint);
    const JointMarks marks = marks_of(context.model(), joint.stream, joint.joint);
    const float radius = theme.px(selected ? selected_radius_points : radius_points);
    const ImU32 ring = selected ? theme.selection : theme.text;
    list.AddCircleFilled(joint.at, radius + theme.px(1), with_alpha(theme.window, 0.75F));
    if (selected) list.AddCircle(joint.at, radius + theme.px(2.5F), theme.accent, 0, theme.px(2));
    list.AddCircle(joint.at, radius, with_alpha(ring, 0.35F), 0, theme.px(1));
    const float share = std::clamp(joint.confidence, 0.0F, 1.0F);
    if (share > 0) {
        list.PathArcTo(joint.at, radius, -pi / 2, -pi / 2 + 2 * pi * share, 24);
        list.PathStroke(ring, share >= 1 ? ImDrawFlags_Closed : ImDrawFlags_None, theme.px(2));
    }
    const float arm = radius * 0.5F;
    if (marks.occluded) {
        const float width = theme.px(1.5F);
        list.AddLine({joint.at.x - arm, joint.at.y - arm}, {joint.at.x + arm, joint.at.y + arm}, theme.warning, width);
        list.AddLine({joint.at.x - arm, joint.at.y + arm}, {joint.at.x + arm, joint.at.y - arm}, theme.warning, width);
    } else if (marks.corrected) {
        list.AddCircleFilled(joint.at, arm, theme.good);
    }
}

void draw_dashed(const Theme& theme, ImDrawList& list, ImVec2 a, ImVec2 b, ImU32 colour) {
    const float dash = theme.px(5), length = std::hypot(b.x - a.x, b.y - a.y);
    if (!(length > 0) || !(length < 20'000)) return;
    for (float at = 0; at < length; at += 2 * dash) {
        const float from = at / length, to = std::min(1.0F, (at + dash) / length);
        list.AddLine({a.x + from * (b.x - a.x), a.y + from * (b.y - a.y)},
                     {a.x + to * (b.x - a.x), a.y + to * (b.y - a.y)}, colour, theme.px(1.5F));
    }
}

// Panes draw no bones of joints that nobody saw.
void draw_unseen_bones(const ViewContext& context, ImDrawList& list, std::span<const DrawnJoint> joints) {
    for (const DrawnJoint& joint : joints) {
        const schemas::SkeletonSequence* motion = shown_motion(context.model(), joint.stream);
        if (motion == nullptr) continue;
        const int parent = motion->layout->parents[static_cast<std::size_t>(joint.joint)];
        const auto other = std::ranges::find_if(
            joints, [&](const DrawnJoint& each) { return each.stream == joint.stream && each.joint == parent; });
        if (other != joints.end() && (joint.confidence <= 0 || other->confidence <= 0))
            draw_dashed(context.theme, list, other->at, joint.at, with_alpha(context.theme.faint_text, 0.8F));
    }
}

// The pose of a stream in this frame with what is previewed.
class Ghost {
public:
    Ghost(const ViewContext& context, const PosePatch& patch, const PaneMapping& mapping)
        : context_(context),
          patch_(patch),
          mapping_(mapping),
          motion_(shown_motion(context.model(), patch.stream)),
          frame_(own_frame(context.model(), patch.stream)) {}

    void draw(ImDrawList& list) const {
        if (motion_ == nullptr || frame_ < 0 || context_.model().frame >= motion_->frames()) return;
        const Theme& theme = context_.theme;
        const ImU32 colour = with_alpha(theme.mark, 0.9F);
        for (int joint = 0; joint < static_cast<int>(motion_->joints()); ++joint) {
            const int parent = motion_->layout->parents[static_cast<std::size_t>(joint)];
            const auto here = place(joint);
            if (!here) continue;
            if (const auto there = parent >= 0 && (is_moved(joint) || is_moved(parent)) ? place(parent) : std::nullopt)
                draw_dashed(theme, list, *there, *here, colour);
            if (!is_moved(joint)) continue;
            if (const auto before = mapping_.screen_from(patch_.stream, recorded(joint)))
                list.AddLine(*before, *here, with_alpha(theme.mark, 0.45F), theme.px(1));
            list.AddCircleFilled(*here, theme.px(3.5F), with_alpha(theme.window, 0.8F));
            list.AddCircle(*here, theme.px(3.5F), colour, 0, theme.px(1.5F));
        }
    }

private:
    [[nodiscard]] bool is_moved(int joint) const { return point_of(patch_, joint, frame_) != nullptr; }
    [[nodiscard]] Eigen::Vector3f recorded(int joint) const {
        return motion_->at(context_.model().frame, static_cast<std::size_t>(joint));
    }
    [[nodiscard]] std::optional<ImVec2> place(int joint) const {
        if (const schemas::JointPoint* point = point_of(patch_, joint, frame_))
            return mapping_.screen_from(patch_.stream, {point->x, point->y, point->z});
        if (!schemas::has_position(*motion_, context_.model().frame, static_cast<std::size_t>(joint)))
            return std::nullopt;
        return mapping_.screen_from(patch_.stream, recorded(joint));
    }
    const ViewContext& context_;
    const PosePatch& patch_;
    const PaneMapping& mapping_;
    const schemas::SkeletonSequence* motion_;
    FrameIndex frame_;
};

}  // namespace

const schemas::SkeletonSequence* shown_motion(const EditorModel& model, schemas::StreamId stream) {
    const auto* skeleton = skeleton_of(model, stream);
    return skeleton == nullptr ? nullptr : skeleton->sequence.get();
}

void draw_key_points(const ViewContext& context, ImDrawList& list, std::span<const DrawnJoint> joints,
                     const PaneMapping& mapping) {
    draw_unseen_bones(context, list, joints);
    for (const DrawnJoint& joint : joints)
        if (!context.state().joints.contains(joint.stream, joint.joint)) draw_handle(context, list, joint);
    for (const DrawnJoint& joint : joints)
        if (context.state().joints.contains(joint.stream, joint.joint)) draw_handle(context, list, joint);
    if (const auto& preview = context.state().pose_preview) Ghost(context, preview->patch, mapping).draw(list);
}

std::string joint_description(const EditorModel& model, schemas::StreamId stream, int joint, float confidence) {
    const schemas::SkeletonSequence* motion = shown_motion(model, stream);
    if (motion == nullptr || joint < 0 || joint >= static_cast<int>(motion->joints())) return "";
    std::string text = joints_text(*motion->layout, {joint});
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    const JointMarks marks = marks_of(model, stream, joint);
    if (marks.occluded) return text + ", occluded";
    text += ", " + std::to_string(static_cast<int>(std::lround(100 * std::clamp(confidence, 0.0F, 1.0F)))) + " % sure";
    return marks.corrected ? text + ", corrected" : text;
}

void draw_joint_name(const ViewContext& context, ImDrawList& list, const DrawnJoint& joint,
                     const PaneMapping& mapping) {
    const Theme& theme = context.theme;
    const std::string text = joint_description(context.model(), joint.stream, joint.joint, joint.confidence);
    if (text.empty()) return;
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    const float pad = theme.px(5);
    const float width = size.x + 2 * pad, beside = theme.px(12);
    ImVec2 at{joint.at.x + beside, joint.at.y - size.y - 2 * pad};
    if (at.x + width > mapping.high.x) at.x = joint.at.x - beside - width;
    at.x = std::max(mapping.low.x, at.x);
    at.y = std::max(mapping.low.y, std::min(at.y, mapping.high.y - size.y - 2 * pad));
    const ImVec2 end{at.x + width, at.y + size.y + 2 * pad};
    list.AddRectFilled(at, end, with_alpha(theme.raised, 0.95F), theme.px(4));
    list.AddRect(at, end, theme.border, theme.px(4));
    list.AddText({at.x + pad, at.y + pad}, theme.text, text.c_str());
}

void draw_band(const Theme& theme, ImDrawList& list, ImVec2 a, ImVec2 b) {
    list.AddRectFilled(a, b, with_alpha(theme.accent, 0.15F));
    list.AddRect(a, b, theme.accent, 0, 0, theme.px(1.5F));
}

}  // namespace annotator
