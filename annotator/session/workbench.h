#pragma once

#include <functional>
#include <optional>

#include "annotator/session/editor_model.h"
#include "annotator/session/label_controller.h"
#include "annotator/session/playback_controller.h"
#include "annotator/session/pose_controller.h"
#include "annotator/session/work_controller.h"

namespace annotator {

// An open project and everything that a person can do to it, without a window: views read it and leave intents, tests
// and scripts drive it the same way.
//
// Thread: one, the UI's.
class Workbench {
public:
    // `wake` is called on any thread when tick() has something to do. `read_only_because` is a sentence for whoever
    // tries to edit; "" where that can be done.
    Workbench(ProjectSession session, std::function<void()> wake, std::string read_only_because = "");

    [[nodiscard]] const EditorModel& model() const { return model_; }
    [[nodiscard]] const Document& document() const { return model_.document(); }
    [[nodiscard]] const EditorState& state() const { return model_.state; }
    [[nodiscard]] const PlaybackController& playback() const { return playback_; }
    [[nodiscard]] const WorkController& work() const { return work_; }
    [[nodiscard]] const PoseController& pose() const { return pose_; }

    // Remembers what is done in the user's own folder, for "your hour"; without it only while the program runs.
    void keep_events(const std::filesystem::path& logs) { model_.keep_events(logs); }

    // What cannot be done is said in a notice; nothing is thrown. False for what is beside the project, which is left
    // to the app.
    bool handle(const Intent& intent);
    void say(Notice::Severity severity, std::string text) { model_.say(severity, std::move(text)); }
    // Reads what another program has written since, if it has.
    void look_for_changes();
    // When tick() has something to do though nothing comes in; nullopt where it has not.
    [[nodiscard]] std::optional<double> due_in_seconds() const;
    // Once for each picture on the screen, before it is drawn. True when something has changed since the last.
    bool tick();

private:
    void handle_window(const WindowIntent& intent);
    bool perform(Action action);
    bool perform_intent(const Intent& intent);
    // Does a part of tick(): what it throws is said in a notice.
    bool guarded(const std::function<bool()>& part);
    bool drop_old_notices();
    void fold_log_at_rest();

    EditorModel model_;
    LabelController labels_;
    PlaybackController playback_;
    WorkController work_;
    PoseController pose_;
    std::uint64_t folded_revision_ = 0;
    double fold_at_seconds_ = 0;  // 0: nothing waits
};

}  // namespace annotator
