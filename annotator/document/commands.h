#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/document/journal.h"
#include "schemas/proposal.h"

// Everything that a person can do to labels, as pure functions from a document to an edit.
// They throw EditConflict when what they name does not exist or cannot be done; the edit
// that they return is checked once more by Document::apply.
namespace annotator {

using schemas::Edit;

enum class Edge { begin, end };

// What happens to labels that are already where a new one is drawn, on an exclusive track.
enum class WhereLabelled { refuse, overwrite };

// A person touched it: what was taken over as it stood is now their own work.
void sign_as_corrected(schemas::Segment& segment, const EditStamp& stamp);

// `state` is drawn for a person at work, imported for labels from a file.
struct NewSegment {
    Line line;
    schemas::FrameSpan span;
    schemas::LabelId label{};
    schemas::LabelState state = schemas::LabelState::drawn;
    std::optional<schemas::ProposalId> proposal;
    std::optional<schemas::ModelId> model;
};

Edit draw_segment(const Document& document, const EditStamp& stamp, const NewSegment& segment, WhereLabelled rule,
                  schemas::IdSource& ids);
Edit delete_segment(const Document& document, schemas::SegmentId id);
// An accepted, imported or verified label becomes corrected; a drawn one stays drawn.
Edit relabel_segment(const Document& document, const EditStamp& stamp, schemas::SegmentId id, schemas::LabelId label);
// Rolls the boundary: a segment that touches it follows.
Edit roll_boundary(const Document& document, const EditStamp& stamp, schemas::SegmentId id, Edge edge,
                   schemas::FrameIndex to);
// Moves the edge of this segment alone.
Edit trim_segment(const Document& document, const EditStamp& stamp, schemas::SegmentId id, Edge edge,
                  schemas::FrameIndex to);
Edit split_segment(const Document& document, const EditStamp& stamp, schemas::SegmentId id, schemas::FrameIndex at,
                   schemas::SegmentId fresh);
// The segment takes over the span of the next one on its line, and any gap between.
Edit merge_with_next(const Document& document, const EditStamp& stamp, schemas::SegmentId id);
Edit set_state(const Document& document, const EditStamp& stamp, schemas::SegmentId id, schemas::LabelState state);

// One edit however many proposals: a bulk accept is one step of undo. Proposals whose span
// is labelled already are left out.
Edit accept_proposals(const Document& document, const EditStamp& stamp, schemas::LayerId layer,
                      const std::vector<schemas::Proposal>& proposals, schemas::IdSource& ids);
Edit correct_proposal(const Document& document, const EditStamp& stamp, schemas::LayerId layer,
                      const schemas::Proposal& proposal, schemas::FrameSpan span, schemas::LabelId label,
                      schemas::IdSource& ids);
Edit reject_proposal(const Document& document, const EditStamp& stamp, const schemas::Proposal& proposal,
                     schemas::IdSource& ids);

Edit add_key_pose(const Document& document, const EditStamp& stamp, const Line& line, schemas::FrameIndex frame,
                  schemas::LabelId label, schemas::IdSource& ids);
Edit move_key_pose(const Document& document, const EditStamp& stamp, schemas::KeyPoseId id, schemas::FrameIndex to);
Edit delete_key_pose(const Document& document, schemas::KeyPoseId id);
Edit add_comment(const Document& document, const EditStamp& stamp, schemas::ClipId clip, schemas::FrameSpan span,
                 const std::string& text, schemas::IdSource& ids);
Edit resolve_comment(const Document& document, const EditStamp& stamp, schemas::CommentId id);

}  // namespace annotator
