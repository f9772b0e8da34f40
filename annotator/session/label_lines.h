#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/proposal.h"

// Which lines of labels a clip has, and what lies where on them. Pure.
namespace annotator {

// The person's own layer, which has their name, or the name and a number where another kind of layer was called so
// already; nullopt until a first label of theirs made it.
std::optional<schemas::LayerId> own_layer(const Document& document, const std::string& author);

// Those whose skeletons a take has: the order in which they are shown.
std::vector<schemas::PerformerId> performers_by_name(const Document& document, schemas::TakeId take);

// Where a person may label the clip: each track by its position, for each performer of the take where it is one for
// each, else for the clip. `layer` is the person's own.
std::vector<Line> lines_to_label(const Document& document, schemas::ClipId clip, schemas::LayerId layer);
// Lines of other layers that hold labels of the clip; truth, which nobody at work may see, is left out.
std::vector<Line> lines_of_others(const Document& document, schemas::ClipId clip, schemas::LayerId own);

// The first segment of the line that ends behind the frame, as a place in `Document::segments(line)`. By halving on
// exclusive tracks.
std::size_t first_ending_after(const Document& document, const Line& line, schemas::FrameIndex frame);
// nullptr where there is none. Of several, the one that begins last.
const schemas::Segment* segment_at(const Document& document, const Line& line, schemas::FrameIndex frame);
bool is_labelled(const Document& document, const Line& line, schemas::FrameSpan span);

// The proposals for a line, of the model's proposals of its clip, which are sorted by track, performer and first
// frame.
std::span<const schemas::Proposal> proposals_for(const std::vector<schemas::Proposal>& of_clip, const Line& line);
// Those of them of which nothing is labelled on the line and to which nobody has said no.
std::vector<const schemas::Proposal*> open_proposals(const Document& document,
                                                     const std::vector<schemas::Proposal>& of_clip, const Line& line);
// nullptr where there is none.
const schemas::Proposal* open_proposal_at(const Document& document, const std::vector<schemas::Proposal>& of_clip,
                                          const Line& line, schemas::FrameIndex frame);
// The next open one that begins after the frame, else the first of the line; nullptr where none is left.
const schemas::Proposal* next_open_proposal(const Document& document, const std::vector<schemas::Proposal>& of_clip,
                                            const Line& line, schemas::FrameIndex frame);

// Where segments and open proposals of the line begin and end; ascending, without doubles.
std::vector<schemas::FrameIndex> boundaries_of(const Document& document, const std::vector<schemas::Proposal>& of_clip,
                                               const Line& line);

}  // namespace annotator
