#pragma once

#include <memory>
#include <vector>

#include "annotator/playback/playback.h"
#include "annotator/session/editor_model.h"

namespace annotator {

// Opens clips, loads their recordings in the background, and plays them.
//
// Thread: the UI's.
class PlaybackController {
public:
    PlaybackController(EditorModel& model, std::function<void()> wake);
    ~PlaybackController();

    void handle(const PlaybackIntent& intent);
    bool perform(Action action);
    // For each picture on the screen, before views are drawn: brings EditorModel::frame and pictures() up to date.
    // True when what the screen shows has changed.
    bool tick();

    // Of ClipMedia::videos, in their order; empty while nothing is loaded.
    [[nodiscard]] const std::vector<ViewedFrame>& pictures() const { return pictures_; }
    [[nodiscard]] std::string sound_problem() const;

private:
    EditorModel& model_;
    std::function<void()> wake_;
    std::unique_ptr<Playback> playback_;
    std::vector<ViewedFrame> pictures_;
};

}  // namespace annotator
