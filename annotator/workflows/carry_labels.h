#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/document/commands.h"
#include "annotator/workflows/frame_map.h"

namespace annotator {

// Where an edge of a segment went, or a key pose.
struct CarriedBoundary {
    schemas::SegmentId segment{};  // of the source
    Edge edge = Edge::begin;
    MappedBoundary at;
};
struct CarriedKeyPose {
    schemas::KeyPoseId key_pose{};  // of the source
    MappedBoundary at;
};

// A label that the copy does not get.
struct DroppedLabel {
    std::optional<schemas::SegmentId> segment;
    std::optional<schemas::KeyPoseId> key_pose;
    schemas::FrameSpan span;  // in frames of the source
    std::string label;
    std::string reason;
};

struct CarriedLabels {
    std::vector<CarriedBoundary> boundaries;  // two for each segment that was carried
    std::vector<CarriedKeyPose> key_poses;
    std::vector<DroppedLabel> dropped;

    [[nodiscard]] std::size_t segments() const { return boundaries.size() / 2; }
};

// Builds the rows that a copy of a take gets: the labels of the take's clips, on the frames that show the same. A
// label keeps its author, state, time and origin; it gets an id of its own. Nothing is drawn over labels that are
// there: where two would overlap on an exclusive track the later one is dropped, and listed.
class LabelCarrier {
public:
    LabelCarrier(const Document& source, const EditStamp& stamp, schemas::IdSource& ids)
        : source_(source), stamp_(stamp), ids_(ids) {}

    // The labels of a clip, of one layer or of all, into a clip of the copy. With all layers, comments and rejections
    // come as well. `there` is the document with the copy, which may be the source's own.
    void carry(const schemas::Clip& from, const schemas::Clip& to, const FrameMapper& mapper,
               std::optional<schemas::LayerId> layer, const Document& there);

    schemas::Edit edit;
    CarriedLabels carried;

private:
    void carry_segment(const schemas::Segment& segment, const schemas::Clip& to, const FrameMapper& mapper,
                       const Document& there);
    void carry_key_pose(const schemas::KeyPose& pose, const schemas::Clip& to, const FrameMapper& mapper);
    template <class Row>
    void carry_remark(const Row& row, const schemas::Clip& to, const FrameMapper& mapper);
    [[nodiscard]] bool is_free(const schemas::Segment& segment, const Document& there) const;
    [[nodiscard]] std::string label_text(schemas::LabelId label) const;

    const Document& source_;
    const EditStamp& stamp_;
    schemas::IdSource& ids_;
    std::map<Line, std::vector<schemas::FrameSpan>> taken_;  // by what was carried so far
};

}  // namespace annotator
