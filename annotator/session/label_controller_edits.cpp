#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/chosen_span.h"
#include "annotator/session/label_controller.h"
#include "annotator/session/label_edits.h"
#include "annotator/session/label_lines.h"
#include "annotator/session/timeline_range.h"

// Intents that change labels.
namespace annotator {

namespace {

using schemas::FrameSpan;
using schemas::LayerId;
using schemas::Segment;
using schemas::SegmentId;

constexpr std::string_view no_frame =
    "The marks hold no frame. The end is the first frame that is not a part of it: move on before you mark it.";

}  // namespace

bool LabelController::is_own(SegmentId segment) const {
    const Segment* found = model_.document().find<Segment>(segment);
    return found != nullptr && found->layer == own();
}

void LabelController::require_own(const std::vector<SegmentId>& segments, LayerId own) const {
    for (const SegmentId id : segments)
        if (const auto& segment = model_.document().at<Segment>(id); segment.layer != own)
            throw EditConflict("This label stands in layer '" +
                               model_.document().at<schemas::Layer>(segment.layer).name +
                               "', which is not yours. Enter copies it into yours, where you can change it.");
}

bool LabelController::suits_active_track(schemas::LabelId label) {
    const auto* found = model_.document().find<schemas::Label>(label);
    const Line* active = line();
    if (active == nullptr) return false;
    if (found == nullptr) {
        say("That label is gone.");
        return false;
    }
    if (found->track == active->track) return true;
    const Document& document = model_.document();
    say("'" + found->name + "' is a label of track '" + document.at<schemas::Track>(found->track).name + "', and '" +
        document.at<schemas::Track>(active->track).name + "' is active. Tab changes the track.");
    return false;
}

bool LabelController::draw(FrameSpan span, schemas::LabelId label) {
    if (!suits_active_track(label)) return false;
    if (span.begin >= span.end) {
        say(std::string(no_frame));
        return false;
    }
    Line target = *line();
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        target.layer = own;
        return draw_segment(model_.document(), stamp, {target, span, label, schemas::LabelState::drawn, {}, {}},
                            WhereLabelled::overwrite, model_.session.ids());
    });
    if (!outcome.changed) return false;
    model_.state.last_label = label;
    // What was cut in two is new as well; the drawn one comes last.
    if (!outcome.made.empty()) select_alone(outcome.made.back());
    return true;
}

void LabelController::on(const DrawSegment& wanted) {
    const schemas::Track* track = model_.track();
    if (track != nullptr && track->kind == schemas::TrackKind::key_pose)
        on(AddKeyPose{wanted.span.begin, wanted.label});
    else
        draw(wanted.span, wanted.label);
}

bool LabelController::relabel(std::vector<SegmentId> segments, schemas::LabelId label) {
    const auto others = std::ranges::stable_partition(segments, [&](SegmentId id) { return is_own(id); });
    const std::vector<SegmentId> foreign(others.begin(), others.end());
    segments.erase(others.begin(), segments.end());
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        const Document& document = model_.document();
        if (foreign.empty()) return relabel_segments(document, stamp, segments, label);
        if (segments.empty()) return take_over_segments(document, stamp, foreign, own, label, model_.session.ids());
        throw EditConflict("Some of the selected labels are not yours. Select only your own, or only those of others.");
    });
    if (outcome.changed && !foreign.empty()) on(SelectSegments{outcome.made});
    if (outcome.changed) model_.state.last_label = label;
    return outcome.changed;
}

void LabelController::on(const RelabelSegments& wanted) { relabel(wanted.segments, wanted.label); }

bool LabelController::correct(const schemas::Proposal& proposal, FrameSpan span, schemas::LabelId label) {
    const schemas::Proposal kept = proposal;
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        return correct_proposal(model_.document(), stamp, own, kept, span, label, model_.session.ids());
    });
    if (!outcome.changed) return false;
    model_.state.last_label = label;
    if (!outcome.made.empty()) select_alone(outcome.made.back());
    return true;
}

void LabelController::on(const CorrectProposal& wanted) {
    const schemas::Proposal* proposal = model_.proposal(wanted.proposal);
    if (proposal == nullptr) return say("That proposal is not there any more.");
    correct(*proposal, wanted.span, wanted.label);
}

void LabelController::use_on_key_poses(schemas::LabelId label) {
    const auto selected = model_.state.selection.key_pose;
    if (!selected) return on(AddKeyPose{model_.frame, label});
    const Outcome outcome = edit(
        [&](const EditStamp& stamp, LayerId) { return relabel_key_pose(model_.document(), stamp, *selected, label); });
    if (outcome.changed) model_.state.last_label = label;
}

void LabelController::use_under_playhead(schemas::LabelId label) {
    if (const Segment* segment = segment_under_playhead()) {
        const SegmentId id = segment->id;
        relabel({id}, label);
        return;
    }
    if (const auto* proposal = proposal_at_hand()) {
        correct(*proposal, proposal->span(), label);
        return;
    }
    model_.state.last_label = label;
    say("'" + model_.document().at<schemas::Label>(label).name +
        "' is the label of the next segment: I marks its start, O its end, Enter makes it.");
}

void LabelController::on(const UseLabel& wanted) {
    EditorState& state = model_.state;
    if (state.asking == Asking::label) state.asking = Asking::nothing;
    const auto* label = model_.document().find<schemas::Label>(wanted.label);
    if (label == nullptr) return say("That label is gone.");
    if (!state.selection.segments.empty()) {
        relabel(state.selection.segments, wanted.label);
        return;
    }
    if (state.workspace == Workspace::review && state.queue_index) return use_on_queue(wanted.label);
    if (!suits_active_track(wanted.label)) return;
    if (model_.track()->kind == schemas::TrackKind::key_pose) return use_on_key_poses(wanted.label);
    if (const auto span = marked_span(model_)) {
        draw(*span, wanted.label);
        return;
    }
    if (const auto selected = state.selection.proposal) {
        const schemas::Proposal* found = model_.proposal(*selected);
        if (found == nullptr) return say("That proposal is not there any more.");
        const schemas::Proposal proposal = *found;
        if (correct(proposal, proposal.span(), wanted.label)) go_on_from(proposal);
        return;
    }
    use_under_playhead(wanted.label);
}

void LabelController::on(const MoveBoundary& wanted) {
    edit([&](const EditStamp& stamp, LayerId own) {
        require_own({wanted.segment}, own);
        const auto& command = wanted.how == BoundaryMove::roll ? roll_boundary : trim_segment;
        return command(model_.document(), stamp, wanted.segment, wanted.edge, wanted.to);
    });
}

void LabelController::on(const MoveSegment& wanted) {
    edit([&](const EditStamp& stamp, LayerId own) {
        require_own({wanted.segment}, own);
        return move_segment(model_.document(), stamp, wanted.segment, wanted.begin);
    });
}

void LabelController::on(const SplitSegment& wanted) {
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        require_own({wanted.segment}, own);
        return split_segment(model_.document(), stamp, wanted.segment, wanted.at,
                             model_.session.ids().fresh<SegmentId>());
    });
    if (outcome.changed && !outcome.made.empty()) select_alone(outcome.made.front());
}

void LabelController::on(const MergeWithNext& wanted) {
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        require_own({wanted.segment}, own);
        return merge_with_next(model_.document(), stamp, wanted.segment);
    });
    if (outcome.changed) select_alone(wanted.segment);
}

void LabelController::on(const DeleteSelection&) {
    const Selection selection = model_.state.selection;
    if (selection.empty()) return say("Nothing is selected to delete.");
    if (selection.proposal) {
        on(RejectProposal{*selection.proposal});
        return;
    }
    edit([&](const EditStamp&, LayerId own) {
        const Document& document = model_.document();
        require_own(selection.segments, own);
        if (selection.key_pose) {
            if (document.at<schemas::KeyPose>(*selection.key_pose).layer != own)
                throw EditConflict("This key pose stands in a layer that is not yours.");
            return delete_key_pose(document, *selection.key_pose);
        }
        if (!selection.comment) return delete_segments(document, selection.segments);
        if (document.at<schemas::Comment>(*selection.comment).author != model_.session.author().name)
            throw EditConflict("Somebody else wrote this comment. Resolve it instead.");
        return delete_comment(document, *selection.comment);
    });
}

bool LabelController::on(const AcceptProposals& wanted) {
    std::vector<schemas::Proposal> proposals;
    for (const schemas::ProposalId id : wanted.proposals)
        if (const auto* proposal = model_.proposal(id)) proposals.push_back(*proposal);
    const std::uint64_t before = model_.revision;
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        return accept_proposals(model_.document(), stamp, own, proposals, model_.session.ids());
    });
    if (!outcome.changed) {
        if (model_.revision == before && model_.read_only_because.empty())
            say("Nothing was accepted: there are labels already, or the proposals are gone.");
        return false;
    }
    if (proposals.size() == 1 && !proposals.front().top.empty())
        model_.state.last_label = proposals.front().top.front().label;
    on(SelectSegments{outcome.made});
    return true;
}

bool LabelController::on(const RejectProposal& wanted) {
    const schemas::Proposal* found = model_.proposal(wanted.proposal);
    if (found == nullptr) {
        say("That proposal is not there any more.");
        return false;
    }
    const schemas::Proposal proposal = *found;
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId) {
        return reject_proposal(model_.document(), stamp, proposal, model_.session.ids());
    });
    if (outcome.changed && model_.state.selection.proposal == wanted.proposal) model_.state.selection = {};
    return outcome.changed;
}

void LabelController::on(const CopySegments& wanted) {
    if (!model_.state.clip) return say("Open a clip first.");
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        return copy_segments(model_.document(), stamp, wanted.segments,
                             {*model_.state.clip, own, wanted.track, wanted.performer}, model_.session.ids());
    });
    if (outcome.changed) on(SelectSegments{outcome.made});
}

void LabelController::on(const AddKeyPose& wanted) {
    const auto* label = model_.document().find<schemas::Label>(wanted.label);
    if (label == nullptr) return say("That label is gone.");
    if (line() == nullptr) return;
    Line target = *line();
    if (target.track != label->track) {
        const std::vector<Line> all = lines();
        const auto found = std::ranges::find(all, label->track, &Line::track);
        if (found == all.end()) return say("That track is gone.");
        const Line same{target.clip, target.layer, label->track, target.performer};
        target = std::ranges::find(all, same) != all.end() ? same : *found;
    }
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        target.layer = own;
        return annotator::add_key_pose(model_.document(), stamp, target, wanted.frame, wanted.label,
                                       model_.session.ids());
    });
    if (!outcome.changed) return;
    model_.state.last_label = wanted.label;
    on(SelectKeyPose{outcome.poses.front()});
}

void LabelController::on(const MoveKeyPose& wanted) {
    edit([&](const EditStamp& stamp, LayerId own) {
        if (model_.document().at<schemas::KeyPose>(wanted.pose).layer != own)
            throw EditConflict("This key pose stands in a layer that is not yours.");
        return move_key_pose(model_.document(), stamp, wanted.pose, wanted.to);
    });
}

void LabelController::on(const AddComment& wanted) {
    if (!model_.state.clip) return say("Open a clip first.");
    const FrameSpan span = wanted.span.begin == wanted.span.end ? commented_span(model_) : wanted.span;
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId) {
        return annotator::add_comment(model_.document(), stamp, *model_.state.clip, span, wanted.text,
                                      model_.session.ids());
    });
    if (outcome.changed && model_.state.asking == Asking::comment) model_.state.asking = Asking::nothing;
}

void LabelController::on(const ResolveComment& wanted) {
    edit([&](const EditStamp& stamp, LayerId) { return resolve_comment(model_.document(), stamp, wanted.comment); });
}

void LabelController::on(const AddLabel& wanted) {
    schemas::Label label;
    label.id = model_.session.ids().fresh<schemas::LabelId>();
    label.track = wanted.track;
    label.name = wanted.name;
    for (const auto& [id, other] : model_.document().rows<schemas::Label>())
        if (other.track == wanted.track) label.position = std::max(label.position, other.position + 1);
    label.colour = label_colour(static_cast<std::size_t>(label.position));
    const Outcome outcome = edit([&](const EditStamp&, LayerId) { return add_label(model_.document(), label); });
    if (outcome.changed) model_.state.last_label = label.id;
}

void LabelController::on(const AddTrack& wanted) {
    schemas::Track track;
    track.id = model_.session.ids().fresh<schemas::TrackId>();
    track.name = wanted.name;
    track.kind = wanted.kind;
    track.exclusive = wanted.kind != schemas::TrackKind::key_pose;
    track.per_performer = wanted.kind != schemas::TrackKind::category;
    for (const auto& [id, other] : model_.document().rows<schemas::Track>())
        track.position = std::max(track.position, other.position + 1);
    const Outcome outcome = edit([&](const EditStamp&, LayerId) {
        if (track.name.empty()) throw EditConflict("A track needs a name.");
        return add_track(model_.document(), track);
    });
    if (!outcome.changed || !model_.state.clip) return;
    const std::vector<Line> all = lines();
    if (const auto found = std::ranges::find(all, track.id, &Line::track); found != all.end())
        on(SetActiveLine{track.id, found->performer});
}

}  // namespace annotator
