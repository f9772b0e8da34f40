#pragma once

#include "annotator/session/editor_model.h"
#include "annotator/session/intents.h"

namespace annotator {

// What "Start training" starts: what the form says, and until it is touched the track that is worked on with the usual
// number of steps. A track that is gone gives way to another one that a model can learn.
StartTraining training_to_start(const EditorModel& model);

}  // namespace annotator
