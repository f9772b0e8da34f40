#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "annotator/document/commands.h"
#include "annotator/session/actions.h"
#include "annotator/session/clip_filter.h"
#include "annotator/session/job_board.h"
#include "annotator/session/settings.h"
#include "schemas/annotation.h"
#include "schemas/proposal.h"

// What views ask for. Values: a view puts them into the Outbox, and the Workbench hands each to the controller of its
// group. Frames count in the take's reference stream.
namespace annotator {

// replace: nothing else stays selected. toggle: what was selected is not any more, and the other way round.
enum class SelectHow { replace, add, toggle };

// --- labels, and what is selected --------------------------------------------------------------------------------

struct SelectSegment {
    schemas::SegmentId segment{};
    SelectHow how = SelectHow::replace;
};
struct SelectSegments {
    std::vector<schemas::SegmentId> segments;
    SelectHow how = SelectHow::replace;
};
struct SelectProposal {
    schemas::ProposalId proposal{};
};
struct SelectKeyPose {
    schemas::KeyPoseId pose{};
};
struct SelectComment {
    schemas::CommentId comment{};
};
struct ClearSelection {};
// Which line new labels go to. The layer is the annotator's own.
struct SetActiveLine {
    schemas::TrackId track{};
    std::optional<schemas::PerformerId> performer;
};
// `out` is the first frame behind what is marked.
struct SetMarks {
    std::optional<schemas::FrameIndex> in, out;
};
// On the active line; over what is labelled there already.
struct DrawSegment {
    schemas::FrameSpan span;
    schemas::LabelId label{};
};
// What a label's key or a click on it does: makes a segment of the marks, or relabels the selected segments, or
// corrects the selected proposal and goes on to the next, or labels what is under the playhead; else it becomes the
// label of the next segment. On a track of key poses it labels the frame that is shown.
struct UseLabel {
    schemas::LabelId label{};
};
struct RelabelSegments {
    std::vector<schemas::SegmentId> segments;
    schemas::LabelId label{};
};
enum class BoundaryMove { roll, trim };
struct MoveBoundary {
    schemas::SegmentId segment{};
    Edge edge = Edge::begin;
    schemas::FrameIndex to = 0;
    BoundaryMove how = BoundaryMove::roll;
};
// The whole segment, its length kept.
struct MoveSegment {
    schemas::SegmentId segment{};
    schemas::FrameIndex begin = 0;
};
struct SplitSegment {
    schemas::SegmentId segment{};
    schemas::FrameIndex at = 0;
};
struct MergeWithNext {
    schemas::SegmentId segment{};
};
struct DeleteSelection {};
struct AcceptProposals {
    std::vector<schemas::ProposalId> proposals;
};
struct RejectProposal {
    schemas::ProposalId proposal{};
};
struct CorrectProposal {
    schemas::ProposalId proposal{};
    schemas::FrameSpan span;
    schemas::LabelId label{};
};
struct CopySegments {
    std::vector<schemas::SegmentId> segments;
    schemas::TrackId track{};
    std::optional<schemas::PerformerId> performer;
};
struct AddKeyPose {
    schemas::FrameIndex frame = 0;
    schemas::LabelId label{};
};
struct MoveKeyPose {
    schemas::KeyPoseId pose{};
    schemas::FrameIndex to = 0;
};
// An empty span: of what is marked, else of what is selected, else of the frame that is shown.
struct AddComment {
    schemas::FrameSpan span;
    std::string text;
};
struct ResolveComment {
    schemas::CommentId comment{};
};
struct AddLabel {
    schemas::TrackId track{};
    std::string name;
};
struct AddTrack {
    std::string name;
    schemas::TrackKind kind = schemas::TrackKind::primitive;
};
struct UndoEdit {};
struct RedoEdit {};

using LabelIntent = std::variant<SelectSegment, SelectSegments, SelectProposal, SelectKeyPose, SelectComment,
                                 ClearSelection, SetActiveLine, SetMarks, DrawSegment, UseLabel, RelabelSegments,
                                 MoveBoundary, MoveSegment, SplitSegment, MergeWithNext, DeleteSelection,
                                 AcceptProposals, RejectProposal, CorrectProposal, CopySegments, AddKeyPose,
                                 MoveKeyPose, AddComment, ResolveComment, AddLabel, AddTrack, UndoEdit, RedoEdit>;

// --- the window --------------------------------------------------------------------------------------------------

enum class Workspace { annotate, review, train, curate, export_dataset };

// What the window asks the person for, beside the workspaces; never modal.
enum class Asking { nothing, label, go_to, comment, command, settings, cheat_sheet, import_paths, project };

struct TimelineRange {
    double first_frame = 0;       // at the left edge
    double frames_per_point = 0;  // 0: as much as fits the clip
    double points = 0;            // how wide the timeline is drawn; 0 before it was
};

struct ShowWorkspace {
    Workspace workspace = Workspace::annotate;
};
struct Ask {
    Asking what = Asking::nothing;
};
struct SetTimelineRange {
    TimelineRange range;
};
struct DismissNotice {
    std::size_t index = 0;
};
struct FilterClips {
    ClipFilter filter;
};

using WindowIntent = std::variant<ShowWorkspace, Ask, SetTimelineRange, DismissNotice, FilterClips>;

// --- the clip that is shown, and playing -------------------------------------------------------------------------

// Shows a clip, and goes to a frame of it where one is named; its workspace stays.
struct OpenClip {
    schemas::ClipId clip{};
    std::optional<schemas::FrameIndex> frame;
};
struct Seek {
    schemas::FrameIndex frame = 0;
};
// Looked at while the mouse is down: the exact frame comes when it is ready, a preview before.
struct Scrub {
    schemas::FrameIndex frame = 0;
};
struct SetSpeed {
    double speed = 1;
};
struct SetLoop {
    std::optional<schemas::FrameSpan> span;
};
struct ReplaySpan {
    schemas::FrameSpan span;
};
struct SetSoundVolume {
    double volume = 1;  // 0 is silent
};

// How large the pictures of a video are made, for the size they are shown at; 0: as they are.
struct SetPictureSize {
    schemas::StreamId video{};
    int longest_side = 0;
};

using PlaybackIntent =
    std::variant<OpenClip, Seek, Scrub, SetSpeed, SetLoop, ReplaySpan, SetSoundVolume, SetPictureSize>;

// --- long work ---------------------------------------------------------------------------------------------------

struct ImportRecordings {
    std::vector<std::filesystem::path> paths;
};
struct StartTraining {
    std::string family = "tcn_clip";
    schemas::TrackId track{};
    int steps = 0;  // 0: the family's own number
    std::int64_t seed = 0;

    bool operator==(const StartTraining&) const = default;
};
// Of the jobs that are not over; none is named: the newest that has begun, else the newest.
struct PauseJob {
    std::optional<WorkId> job;
};
struct ResumeJob {
    std::optional<WorkId> job;
};
struct CancelJob {
    std::optional<WorkId> job;
};
struct SelectModel {
    schemas::ModelId model{};
};
struct PromoteModel {
    schemas::ModelId model{};
};
struct Prelabel {
    schemas::TrackId track{};
    std::set<std::string> clips;  // empty: all
};
struct BuildQueue {
    schemas::TrackId track{};
    std::size_t top = 20;
    std::string strategy;  // empty: the default
};
// The item of the queue that is looked at; its clip is shown with its span selected.
struct OpenQueueItem {
    std::size_t index = 0;
};
struct CheckProject {};
// Groups and strata are lists with commas between.
struct MakeSplit {
    std::string name, scheme, group, stratify;
    std::int64_t seed = 0;

    bool operator==(const MakeSplit&) const = default;
};
enum class ExportHow { write, plan };
struct ExportDataset {
    std::filesystem::path folder;
    std::string format, split;  // formats: a list with commas between; no split: ""
    ExportHow how = ExportHow::write;

    bool operator==(const ExportDataset&) const = default;
};
// What the forms say: what is learnt, made and written when it is asked for.
struct PrepareTraining {
    StartTraining training;
};
struct PrepareSplit {
    MakeSplit split;
};
struct PrepareExport {
    ExportDataset dataset;
};
using WorkIntent = std::variant<ImportRecordings, StartTraining, PauseJob, ResumeJob, CancelJob, SelectModel,
                                PromoteModel, Prelabel, BuildQueue, OpenQueueItem, CheckProject, MakeSplit,
                                ExportDataset, PrepareTraining, PrepareSplit, PrepareExport>;

// --- key-points --------------------------------------------------------------------------------------------------

struct SelectJoint {
    schemas::StreamId stream{};
    int joint = 0;
    SelectHow how = SelectHow::replace;
};
struct SelectJoints {
    schemas::StreamId stream{};
    std::vector<int> joints;
    SelectHow how = SelectHow::replace;
};
// In the space of the stream: metres or pixels. If the joint is one of those selected, they all go along.
struct MoveJoint {
    schemas::StreamId stream{};
    schemas::FrameIndex frame = 0;
    int joint = 0;
    float x = 0, y = 0, z = 0;
};
// Shows what MoveJoint would do, while the mouse is down.
struct DragJoint {
    MoveJoint to;
};
struct SetSmoothingTrust {
    float trust = 0.5F;  // in what was recorded, 0 to 1
};
// What is previewed is done, or dropped.
struct ApplyPosePreview {};
struct DropPosePreview {};

using PoseIntent =
    std::variant<SelectJoint, SelectJoints, MoveJoint, DragJoint, SetSmoothingTrust, ApplyPosePreview, DropPosePreview>;

// --- beside the project ------------------------------------------------------------------------------------------

// Another project takes the place of the open one.
struct OpenProject {
    std::filesystem::path folder;
};
// Makes an empty project and opens it.
struct MakeProject {
    std::filesystem::path folder;
};
// Has the demo project made there, in the background, and opens it.
struct MakeDemoProject {
    std::filesystem::path folder;
};
struct CancelDemoProject {};
struct ChangeSettings {
    Settings settings;
};
using ShellIntent = std::variant<OpenProject, MakeProject, MakeDemoProject, CancelDemoProject, ChangeSettings>;

using Intent = std::variant<Action, WindowIntent, LabelIntent, PlaybackIntent, WorkIntent, PoseIntent, ShellIntent>;

// Where views leave what they ask for, until the Workbench takes it.
//
// Thread: the UI's.
class Outbox {
public:
    template <class Wanted>
    void send(Wanted wanted) {
        if constexpr (std::is_same_v<Wanted, Action>)
            intents_.emplace_back(wanted);
        else if constexpr (std::is_constructible_v<WindowIntent, Wanted>)
            intents_.emplace_back(WindowIntent(std::move(wanted)));
        else if constexpr (std::is_constructible_v<LabelIntent, Wanted>)
            intents_.emplace_back(LabelIntent(std::move(wanted)));
        else if constexpr (std::is_constructible_v<PlaybackIntent, Wanted>)
            intents_.emplace_back(PlaybackIntent(std::move(wanted)));
        else if constexpr (std::is_constructible_v<WorkIntent, Wanted>)
            intents_.emplace_back(WorkIntent(std::move(wanted)));
        else if constexpr (std::is_constructible_v<ShellIntent, Wanted>)
            intents_.emplace_back(ShellIntent(std::move(wanted)));
        else
            intents_.emplace_back(PoseIntent(std::move(wanted)));
    }
    void send_intent(Intent intent) { intents_.push_back(std::move(intent)); }
    [[nodiscard]] std::vector<Intent> take() { return std::exchange(intents_, {}); }
    [[nodiscard]] bool empty() const { return intents_.empty(); }

private:
    std::vector<Intent> intents_;
};

}  // namespace annotator
