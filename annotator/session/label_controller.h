#pragma once

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

private:
    EditorModel& model_;
};

}  // namespace annotator
