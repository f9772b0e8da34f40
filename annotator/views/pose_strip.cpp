#include "annotator/views/pose_strip.h"

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

float button_width(const char* text) { return ImGui::CalcTextSize(text).x + 2 * ImGui::GetStyle().FramePadding.x; }

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
    float percent = 100 * context.state().smoothing_trust;
    ImGui::SetNextItemWidth(theme.px(100));
    if (ImGui::SliderFloat("##trust", &percent, 0, 100, "trust %.0f %%"))
        context.outbox.send(SetSmoothingTrust{percent / 100});
    tip(context, Action::smooth_key_points,
        "How much what was recorded counts against its neighbours in space and time. Less trust smooths more.");
    ImGui::SameLine();
    ImGui::PushStyleColor(ImGuiCol_Button, theme.accent);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.accent_text);
    if (ImGui::Button("Apply")) context.outbox.send(ApplyPosePreview{});
    ImGui::PopStyleColor(2);
    tip(context, Action::make_segment, "Smooth the key-points, as one edit");
    ImGui::SameLine();
    if (ImGui::Button("Drop")) context.outbox.send(DropPosePreview{});
    tip(context, Action::clear_selection, "Leave key-points as they are");
}

bool is_offered(const ViewContext& context) {
    const auto& preview = context.state().pose_preview;
    return preview && preview->kind == PosePreview::Kind::offer;
}

bool is_usable(const ViewContext& context, const Tool& tool) {
    return tool.needs == Needs::nothing || !context.state().joints.joints.empty();
}

constexpr const char* bones_text = "Keep bone lengths";

// Of the buttons in one line.
float tools_width() {
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    float width = button_width("Done") + gap + ImGui::GetFrameHeight() + button_width(bones_text);
    for (const Tool& tool : tools) width += gap + button_width(tool.button);
    return width;
}

void draw_tools(const ViewContext& context) {
    for (const Tool& tool : tools) {
        ImGui::SameLine();
        ImGui::BeginDisabled(!is_usable(context, tool));
        if (ImGui::Button(tool.button)) context.outbox.send(tool.action);
        ImGui::EndDisabled();
        tip(context, tool.action, tool.tip);
    }
    ImGui::SameLine();
    bool keeps = context.state().bones == Bones::keep_lengths;
    if (ImGui::Checkbox(bones_text, &keeps)) context.outbox.send(Action::lock_bones);
    tip(context, Action::lock_bones,
        "What hangs from a joint follows it stiffly, and its own bone keeps its usual length");
}

// The same where there is no room for a line of them.
void draw_tools_menu(const ViewContext& context) {
    ImGui::SameLine();
    if (ImGui::Button("Tools")) ImGui::OpenPopup("tools");
    if (!ImGui::BeginPopup("tools")) return;
    for (const Tool& tool : tools) {
        const std::string keys = context.keymap.keys_text(tool.action);
        if (ImGui::MenuItem(tool.button, keys.c_str(), false, is_usable(context, tool)))
            context.outbox.send(tool.action);
        tip(tool.tip);
    }
    ImGui::Separator();
    const std::string keys = context.keymap.keys_text(Action::lock_bones);
    if (ImGui::MenuItem(bones_text, keys.c_str(), context.state().bones == Bones::keep_lengths))
        context.outbox.send(Action::lock_bones);
    ImGui::EndPopup();
}

}  // namespace

void PoseStrip::draw(const ViewContext& context) {
    if (!context.state().editing_key_points) return;
    const Theme& theme = context.theme;
    ImGui::PushID("key-points");
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(theme.px(6), theme.px(4)));
    const bool roomy = tools_width() <= ImGui::GetContentRegionAvail().x;
    if (ImGui::Button("Done")) context.outbox.send(Action::edit_key_points);
    tip(context, Action::edit_key_points, "Stop editing key-points");
    if (roomy) {
        draw_tools(context);
    } else {
        draw_tools_menu(context);
        ImGui::SameLine();
    }
    // In place of each other, so that the views keep their size.
    if (!is_offered(context)) {
        draw_selection(context);
    } else {
        if (roomy) {
            ImGui::AlignTextToFramePadding();
            ImGui::TextUnformatted("Smoothing, not applied yet");
            ImGui::SameLine();
        }
        draw_offer(context);
    }
    ImGui::PopStyleVar();
    ImGui::PopID();
}

}  // namespace annotator
