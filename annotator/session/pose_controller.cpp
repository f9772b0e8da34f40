#include "annotator/session/pose_controller.h"

namespace annotator {

void PoseController::handle(const PoseIntent&) {}

bool PoseController::perform(Action action) {
    if (action != Action::edit_key_points) return false;
    model_.state.editing_key_points = !model_.state.editing_key_points;
    return true;
}

}  // namespace annotator
