#include "annotator/views/pose_overlay.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "annotator/views/pose_drawing.h"

namespace annotator {

namespace {

constexpr float reach_points = 11;     // how near to a joint counts as on it
constexpr float threshold_points = 3;  // how far the mouse goes before a press is a drag

bool same(ImVec2 a, ImVec2 b) { return a.x == b.x && a.y == b.y; }

SelectHow how_of(const ImGuiIO& io) {
    if (io.KeyCtrl) return SelectHow::toggle;
    return io.KeyShift ? SelectHow::add : SelectHow::replace;
}

}  // namespace

bool PoseOverlay::draw(const ViewContext& context, std::span<const DrawnJoint> joints, const PaneMapping& mapping) {
    if (!context.state().editing_key_points) {
        drag_.reset();
        band_.reset();
        return false;
    }
    find_handles(context, joints, mapping);
    const bool taken = follow_mouse(context, handles_, mapping);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.PushClipRect(mapping.low, mapping.high, true);
    draw_key_points(context, list, handles_, mapping);
    if (const DrawnJoint* under = mapping.hovered && !drag_ && !band_
                                      ? joint_under(handles_, ImGui::GetIO().MousePos, context.theme.px(reach_points))
                                      : nullptr)
        draw_joint_name(context, list, *under, mapping);
    if (band_ && same(band_->pane, mapping.low)) draw_band(context.theme, list, band_->from, ImGui::GetIO().MousePos);
    list.PopClipRect();
    return taken;
}

// What is not drawn because nobody saw it has a handle too, where its place is known.
void PoseOverlay::find_handles(const ViewContext& context, std::span<const DrawnJoint> joints,
                               const PaneMapping& mapping) {
    handles_.assign(joints.begin(), joints.end());
    const EditorModel& model = context.model();
    if (!model.media) return;
    for (const ClipMedia::Skeleton& skeleton : model.media->skeletons) {
        if (!skeleton.sequence || model.frame < 0 || model.frame >= skeleton.sequence->frames()) continue;
        for (int joint = 0; joint < static_cast<int>(skeleton.sequence->joints()); ++joint) {
            const auto is_it = [&](const DrawnJoint& drawn) {
                return drawn.stream == skeleton.stream && drawn.joint == joint;
            };
            if (std::ranges::any_of(joints, is_it)) continue;
            const Eigen::Vector3f place = skeleton.sequence->at(model.frame, static_cast<std::size_t>(joint));
            const auto at = place.isZero() ? std::nullopt : mapping.screen_from(skeleton.stream, place);
            if (at) handles_.push_back({skeleton.stream, joint, *at, std::numeric_limits<float>::max(), 0});
        }
    }
}

bool PoseOverlay::follow_mouse(const ViewContext& context, std::span<const DrawnJoint> joints,
                               const PaneMapping& mapping) {
    const ImGuiIO& io = ImGui::GetIO();
    // The pane of a drag may be gone by its end.
    const bool over = !ImGui::IsMouseDown(ImGuiMouseButton_Left) && !ImGui::IsMouseReleased(ImGuiMouseButton_Left);
    if (over) drag_.reset();
    if (over) band_.reset();
    if (drag_ && same(drag_->pane, mapping.low)) {
        follow_drag(context, mapping);
        return true;
    }
    if (band_ && same(band_->pane, mapping.low)) {
        follow_band(context, joints);
        return true;
    }
    if (!mapping.hovered || drag_ || band_) return false;
    const DrawnJoint* under = joint_under(joints, io.MousePos, context.theme.px(reach_points));
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        if (under != nullptr)
            press(context, *under, mapping);
        else if (io.KeyShift)
            band_ = Band{mapping.low, io.MousePos};
    }
    return under != nullptr || io.KeyShift;
}

void PoseOverlay::press(const ViewContext& context, const DrawnJoint& joint, const PaneMapping& mapping) {
    const ImGuiIO& io = ImGui::GetIO();
    const SelectHow how = how_of(io);
    // Several joints that are selected are dragged together.
    if (how != SelectHow::replace || !context.state().joints.contains(joint.stream, joint.joint))
        context.outbox.send(SelectJoint{joint.stream, joint.joint, how});
    const schemas::SkeletonSequence* motion = shown_motion(context.model(), joint.stream);
    const schemas::FrameIndex frame = context.model().frame;
    if (motion == nullptr || frame < 0 || frame >= motion->frames()) return;
    drag_ = Drag{joint.stream,
                 joint.joint,
                 frame,
                 mapping.low,
                 io.MousePos,
                 {joint.at.x - io.MousePos.x, joint.at.y - io.MousePos.y},
                 motion->at(frame, static_cast<std::size_t>(joint.joint)),
                 false,
                 false};
}

void PoseOverlay::follow_drag(const ViewContext& context, const PaneMapping& mapping) {
    const ImGuiIO& io = ImGui::GetIO();
    const auto& preview = context.state().pose_preview;
    const bool dropped = drag_->shown && !preview;  // Escape, or the project changed
    if (dropped || context.model().frame != drag_->frame) {
        if (!dropped) context.outbox.send(DropPosePreview{});
        drag_.reset();
        return;
    }
    drag_->shown = preview.has_value();
    const float x = io.MousePos.x - drag_->pressed.x, y = io.MousePos.y - drag_->pressed.y;
    drag_->moving = drag_->moving || std::hypot(x, y) >= context.theme.px(threshold_points);
    const auto to =
        drag_->moving ? mapping.position_from(
                            drag_->stream, {io.MousePos.x + drag_->grip.x, io.MousePos.y + drag_->grip.y}, drag_->from)
                      : std::nullopt;
    const bool released = !ImGui::IsMouseDown(ImGuiMouseButton_Left);
    if (to) {
        const MoveJoint move{drag_->stream, drag_->frame, drag_->joint, to->x(), to->y(), to->z()};
        if (released)
            context.outbox.send(move);
        else
            context.outbox.send(DragJoint{move});
    } else if (released && drag_->shown) {
        context.outbox.send(DropPosePreview{});
    } else if (released && !drag_->moving && how_of(io) == SelectHow::replace) {
        context.outbox.send(SelectJoint{drag_->stream, drag_->joint, SelectHow::replace});
    }
    if (released) drag_.reset();
}

void PoseOverlay::follow_band(const ViewContext& context, std::span<const DrawnJoint> joints) {
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
    const ImVec2 a = band_->from, b = ImGui::GetIO().MousePos;
    band_.reset();
    SelectJoints wanted{{}, {}, SelectHow::add};
    for (const DrawnJoint& joint : joints) {
        const bool inside = joint.at.x >= std::min(a.x, b.x) && joint.at.x <= std::max(a.x, b.x) &&
                            joint.at.y >= std::min(a.y, b.y) && joint.at.y <= std::max(a.y, b.y);
        // Joints of one skeleton are selected at a time: of the one whose joint comes first.
        if (!inside || (!wanted.joints.empty() && joint.stream != wanted.stream)) continue;
        wanted.stream = joint.stream;
        wanted.joints.push_back(joint.joint);
    }
    if (!wanted.joints.empty()) context.outbox.send(std::move(wanted));
}

}  // namespace annotator
