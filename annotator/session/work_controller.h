#pragma once

#include "annotator/session/editor_model.h"

namespace annotator {

// Long work: imports, training, pre-labelling, checks and exports, as child processes that run the verbs of the
// command line; and classifying again what an edit touched, in the compute lane.
//
// Thread: the UI's.
class WorkController {
public:
    explicit WorkController(EditorModel& model) : model_(model) {}

    void handle(const WorkIntent& intent);
    bool perform(Action action);
    // True when what the screen shows has changed.
    bool tick();

private:
    EditorModel& model_;
};

}  // namespace annotator
