#include "annotator/app/editor_app.h"

#include <optional>

#include "annotator/app/fonts.h"
#include "annotator/app/keymap.h"
#include "annotator/app/screen.h"
#include "annotator/app/window.h"
#include "annotator/session/workbench.h"
#include "storage/media/png_picture.h"

namespace annotator {

namespace {

constexpr double idle_wait_seconds = 1;
// ImGui needs some frames to settle after a change.
constexpr int frames_after_a_change = 3;

class EditorApp {
public:
    explicit EditorApp(const EditorOptions& options)
        : options_(options),
          window_({options.width, options.height, "Kinetograph"}),
          keymap_(Keymap::preset("Editor")) {
        set_theme(ThemeKind::dark, Palette::okabe_ito, options.scale > 0 ? options.scale : window_.monitor_scale());
        if (options.project) open(*options.project);
    }

    void run() {
        while (!window_.should_close()) {
            const bool moving = bench_ && bench_->model().playing;
            window_.wait(moving || frames_due_ > 0 ? 0 : idle_wait_seconds);
            if (window_.take_activity()) frames_due_ = frames_after_a_change;
            take_keys();
            if (bench_ && bench_->tick()) frames_due_ = std::max(frames_due_, 1);
            if (frames_due_ == 0 && !moving) continue;
            --frames_due_;
            draw();
        }
        if (!options_.screenshot.empty()) storage::write_png(window_.picture(), options_.screenshot);
    }

private:
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
            const auto action = keymap_.action_of(press.chord);
            if (action == Action::quit) window_.close();
            if (action && bench_) bench_->handle(*action);
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
