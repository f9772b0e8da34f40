#include "annotator/session/playback_controller.h"

namespace annotator {

PlaybackController::PlaybackController(EditorModel& model, std::function<void()> wake)
    : model_(model), wake_(std::move(wake)) {}
PlaybackController::~PlaybackController() = default;

void PlaybackController::handle(const PlaybackIntent& intent) {
    if (const auto* open = std::get_if<OpenClip>(&intent)) model_.state.clip = open->clip;
    if (const auto* seek = std::get_if<Seek>(&intent)) model_.frame = seek->frame;
}

bool PlaybackController::perform(Action) { return false; }

bool PlaybackController::tick() { return false; }

std::string PlaybackController::sound_problem() const { return playback_ ? playback_->sound_problem() : ""; }

}  // namespace annotator
