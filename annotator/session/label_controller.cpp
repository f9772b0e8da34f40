#include "annotator/session/label_controller.h"

namespace annotator {

void LabelController::handle(const LabelIntent& intent) {
    if (const auto* select = std::get_if<SelectSegment>(&intent)) {
        model_.state.selection = {};
        model_.state.selection.segments = {select->segment};
    } else if (std::holds_alternative<UndoEdit>(intent)) {
        if (model_.session.undo()) ++model_.revision;
    } else if (std::holds_alternative<RedoEdit>(intent)) {
        if (model_.session.redo()) ++model_.revision;
    }
}

bool LabelController::perform(Action action) {
    switch (action) {
        case Action::undo:
            handle(UndoEdit{});
            return true;
        case Action::redo:
            handle(RedoEdit{});
            return true;
        default:
            return false;
    }
}

}  // namespace annotator
