#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "annotator/jobs/job_runner.h"
#include "annotator/jobs/main_queue.h"
#include "annotator/session/clip_media.h"
#include "annotator/session/editor_state.h"
#include "annotator/session/event_log.h"
#include "annotator/session/project_session.h"

namespace annotator {

// What the controllers of an open project work on together. Views get it as const.
//
// Thread: the UI's. `main_queue` takes results from other threads.
struct EditorModel {
    EditorModel(ProjectSession opened, std::function<void()> wake);

    [[nodiscard]] const Document& document() const { return session.document(); }
    // nullptr where there is none.
    [[nodiscard]] const schemas::Clip* clip() const;
    [[nodiscard]] const schemas::Track* track() const;
    // Of the clip that is shown, on any track; none when no clip is shown.
    [[nodiscard]] const std::vector<schemas::Proposal>& proposals() const;
    [[nodiscard]] const schemas::Proposal* proposal(schemas::ProposalId id) const;

    // Does an edit, or says in a notice why it cannot be done. True when it was done. What another program changed
    // in between is read first.
    bool commit(const ProjectSession::Build& build);
    // Reads rows, models, proposals and queue again: another program has written.
    void read_again();
    void read_model_output();
    void read_problems();
    void say(Notice::Severity severity, std::string text);
    // Another program has written since read_model_output(): labels, or what models made.
    [[nodiscard]] bool is_behind();
    // The revision in which all rows were read.
    [[nodiscard]] std::uint64_t rows_revision() const { return rows_revision_; }
    // The revision in which the segments of the line changed last, so that what is made of them can be kept.
    [[nodiscard]] std::uint64_t revision_of(const Line& line) const;
    // The clips whose segments changed after that revision; nullopt where that may be any of them.
    [[nodiscard]] std::optional<std::set<schemas::ClipId>> clips_changed_after(std::uint64_t seen) const;
    // The document was changed by this edit, which commit() did not make: by undo or redo.
    void note_change(const schemas::Edit& edit);

    // Remembers edits in the user's own folder, for "your hour".
    void keep_events(const std::filesystem::path& logs);
    // "your hour: 214 segments, 61 % less than from scratch"; "" before the first.
    [[nodiscard]] std::string your_hour() const;

    ProjectSession session;
    std::filesystem::path folder;  // of the project, in full
    EditorState state;
    ModelOutput output;
    std::shared_ptr<const ClipMedia> media;  // null until a clip is shown; replaced as parts arrive
    schemas::FrameIndex frame = 0;           // that the screen shows; its number, picture and curves are of this frame
    bool playing = false;
    bool seeking = false;  // at rest, and `frame` is the one before: the picture that was asked for is on its way
    double speed = 1;
    std::uint64_t revision = 1;          // grows with each change of the document or of the models' output
    std::uint64_t output_revision = 0;   // in which `output` was read
    std::set<schemas::SegmentId> moved;  // segments whose boundaries changed and that were not classified again yet
    // What imports found wrong with the recordings of a take, in words.
    std::map<schemas::TakeId, std::vector<std::string>> problems;
    std::string read_only_because;  // "" while edits can be made
    EventLog events;
    Outbox outbox;  // what controllers ask each other for
    MainQueue main_queue;
    JobRunner jobs;  // last: its work posts to the queue

private:
    void remember(EditEvent event);

    std::map<Line, std::uint64_t> line_revisions_;  // of the lines that changed since the rows were read
    std::uint64_t rows_revision_ = 0;               // in which they were read
    std::uint64_t clips_revision_ = 0;              // in which a clip itself was changed last
    std::int64_t others_seen_ = 0;                  // ProjectStore::changes_of_others() when `output` was read
};

}  // namespace annotator
