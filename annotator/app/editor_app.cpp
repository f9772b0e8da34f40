#include "annotator/app/editor_app.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "annotator/app/fonts.h"
#include "annotator/session/keymap.h"
#include "annotator/app/screen.h"
#include "annotator/app/script_player.h"
#include "annotator/app/window.h"
#include "annotator/playback/sound_device.h"
#include "annotator/session/workbench.h"
#include "storage/media/png_picture.h"

namespace annotator {

namespace {

constexpr double idle_wait_seconds = 1;
constexpr double script_wait_seconds = 0.01;
// ImGui needs some frames to settle after a change.
constexpr int frames_after_a_change = 3;

class EditorApp {
public:
    explicit EditorApp(const EditorOptions& options)
        : options_(options),
          player_(player_for(options)),
          window_({options.width, options.height, "Kinetograph"}),
          keymap_(Keymap::preset("Editor")) {
        set_theme(ThemeKind::dark, Palette::okabe_ito, options.scale > 0 ? options.scale : window_.monitor_scale());
        if (player_) window_.point(std::nullopt);
        if (options.project) open(*options.project);
    }

    void run() {
        std::string failure;
        try {
            while (!window_.should_close()) turn();
        } catch (const ScriptFailure& error) {
            failure = error.what();
        }
        if (!options_.screenshot.empty()) take_picture(options_.screenshot);
        if (!failure.empty()) throw std::runtime_error(failure);
    }

private:
    static std::optional<ScriptPlayer> player_for(const EditorOptions& options) {
        if (!options.script.empty()) return ScriptPlayer(read_script(options.script), options.script.string());
        if (options.screenshot.empty()) return std::nullopt;
        return ScriptPlayer({{1, WaitFor{}}}, "screenshot");
    }

    // Waits for something to happen, does it, and draws what came of it.
    void turn() {
        const bool moving = bench_ && bench_->model().playing;
        window_.wait(moving || frames_due_ > 0 ? 0 : player_ ? script_wait_seconds : idle_wait_seconds);
        const ScriptFrame frame =
            player_ ? player_->next(bench_ ? &*bench_ : nullptr, machine_seconds()) : ScriptFrame{};
        perform(frame);
        if (window_.take_activity()) frames_due_ = frames_after_a_change;
        take_keys();
        if (bench_ && bench_->tick()) frames_due_ = std::max(frames_due_, 1);
        if (frame.quit || (frames_due_ == 0 && !moving)) return;
        --frames_due_;
        draw();
        if (!frame.picture.empty()) storage::write_png(window_.picture(), frame.picture);
        window_.show();
    }

    void perform(const ScriptFrame& frame) {
        if (player_ && !frame.waiting) frames_due_ = frames_after_a_change;
        for (const Chord& chord : frame.keys) window_.press(chord);
        if (!frame.text.empty()) window_.type(frame.text);
        if (frame.pointer) window_.point(frame.pointer);
        if (frame.size) window_.set_size(frame.size->width, frame.size->height);
        for (const Intent& intent : frame.intents)
            if (const auto* action = std::get_if<Action>(&intent))
                perform(*action);
            else if (bench_)
                bench_->handle(intent);
        if (frame.quit) window_.close();
    }

    void perform(Action action) {
        if (action == Action::quit) window_.close();
        if (bench_) bench_->handle(action);
    }

    void take_picture(const std::filesystem::path& file) {
        for (int i = 0; i < frames_after_a_change; ++i) draw();
        storage::write_png(window_.picture(), file);
    }

    void set_theme(ThemeKind kind, Palette palette, float scale) {
        theme_ = make_theme(kind, palette, scale);
        load_fonts(theme_);
        window_.upload_fonts();
        apply(theme_);
    }

    void open(const std::filesystem::path& project) {
        bench_.emplace(ProjectSession(project, options_.session), [] { Window::wake(); });
        bench_->keep_events(user_state_folder() / "events");
        window_.set_title(project.filename().string() + " – Kinetograph");
    }

    void take_keys() {
        for (const KeyPress& press : window_.take_keys()) {
            frames_due_ = frames_after_a_change;
            if (const auto action = keymap_.action_of(press.chord)) perform(*action);
        }
    }

    void draw() {
        window_.begin_frame();
        if (bench_) {
            screen_.draw({*bench_, outbox_, theme_, window_.textures()});
            for (const Intent& intent : outbox_.take()) {
                frames_due_ = frames_after_a_change;
                bench_->handle(intent);
            }
        }
        window_.end_frame(theme_.window);
    }

    const EditorOptions options_;
    std::optional<ScriptPlayer> player_;
    Window window_;
    Keymap keymap_;
    Theme theme_{};
    Screen screen_;
    Outbox outbox_;
    std::optional<Workbench> bench_;
    int frames_due_ = frames_after_a_change;
};

}  // namespace

void run_editor(const EditorOptions& options) { EditorApp(options).run(); }

}  // namespace annotator
