#include "annotator/views/timeline_menu.h"

#include "annotator/session/label_lines.h"

namespace annotator {

namespace {

constexpr const char* name = "timeline menu";

void entry(const ViewContext& context, const char* title, Action action) {
    if (ImGui::MenuItem(title, context.keymap.keys_text(action).c_str())) context.outbox.send(action);
    context.mark(action);
}

}  // namespace

void TimelineMenu::open(const TimelineHit& hit, schemas::FrameIndex frame) {
    row_ = hit.row != nullptr ? hit.row->kind : RowKind::sound;
    line_ = hit.row != nullptr ? hit.row->line : Line{};
    item_ = hit.part == HitPart::nothing ? 0 : hit.item.id;
    pose_ = hit.pose != nullptr ? hit.pose->id : schemas::KeyPoseId{};
    comment_ = hit.comment != nullptr ? hit.comment->id : schemas::CommentId{};
    frame_ = frame;
    opens_ = true;
}

void TimelineMenu::draw(const ViewContext& context) {
    if (std::exchange(opens_, false)) ImGui::OpenPopup(name);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.theme.px(8), context.theme.px(6)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.theme.px(10), context.theme.px(8)});
    if (ImGui::BeginPopup(name)) {
        if (pose_ != schemas::KeyPoseId{}) {
            entry(context, "Change the label…", Action::label_palette);
            entry(context, "Delete the key pose", Action::remove);
        } else if (comment_ != schemas::CommentId{}) {
            of_comment(context);
        } else if (item_ != 0 && row_ == RowKind::proposals) {
            of_proposal(context);
        } else if (item_ != 0) {
            of_segment(context);
        } else {
            of_ground(context);
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar(2);
}

void TimelineMenu::of_segment(const ViewContext& context) {
    const auto* segment = context.document().find<schemas::Segment>(schemas::SegmentId{item_});
    if (segment == nullptr) return ImGui::CloseCurrentPopup();
    if (row_ == RowKind::others) {
        entry(context, "Copy into my labels", Action::make_segment);
        if (ImGui::MenuItem("Replay")) context.outbox.send(ReplaySpan{segment->span()});
        return;
    }
    const std::size_t selected = context.state().selection.segments.size();
    entry(context, "Change the label…", Action::label_palette);
    if (ImGui::MenuItem("Split here", nullptr, false, segment->begin_frame < frame_ && frame_ < segment->end_frame))
        context.outbox.send(SplitSegment{segment->id, frame_});
    entry(context, selected > 1 ? "Merge the selected" : "Merge with the next", Action::merge);
    ImGui::Separator();
    entry(context, "Copy to the next performer", Action::copy_to_next_performer);
    entry(context, "Copy to the next track", Action::copy_to_next_track);
    ImGui::Separator();
    entry(context, "Comment…", Action::add_comment);
    if (ImGui::MenuItem("Replay")) context.outbox.send(ReplaySpan{segment->span()});
    entry(context, "Fit into view", Action::fit_selection);
    ImGui::Separator();
    const std::string remove = selected > 1 ? "Delete " + std::to_string(selected) + " segments" : "Delete";
    entry(context, remove.c_str(), Action::remove);
}

void TimelineMenu::of_proposal(const ViewContext& context) {
    const auto* proposal = context.model().proposal(schemas::ProposalId{item_});
    if (proposal == nullptr) return ImGui::CloseCurrentPopup();
    entry(context, "Accept and go on", Action::accept);
    entry(context, "Correct…", Action::correct);
    entry(context, "Reject and go on", Action::reject);
    ImGui::Separator();
    for (const schemas::LabelScore& each : proposal->top)
        if (const auto* label = context.document().find<schemas::Label>(each.label); label != nullptr) {
            if (ImGui::MenuItem((label->name + "##" + std::to_string(static_cast<std::int64_t>(label->id))).c_str()))
                context.outbox.send(CorrectProposal{proposal->id, proposal->span(), label->id});
            context.mark("label " + label->name);
        }
    ImGui::Separator();
    if (ImGui::MenuItem("Accept all of this track")) {
        AcceptProposals all;
        for (const auto* each : open_proposals(context.document(), context.model().proposals(), line_))
            all.proposals.push_back(each->id);
        context.outbox.send(std::move(all));
    }
    if (ImGui::MenuItem("Replay")) context.outbox.send(ReplaySpan{proposal->span()});
}

void TimelineMenu::of_comment(const ViewContext& context) {
    const auto* comment = context.document().find<schemas::Comment>(comment_);
    if (comment == nullptr) return ImGui::CloseCurrentPopup();
    const std::string keys = context.keymap.keys_text(Action::resolve_comment);
    if (ImGui::MenuItem("Resolve", keys.c_str(), false, !comment->resolved))
        context.outbox.send(ResolveComment{comment_});
    entry(context, "Delete", Action::remove);
}

void TimelineMenu::of_ground(const ViewContext& context) {
    entry(context, "Comment…", Action::add_comment);
    entry(context, "Add a key pose", Action::add_key_pose);
    ImGui::Separator();
    entry(context, "Zoom in", Action::zoom_in);
    entry(context, "Zoom out", Action::zoom_out);
    entry(context, "Fit the clip", Action::fit_clip);
    const std::string keys = context.keymap.keys_text(Action::toggle_snapping);
    if (ImGui::MenuItem("Snap", keys.c_str(), context.state().snapping)) context.outbox.send(Action::toggle_snapping);
}

}  // namespace annotator
