#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/document/pose_tools.h"
#include "annotator/session/intents.h"
#include "annotator/session/job_board.h"
#include "schemas/proposal.h"

namespace annotator {

// What is selected in the clip that is shown. Segments, or one of the others.
struct Selection {
    std::vector<schemas::SegmentId> segments;  // in the order they were chosen; the last one is shown in the inspector
    std::optional<schemas::ProposalId> proposal;
    std::optional<schemas::KeyPoseId> key_pose;
    std::optional<schemas::CommentId> comment;

    [[nodiscard]] bool empty() const { return segments.empty() && !proposal && !key_pose && !comment; }
    [[nodiscard]] std::optional<schemas::SegmentId> segment() const {
        return segments.empty() ? std::nullopt : std::optional(segments.back());
    }
    bool operator==(const Selection&) const = default;
};

// Joints of one skeleton.
struct JointSelection {
    std::optional<schemas::StreamId> stream;
    std::vector<int> joints;  // ascending

    [[nodiscard]] bool contains(schemas::StreamId of, int joint) const {
        return stream == of && std::ranges::binary_search(joints, joint);
    }
    bool operator==(const JointSelection&) const = default;
};

// What is about to be done to key-points and is not done yet, in frames of the stream.
struct PosePreview {
    // drag: as long as the mouse is down. offer: until it is applied or dropped.
    enum class Kind { drag, offer };
    Kind kind = Kind::offer;
    PosePatch patch;
};

// A sentence for the person at work, shown until it is dismissed or, where it only informs, for some seconds.
struct Notice {
    enum class Severity { info, warning, error };
    Severity severity = Severity::info;
    std::string text;
    double since_seconds = 0;  // machine_seconds()
};

// Everything that views show and that is no row of the project. Only controllers change it.
struct EditorState {
    Workspace workspace = Workspace::annotate;
    Asking asking = Asking::nothing;

    ClipFilter clip_filter;
    std::optional<schemas::ClipId> clip;
    std::optional<Line> line;  // that new labels go to: the annotator's own layer, the active track and performer
    Selection selection;
    std::optional<schemas::FrameIndex> mark_in, mark_out;  // mark_out is the first frame behind
    std::optional<schemas::LabelId> last_label;
    bool snapping = true;
    TimelineRange range;
    // The five likeliest labels of segments, from the model that pre-labels, since the last edit that touched them.
    std::map<schemas::SegmentId, std::vector<schemas::LabelScore>> suggestions;

    std::optional<std::size_t> queue_index;  // of ModelOutput::queue
    bool editing_key_points = false;
    JointSelection joints;
    Bones bones = Bones::free;     // when joints are moved and gaps filled
    float smoothing_trust = 0.5F;  // in what was recorded, 0 to 1
    std::optional<PosePreview> pose_preview;

    std::vector<JobView> jobs;  // newest first; of those that are over the last ten
    WorkOutcomes outcomes;
    std::optional<schemas::ModelId> selected_model;  // in the table of runs
    // As the forms were filled in; training_form.h and dataset_forms.h say what they begin with.
    std::optional<StartTraining> training_form;
    std::optional<MakeSplit> split_form;
    std::optional<ExportDataset> export_form;

    std::vector<Notice> notices;  // oldest first
};

// What models have said so far, as the database has it.
struct ModelOutput {
    std::vector<schemas::ModelVersion> models;                            // oldest first
    std::map<schemas::TrackId, schemas::ModelId> promoted;                // which model pre-labels a track
    std::map<schemas::ClipId, std::vector<schemas::Proposal>> proposals;  // by track, performer and first frame
    std::vector<schemas::QueueItem> queue;
    std::optional<schemas::TrackId> queue_track;  // that the queue asks for
    std::vector<schemas::Split> splits;
    double budget = 0.2;  // share of the labelling work that is meant to be done by hand
};

}  // namespace annotator
