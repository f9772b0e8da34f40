#include "annotator/views/pose_strip.h"

#include <algorithm>
#include <string>

#include "annotator/views/pose_drawing.h"

namespace annotator {

namespace {

enum class Needs { nothing, joints };

struct Tool {
    Action action;
    const char* button;
    const char* tip;
    Needs needs;
};

constexpr Tool tools[] = {
    {Action::mark_occluded, "Occluded", "Mark the selected joints as occluded, or as seen again", Needs::joints},
    {Action::interpolate_gap, "Interpolate", "Over the marked frames, or the gap that this frame is in", Needs::joints},
    {Action::reset_joint, "Reset", "Put the selected joints back to what was recorded", Needs::joints},
    {Action::copy_pose_forward, "Copy forward", "Copy the pose, or the selected joints, to the next frame",
     Needs::nothing},
    {Action::swap_sides, "Swap sides", "Left and right were taken for each other, in the marked frames or this one",
     Needs::nothing},
    {Action::settle_bones, "Settle bones", "Give each bone its usual length, in the marked frames or this one",
     Needs::nothing},
    {Action::smooth_key_points, "Smooth", "Show smoother key-points of the marked frames, or of the clip",
     Needs::nothing},
};

// Goes on in the same line where the next button fits.
void flow(const char* next) {
    const float width = ImGui::CalcTextSize(next).x + 2 * ImGui::GetStyle().FramePadding.x;
    const float right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
    if (ImGui::GetItemRectMax().x + ImGui::GetStyle().ItemSpacing.x + width <= right) ImGui::SameLine();
}

void tip(const char* text) {
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) ImGui::SetTooltip("%s", text);
}

// With the keys that do the same.
void tip(const ViewContext& context, Action action, const char* text) {
    const std::string keys = context.keymap.keys_text(action);
    tip((keys.empty() ? text : std::string(text) + " (" + keys + ")").c_str());
}

std::string selection_text(const ViewContext& context) {
    const JointSelection& selection = context.state().joints;
    if (!selection.stream || selection.joints.empty())
        return "Click a joint, or press Tab. With Shift, a drag selects several.";
    if (selection.joints.size() > 1) return std::to_string(selection.joints.size()) + " joints are selected";
    const auto* motion = shown_motion(context.model(), *selection.stream);
    const schemas::FrameIndex frame = context.model().frame;
    if (motion == nullptr || frame < 0 || frame >= motion->frames()) return "";
    const int joint = selection.joints.front();
    return joint_description(context.model(), *selection.stream, joint,
                             motion->confidence_at(frame, static_cast<std::size_t>(joint)));
}

void draw_selection(const ViewContext& context) {
    ImGui::AlignTextToFramePadding();
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.faint_text);
    ImGui::TextUnformatted(selection_text(context).c_str());
    ImGui::PopStyleColor();
}

void draw_offer(const ViewContext& context) {
    const Theme& theme = context.theme;
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted("Smoothing, not applied yet");
    float percent = 100 * context.state().smoothing_trust;
    flow("smoothing trust 100 %");
    ImGui::SetNextItemWidth(theme.px(150));
    if (ImGui::SliderFloat("##trust", &percent, 0, 100, "trust %.0f %%"))
        context.outbox.send(SetSmoothingTrust{percent / 100});
    tip("How much what was recorded counts against its neighbours in space and time. Less trust smooths more.");
    flow("Apply");
    ImGui::PushStyleColor(ImGuiCol_Button, theme.accent);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.accent_text);
    if (ImGui::Button("Apply")) context.outbox.send(ApplyPosePreview{});
    ImGui::PopStyleColor(2);
    tip(context, Action::make_segment, "Do it, as one edit");
    flow("Drop");
    if (ImGui::Button("Drop")) context.outbox.send(DropPosePreview{});
    tip(context, Action::clear_selection, "Leave key-points as they are");
}

}  // namespace

void PoseStrip::draw(const ViewContext& context) {
    const EditorState& state = context.state();
    if (!state.editing_key_points) return;
    const Theme& theme = context.theme;
    ImGui::PushID("key-points");
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(theme.px(6), theme.px(4)));
    if (ImGui::Button("Done")) context.outbox.send(Action::edit_key_points);
    tip(context, Action::edit_key_points, "Stop editing key-points");
    for (const Tool& tool : tools) {
        flow(tool.button);
        ImGui::BeginDisabled(tool.needs == Needs::joints && state.joints.joints.empty());
        if (ImGui::Button(tool.button)) context.outbox.send(tool.action);
        ImGui::EndDisabled();
        tip(context, tool.action, tool.tip);
    }
    flow("[x] Keep bone lengths");
    bool keeps = state.bones == Bones::keep_lengths;
    if (ImGui::Checkbox("Keep bone lengths", &keeps)) context.outbox.send(Action::lock_bones);
    tip(context, Action::lock_bones,
        "What hangs from a joint follows it stiffly, and its own bone keeps its usual length");
    // A line of its own, so that the views keep their size.
    if (state.pose_preview && state.pose_preview->kind == PosePreview::Kind::offer)
        draw_offer(context);
    else
        draw_selection(context);
    ImGui::PopStyleVar();
    ImGui::PopID();
}

}  // namespace annotator
