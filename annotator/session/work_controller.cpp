#include "annotator/session/work_controller.h"

namespace annotator {

void WorkController::handle(const WorkIntent&) {}

bool WorkController::perform(Action) { return false; }

bool WorkController::tick() { return false; }

}  // namespace annotator
