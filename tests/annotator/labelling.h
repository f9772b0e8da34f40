#pragma once

#include <memory>
#include <string>
#include <vector>

#include "annotator/session/workbench.h"
#include "tests/support/project_builder.h"
#include "tests/support/temporary_folder.h"

namespace tests {

// A person at work on a small project, without a window: clip 1 of 100 frames with performers Cleo (1) and Dara (2).
// Tracks: primitive (1, for each performer: step 1, hop 2, turn 3), category (2, for the clip: salsa 4, step 5) and
// key pose (3, for each performer: peak 6). The person is Ana, and the active line primitive of Cleo.
class Labelling {
public:
    explicit Labelling(ProjectBuilder project = dance_project());

    static ProjectBuilder dance_project();

    annotator::Workbench& bench() { return *bench_; }
    [[nodiscard]] const annotator::EditorModel& model() const { return bench_->model(); }
    [[nodiscard]] const annotator::EditorState& state() const { return bench_->state(); }

    // Each counts as one key.
    Labelling& key(annotator::Action action);
    Labelling& label_key(std::int64_t label);
    Labelling& ask(const annotator::Intent& intent);
    Labelling& at(schemas::FrameIndex frame);
    Labelling& draw(schemas::FrameIndex begin, schemas::FrameIndex end, std::int64_t label);
    // Proposals on the active line, [begin, end) with their likeliest label.
    struct Proposed {
        std::int64_t id;
        schemas::FrameIndex begin, end;
        std::int64_t label;
    };
    Labelling& propose(const std::vector<Proposed>& proposals);
    // A comment of Ben's on clip 2, which this program has not read.
    Labelling& another_program_edits();

    // "[0,50) step, [50,80) hop" of the active line, or of one that is named.
    [[nodiscard]] std::string segments() const;
    [[nodiscard]] std::string segments(std::int64_t track, std::optional<std::int64_t> performer) const;
    [[nodiscard]] schemas::SegmentId segment_at(schemas::FrameIndex frame) const;
    // What the last notice says; "" where there is none.
    [[nodiscard]] std::string said() const;
    // Whether the rows of the database are the document's.
    [[nodiscard]] bool is_stored();

private:
    TemporaryFolder folder_{Place::memory};
    std::unique_ptr<annotator::Workbench> bench_;
};

}  // namespace tests
