#pragma once

#include <string>
#include <vector>

#include "annotator/document/commands.h"

// What a person does to several labels at once, and what the timeline adds to the commands of the document. Pure; they
// throw EditConflict as those do.
namespace annotator {

// Where an edge of a segment may go, both ends included, so that every segment keeps a frame and none is run over: as
// far as the next boundary, or for a roll to the far end of the segment that follows.
struct BoundaryRoom {
    schemas::FrameIndex least = 0;
    schemas::FrameIndex most = 0;
};
enum class NeighbourRule { follows, stays };
BoundaryRoom boundary_room(const Document& document, schemas::SegmentId id, Edge edge, NeighbourRule neighbour);
// Where the first frame of a segment may go when it is moved whole, both ends included.
BoundaryRoom move_room(const Document& document, schemas::SegmentId id);

Edit move_segment(const Document& document, const EditStamp& stamp, schemas::SegmentId id, schemas::FrameIndex begin);
Edit relabel_segments(const Document& document, const EditStamp& stamp, const std::vector<schemas::SegmentId>& ids,
                      schemas::LabelId label);
Edit delete_segments(const Document& document, const std::vector<schemas::SegmentId>& ids);
// One segment is merged with the next one; of several, which must follow each other on a line, the first takes over
// the spans of the others.
Edit merge_segments(const Document& document, const EditStamp& stamp, std::vector<schemas::SegmentId> ids);
// Over what is labelled there already. The copies carry the label of the same name on the track they go to.
Edit copy_segments(const Document& document, const EditStamp& stamp, const std::vector<schemas::SegmentId>& ids,
                   const Line& to, schemas::IdSource& ids_source);
// The same spans on each segment's own line of another layer, with that label.
Edit take_over_segments(const Document& document, const EditStamp& stamp, const std::vector<schemas::SegmentId>& ids,
                        schemas::LayerId layer, std::optional<schemas::LabelId> label, schemas::IdSource& ids_source);
Edit delete_comment(const Document& document, schemas::CommentId id);
Edit relabel_key_pose(const Document& document, const EditStamp& stamp, schemas::KeyPoseId id, schemas::LabelId label);

}  // namespace annotator
