#include "annotator/views/inspector_view.h"

#include <algorithm>
#include <array>

#include "annotator/document/queries.h"
#include "annotator/session/label_lines.h"
#include "annotator/views/inspector_parts.h"
#include "annotator/widgets/clock_text.h"
#include "annotator/widgets/icons.h"
#include "annotator/widgets/page.h"

namespace annotator {

namespace {

// Who made it, when, and from what a model said.
void draw_provenance(const ViewContext& context, const schemas::Segment& segment) {
    const EditorModel& model = context.model();
    draw_fact(context.theme, "By", segment.author);
    draw_fact(context.theme, "When", date_text(segment.time));
    if (segment.model) {
        std::string from = "a proposal of " + model_name(model, *segment.model);
        const schemas::Proposal* proposal = segment.proposal ? model.proposal(*segment.proposal) : nullptr;
        if (proposal != nullptr && !proposal->top.empty())
            from += ", " + percent_text(proposal->top.front().score) + " sure";
        draw_fact(context.theme, "From", from);
    }
    const auto* layer = context.document().find<schemas::Layer>(segment.layer);
    if (layer != nullptr) draw_fact(context.theme, "Layer", layer->name);
}

void draw_stream(const Theme& theme, const schemas::Stream& stream) {
    constexpr std::array<const char*, 4> kinds{"Video", "Depth", "Skeleton", "Sound"};
    draw_fact(theme, kinds[static_cast<std::size_t>(stream.kind)],
              std::filesystem::path(stream.path).filename().string());
}

}  // namespace

void InspectorView::draw_edge(const ViewContext& context, const schemas::Segment& segment, Edge edge) {
    const Theme& theme = context.theme;
    const bool begin = edge == Edge::begin;
    // People count the last frame in; spans do not.
    const schemas::FrameIndex now = begin ? segment.begin_frame : segment.end_frame - 1;
    schemas::FrameIndex value = edge_ == edge ? typed_ : now;
    ImGui::PushFont(theme.mono);
    ImGui::SetNextItemWidth(theme.px(82));
    if (ImGui::InputScalar(begin ? "##begin" : "##end", ImGuiDataType_S64, &value, nullptr, nullptr, "%lld")) {
        edge_ = edge;
        typed_ = value;
    }
    const bool done = ImGui::IsItemDeactivated();
    ImGui::PopFont();
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", begin ? "First frame" : "Last frame");
    if (!done || edge_ != edge) return;
    edge_.reset();
    if (typed_ != now)
        context.outbox.send(MoveBoundary{segment.id, edge, begin ? typed_ : typed_ + 1, BoundaryMove::roll});
}

void InspectorView::draw_segment(const ViewContext& context, const schemas::Segment& segment) {
    const Theme& theme = context.theme;
    draw_label_heading(context, segment.label);
    ImGui::AlignTextToFramePadding();
    ImGui::TextDisabled("Frames");
    ImGui::SameLine(theme.px(84));
    draw_edge(context, segment, Edge::begin);
    ImGui::SameLine(0, theme.px(5));
    ImGui::TextDisabled("–");
    ImGui::SameLine(0, theme.px(5));
    draw_edge(context, segment, Edge::end);
    draw_fact(theme, "Length", length_text(context.model(), segment.span()));
    draw_state_fact(theme, schemas::frame_state_of(segment.state));
    if (segment.performer)
        if (const auto* performer = context.document().find<schemas::Performer>(*segment.performer))
            draw_fact(theme, "Performer", performer->name);
    draw_provenance(context, segment);
    ImGui::Dummy({0, theme.px(3)});
    draw_action_buttons(context, {{"Relabel", Action::label_palette},
                                  {"Split", Action::split},
                                  {"Merge", Action::merge},
                                  {"Replay", Action::replay_selection},
                                  {"Fit", Action::fit_selection},
                                  {"Comment", Action::add_comment},
                                  {"Delete", Action::remove}});
    draw_comments(context, comments_, segment.span());
}

void InspectorView::draw_proposal(const ViewContext& context, const schemas::Proposal& proposal) {
    const Theme& theme = context.theme;
    if (!proposal.top.empty()) draw_label_heading(context, proposal.top.front().label);
    draw_fact(theme, "Frames", std::to_string(proposal.begin_frame) + " – " + std::to_string(proposal.end_frame - 1));
    draw_fact(theme, "Length", length_text(context.model(), proposal.span()));
    draw_state_fact(theme, schemas::FrameState::proposed);
    draw_fact(theme, "By", model_name(context.model(), proposal.model));
    draw_fact(theme, "Boundary", percent_text(proposal.boundary_score) + " sure of the first frame");
    ImGui::Dummy({0, theme.px(2)});
    draw_scores(context, proposal.top);
    ImGui::Dummy({0, theme.px(3)});
    draw_action_buttons(context, {{"Accept", Action::accept},
                                  {"Correct", Action::correct},
                                  {"Reject", Action::reject},
                                  {"Replay", Action::replay_selection}});
    draw_comments(context, comments_, proposal.span());
}

void InspectorView::draw_key_pose(const ViewContext& context, const schemas::KeyPose& pose) {
    draw_label_heading(context, pose.label);
    draw_fact(context.theme, "Frame", std::to_string(pose.frame));
    draw_state_fact(context.theme, schemas::frame_state_of(pose.state));
    draw_fact(context.theme, "By", pose.author);
    draw_fact(context.theme, "When", date_text(pose.time));
    draw_action_buttons(context, {{"Relabel", Action::label_palette}, {"Delete", Action::remove}});
}

void InspectorView::draw_several(const ViewContext& context) {
    const auto& segments = context.state().selection.segments;
    schemas::FrameIndex frames = 0;
    for (const schemas::SegmentId id : segments)
        if (const auto* segment = context.document().find<schemas::Segment>(id)) frames += segment->span().length();
    ImGui::PushFont(context.theme.strong);
    ImGui::Text("%zu segments", segments.size());
    ImGui::PopFont();
    draw_fact(context.theme, "Length", std::to_string(frames) + " frames in all");
    draw_action_buttons(context, {{"Relabel", Action::label_palette},
                                  {"Copy to next performer", Action::copy_to_next_performer},
                                  {"Copy to next track", Action::copy_to_next_track},
                                  {"Delete", Action::remove}});
}

void InspectorView::draw_clip(const ViewContext& context) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    const schemas::Clip* clip = model.clip();
    if (clip == nullptr) return ImGui::TextDisabled("No clip is open.");
    ImGui::PushFont(theme.strong);
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(clip->name.c_str());
    ImGui::PopTextWrapPos();
    ImGui::PopFont();
    draw_fact(theme, "Length", length_text(model, clip->span()));
    std::string performers;
    for (const schemas::PerformerId id : performers_by_name(model.document(), clip->take))
        performers += (performers.empty() ? "" : ", ") + model.document().at<schemas::Performer>(id).name;
    if (!performers.empty()) draw_fact(theme, "Performers", performers);
    for (const schemas::StreamId id : model.document().streams(clip->take))
        draw_stream(theme, model.document().at<schemas::Stream>(id));
    if (const auto problems = model.problems.find(clip->take); problems != model.problems.end())
        for (const std::string& problem : problems->second) {
            icon(Icon::warning, theme.warning);
            ImGui::SameLine();
            ImGui::TextWrapped("%s", problem.c_str());
        }
    if (model.state.mark_in || model.state.mark_out) {
        // The last frame is shown, not the one behind it.
        const auto text = [](const auto& mark, schemas::FrameIndex before) {
            return mark ? std::to_string(*mark - before) : std::string("not set");
        };
        draw_fact(theme, "Marks", text(model.state.mark_in, 0) + " – " + text(model.state.mark_out, 1));
    }
    draw_comments(context, comments_, clip->span());
}

void InspectorView::collect_comments(const ViewContext& context) {
    if (revision_ == context.model().revision && comments_of_ == context.state().clip) return;
    revision_ = context.model().revision;
    comments_of_ = context.state().clip;
    comments_.clear();
    for (const auto& [id, comment] : context.document().rows<schemas::Comment>())
        if (comment.clip == comments_of_) comments_.push_back(id);
}

void InspectorView::draw(const ViewContext& context) {
    collect_comments(context);
    const Selection& selection = context.state().selection;
    const Document& document = context.document();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.theme.px(6), context.theme.px(5)});
    const auto* segment = selection.segment() ? document.find<schemas::Segment>(*selection.segment()) : nullptr;
    const auto* proposal = selection.proposal ? context.model().proposal(*selection.proposal) : nullptr;
    const auto* pose = selection.key_pose ? document.find<schemas::KeyPose>(*selection.key_pose) : nullptr;
    const auto* comment = selection.comment ? document.find<schemas::Comment>(*selection.comment) : nullptr;
    if (selection.segments.size() > 1)
        draw_several(context);
    else if (segment != nullptr)
        draw_segment(context, *segment);
    else if (proposal != nullptr)
        draw_proposal(context, *proposal);
    else if (pose != nullptr)
        draw_key_pose(context, *pose);
    else if (comment != nullptr)
        draw_comments(context, comments_, {comment->begin_frame, comment->end_frame});
    else
        draw_clip(context);
    ImGui::PopStyleVar();
}

}  // namespace annotator
