#pragma once

#include "annotator/session/child_jobs.h"
#include "annotator/session/editor_model.h"
#include "annotator/session/reclassifier.h"

namespace annotator {

// Long work: imports, training, pre-labelling, checks and exports, as child processes that run the verbs of the
// command line; the queue of hard examples; and classifying again what an edit touched, in the compute lane.
//
// Thread: the UI's.
class WorkController {
public:
    explicit WorkController(EditorModel& model) : model_(model), children_(model), reclassifier_(model) {}

    void handle(const WorkIntent& intent);
    bool perform(Action action);
    // True when what the screen shows has changed.
    bool tick();

private:
    // Says in a notice that nothing can be written, and returns false then.
    bool may_write();
    void start(WorkCommand command);
    void promote_model(schemas::ModelId model);
    void open_item(std::size_t index);
    void open_next(std::size_t from);
    void step_in_queue(std::ptrdiff_t by);
    // An example is looked at whenever the queue is shown.
    bool show_queue();
    bool shows_export();
    // As the form says.
    void write_dataset(ExportHow how);
    [[nodiscard]] schemas::TrackId track_at_hand() const;

    EditorModel& model_;
    ChildJobs children_;
    Reclassifier reclassifier_;
};

}  // namespace annotator
