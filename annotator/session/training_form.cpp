#include "annotator/session/training_form.h"

namespace annotator {

namespace {

constexpr int usual_steps = 1800;

bool can_be_learnt(const Document& document, schemas::TrackId id) {
    const auto* track = document.find<schemas::Track>(id);
    return track != nullptr && track->kind != schemas::TrackKind::key_pose;
}

schemas::TrackId first_to_learn(const EditorModel& model) {
    if (model.state.line && can_be_learnt(model.document(), model.state.line->track)) return model.state.line->track;
    const schemas::Track* first = nullptr;
    for (const auto& [id, track] : model.document().rows<schemas::Track>())
        if (can_be_learnt(model.document(), id) && (first == nullptr || track.position < first->position))
            first = &track;
    return first != nullptr ? first->id : schemas::TrackId{};
}

}  // namespace

StartTraining training_to_start(const EditorModel& model) {
    StartTraining training;
    training.steps = usual_steps;
    if (model.state.training_form) training = *model.state.training_form;
    if (!can_be_learnt(model.document(), training.track)) training.track = first_to_learn(model);
    return training;
}

}  // namespace annotator
