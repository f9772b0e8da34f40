#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "annotator/session/editor_model.h"

namespace annotator {

// Selecting and labelling: turns intents and keys into edits of the document.
//
// Thread: the UI's.
class LabelController {
public:
    explicit LabelController(EditorModel& model) : model_(model) {}

    void handle(const LabelIntent& intent);
    // False for actions of other controllers.
    bool perform(Action action);
    // After anything may have changed the clip or the document: the active line is one of the clip's, and what is
    // selected and marked is there. Costs nothing when nothing has changed.
    void follow();

private:
    struct Key;
    using Build = std::function<Edit(const EditStamp&, schemas::LayerId own)>;
    // What an edit left behind, in the order of its changes.
    struct Outcome {
        bool changed = false;
        std::vector<schemas::SegmentId> made;
        std::vector<schemas::KeyPoseId> poses;
    };

    void on(const SelectSegment& wanted);
    void on(const SelectSegments& wanted);
    void on(const SelectProposal& wanted);
    void on(const SelectKeyPose& wanted);
    void on(const SelectComment& wanted);
    void on(const ClearSelection& wanted);
    void on(const SetActiveLine& wanted);
    void on(const SetMarks& wanted);
    void on(const DrawSegment& wanted);
    void on(const UseLabel& wanted);
    void on(const RelabelSegments& wanted);
    void on(const MoveBoundary& wanted);
    void on(const MoveSegment& wanted);
    void on(const SplitSegment& wanted);
    void on(const MergeWithNext& wanted);
    void on(const DeleteSelection& wanted);
    bool on(const AcceptProposals& wanted);  // true when something has changed, as in the ones below
    bool on(const RejectProposal& wanted);
    void on(const CorrectProposal& wanted);
    void on(const CopySegments& wanted);
    void on(const AddKeyPose& wanted);
    void on(const MoveKeyPose& wanted);
    void on(const AddComment& wanted);
    void on(const ResolveComment& wanted);
    void on(const AddLabel& wanted);
    void on(const AddTrack& wanted);
    void on(const UndoEdit& wanted);
    void on(const RedoEdit& wanted);

    // --- edits
    // Commits what `build` makes; the person's layer is made as a part of it where there is none yet.
    Outcome edit(const Build& build);
    void note_moved(const Edit& edit);
    void step_back_or_forth(std::optional<std::string> (ProjectSession::*step)(), const char* nothing);
    // What an undone or redone edit touched is selected; another clip is opened for it where it touched that one alone.
    void show_step(const Edit& done, const std::string& what, const std::string& title);
    // Throws EditConflict for labels of other people, which stay as they are.
    void require_own(const std::vector<schemas::SegmentId>& segments, schemas::LayerId own) const;
    [[nodiscard]] bool is_own(schemas::SegmentId segment) const;
    bool relabel(std::vector<schemas::SegmentId> segments, schemas::LabelId label);
    bool correct(const schemas::Proposal& proposal, schemas::FrameSpan span, schemas::LabelId label);
    bool draw(schemas::FrameSpan span, schemas::LabelId label);
    void use_on_key_poses(schemas::LabelId label);
    void use_under_playhead(schemas::LabelId label);
    // On the item of the queue that is looked at, and goes on to the next.
    void use_on_queue(schemas::LabelId label);
    [[nodiscard]] bool suits_active_track(schemas::LabelId label);

    // --- keys
    static std::span<const Key> keys();
    void mark(Edge edge);
    void make_segment();
    void split();
    void merge();
    void edge_to_playhead(Edge edge);
    void nudge(Edge edge, schemas::FrameIndex by);
    void accept();
    void reject();
    void correct_or_relabel();
    void copy_to_next_performer();
    void copy_to_next_track();
    void add_key_pose();
    // The selected one, else the first open one at the frame that is shown.
    void resolve_at_hand();
    void cycle_line(int by);
    void select_beside(int by);
    void select_all();
    void clear();
    void fit_selection();
    void zoom(double factor);
    void go_to_boundary(int by);

    // --- what keys speak of
    [[nodiscard]] std::vector<Line> lines() const;
    // The active line; says in a notice that there is none.
    [[nodiscard]] const Line* line();
    [[nodiscard]] const schemas::Segment* selected_segment() const;
    [[nodiscard]] const schemas::Segment* segment_under_playhead() const;
    // The selected one, else the one under the playhead; of the active line.
    [[nodiscard]] const schemas::Segment* segment_at_hand() const;
    // The selected one; else in Review the one of the queue's item, elsewhere the one under the playhead.
    [[nodiscard]] const schemas::Proposal* proposal_at_hand() const;
    [[nodiscard]] const schemas::Proposal* proposal_of_queue() const;
    // nullptr outside of Review, and while its clip is not shown.
    [[nodiscard]] const schemas::QueueItem* item_of_queue() const;
    // The segment whose edge a key moves: the selected one, else the one under or nearest to the playhead.
    [[nodiscard]] const schemas::Segment* segment_with_edge(Edge edge) const;
    [[nodiscard]] schemas::LayerId own() const;
    [[nodiscard]] schemas::FrameSpan clip_span() const;

    void set_line(const Line& line);
    void select_alone(schemas::SegmentId segment);
    void go_on_from(const schemas::Proposal& done);
    void go_to(schemas::FrameIndex frame);
    void say(std::string text);

    EditorModel& model_;
    std::uint64_t followed_revision_ = 0;
    std::optional<schemas::ClipId> followed_clip_;
};

}  // namespace annotator
