#pragma once

#include "annotator/session/editor_model.h"

namespace annotator {

// Correcting key-points: joints are selected, moved, marked and smoothed; each correction is an edit like any other.
//
// Thread: the UI's.
class PoseController {
public:
    explicit PoseController(EditorModel& model) : model_(model) {}

    void handle(const PoseIntent& intent);
    bool perform(Action action);

private:
    EditorModel& model_;
};

}  // namespace annotator
