#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "annotator/session/corrected_media.h"
#include "annotator/session/editor_model.h"

namespace annotator {

// Correcting key-points: joints are selected, moved, marked and smoothed; each correction is an edit like any other.
// Tools work on the marked frames, or the selected segment, or the frame that is shown (gaps are found, smoothing takes
// the clip); on the selected joints, or where that makes sense on all.
//
// Thread: the UI's.
class PoseController {
public:
    explicit PoseController(EditorModel& model) : model_(model) {}

    void handle(const PoseIntent& intent);
    // False for actions of other controllers. While key-points are edited, some keys of labels are about joints.
    bool perform(Action action);
    // For each picture on the screen, before views are drawn: brings corrections into EditorModel::media. True when
    // what the screen shows has changed.
    bool tick();

private:
    // A skeleton of the clip and its motion, in its own frames.
    struct Active {
        const ClipMedia::Skeleton& skeleton;
        CorrectedMedia::Motion motion;

        [[nodiscard]] StreamMotion of() const { return {skeleton.stream, *motion}; }
    };
    // What the smoothing that is on offer was asked for.
    struct Smoothing {
        schemas::StreamId stream{};
        schemas::FrameSpan span, within;
        std::vector<int> joints;
    };

    void select(schemas::StreamId stream, const std::vector<int>& joints, SelectHow how);
    void step_joint(int by);
    void select_all();
    bool perform_while_editing(Action action);
    bool perform_on_joints(Action action);
    void toggle_editing();
    void move(const MoveJoint& to);
    void drag(const MoveJoint& to);
    void nudge(const Eigen::Vector3f& steps);
    void toggle_occluded();
    void interpolate();
    void reset();
    void settle_bones();
    void swap_sides();
    void copy_forward();
    void smooth();
    void offer_smoothing();
    void apply_preview();

    [[nodiscard]] std::optional<Active> active(schemas::StreamId stream) const;
    // Of the selected joints; else the first skeleton of the clip, before key-points in pixels one in metres.
    [[nodiscard]] std::optional<Active> active() const;
    // The same, but says so where there is none, or where joints have to be selected and are not.
    std::optional<Active> require_active();
    std::optional<Active> require_joints();
    [[nodiscard]] const std::vector<int>& joints() const { return model_.state.joints.joints; }
    [[nodiscard]] std::optional<schemas::FrameSpan> chosen_span() const;  // of the reference
    // In the skeleton's own frames; nullopt, and says so, where it shows none of these.
    std::optional<schemas::FrameSpan> own_span(const Active& active, schemas::FrameSpan span);
    std::optional<schemas::FrameSpan> chosen_or_shown(const Active& active);
    std::optional<schemas::FrameIndex> own_frame(const Active& active, schemas::FrameIndex frame);
    std::optional<PosePatch> patch_of(const MoveJoint& to);
    bool commit(const PosePatch& patch);
    void advise(const std::string& text) { model_.say(Notice::Severity::info, text); }

    EditorModel& model_;
    CorrectedMedia corrected_;
    std::optional<Smoothing> smoothing_;
    std::shared_ptr<const ClipMedia> seen_media_;  // kept: another one may lie where it lay
    std::uint64_t seen_revision_ = 0;
};

}  // namespace annotator
