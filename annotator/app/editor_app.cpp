#include "annotator/app/editor_app.h"

#include <algorithm>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "annotator/app/demo_maker.h"
#include "annotator/app/fonts.h"
#include "annotator/app/landmarks_file.h"
#include "annotator/app/process_time.h"
#include "annotator/app/screen.h"
#include "annotator/app/script_player.h"
#include "annotator/app/script_recorder.h"
#include "annotator/app/settings_file.h"
#include "annotator/app/shown_characters.h"
#include "annotator/app/window.h"
#include "annotator/document/queries.h"
#include "annotator/playback/sound_device.h"
#include "annotator/session/key_routing.h"
#include "annotator/session/project_lock.h"
#include "annotator/session/workbench.h"
#include "annotator/views/folder_listing.h"
#include "annotator/views/welcome_view.h"
#include "annotator/workflows/create_project.h"
#include "storage/media/png_picture.h"

namespace annotator {

namespace {

// While nothing happens the window sleeps until an event comes; this is only the longest it sleeps at once.
constexpr double idle_wait_seconds = 3600;
constexpr double script_wait_seconds = 0.01;
// ImGui needs some frames to settle after a change.
constexpr int frames_after_a_change = 3;

// Unattended runs neither follow nor change what a person has chosen.
LoadedSettings settings_for(const EditorOptions& options) {
    const bool attended = options.script.empty() && options.screenshot.empty();
    return attended ? load_settings(settings_file()) : LoadedSettings{};
}

WindowOptions window_for(const EditorOptions& options, const Settings& settings) {
    const auto [width, height] = options.size.value_or(std::pair(settings.window_width, settings.window_height));
    return {width, height, "Kinetograph"};
}

std::optional<ScriptPlayer> player_for(const EditorOptions& options) {
    if (!options.script.empty()) return ScriptPlayer(read_script(options.script), options.script.string());
    if (options.screenshot.empty()) return std::nullopt;
    return ScriptPlayer({{1, WaitFor{}}}, "screenshot");
}

class EditorApp {
public:
    explicit EditorApp(const EditorOptions& options)
        : options_(options),
          player_(player_for(options)),
          loaded_(settings_for(options)),
          settings_(loaded_.settings),
          keymap_(settings_.keys()),
          window_(window_for(options, settings_)) {
        follow_settings();
        if (player_) window_.point(std::nullopt);
        if (!options.record.empty()) recorder_.emplace(options.record, settings_, window_.width(), window_.height());
        // A project that the command line names and that cannot be opened is an error; later ones are notices.
        if (options.project) open(*options.project);
        if (!loaded_.notice.empty()) say(loaded_.notice);
    }

    void run() {
        std::string failure;
        try {
            while (!window_.should_close()) turn();
        } catch (const ScriptFailure& error) {
            failure = error.what();
        }
        if (demo_) demo_->cancel();
        if (!options_.screenshot.empty()) take_picture(options_.screenshot);
        keep_settings();
        if (!failure.empty()) throw std::runtime_error(failure);
    }

private:
    // Waits for something to happen, does it, and draws what came of it.
    void turn() {
        const bool moving = bench_ && bench_->model().playing;
        window_.wait(moving || frames_due_ > 0 ? 0 : longest_wait());
        const bool follows = player_ && window_.keys_settled();
        const ScriptFrame frame = follows ? player_->next(bench(), machine_seconds()) : ScriptFrame{};
        follow(frame);
        if (window_.monitor_scale() != monitor_scale_) follow_settings();
        if (window_.take_focus() && bench_) bench_->look_for_changes();
        take_dropped(window_.take_dropped());
        if (window_.take_activity()) frames_due_ = frames_after_a_change;
        if (!window_.keys_settled()) frames_due_ = std::max(frames_due_, 1);
        if (bench_ && bench_->tick()) frames_due_ = std::max(frames_due_, 1);
        if (follow_demo()) frames_due_ = frames_after_a_change;
        if (frames_due_ == 0 && !moving && outbox_.empty() && !frame.quit) return;
        frames_due_ = std::max(0, frames_due_ - 1);
        draw();
        if (!frame.picture.empty()) storage::write_png(window_.picture(), frame.picture);
        window_.show();
        report_first_frame();
    }

    [[nodiscard]] double longest_wait() const {
        if (player_) return script_wait_seconds;
        return bench_ ? std::min(idle_wait_seconds, bench_->due_in_seconds().value_or(idle_wait_seconds))
                      : idle_wait_seconds;
    }

    void follow(const ScriptFrame& frame) {
        if (player_ && !frame.waiting) frames_due_ = frames_after_a_change;
        for (const Chord& chord : frame.keys) window_.press(chord);
        if (!frame.text.empty()) window_.type(frame.text);
        if (frame.pointer) window_.point(frame.pointer);
        if (frame.size) window_.set_size(frame.size->width, frame.size->height);
        for (const Intent& intent : frame.intents) handle(intent);
        if (frame.quit) window_.close();
    }

    void draw() {
        const Asking asked = asking();
        static const std::vector<KeyStroke> none;
        const auto& keys = !take_shortcuts() ? none
                                             : window_.take_keys(asked == Asking::label ? KeyQueue::Text::one_by_one
                                                                                        : KeyQueue::Text::together);
        load_missing_characters(keys);
        window_.begin_frame();
        if (recorder_) {
            recorder_->record_mouse(ImGui::GetIO(), bench(), machine_seconds());
            recorder_->record_keys(keys, bench(), machine_seconds());
        }
        for (const KeyStroke& stroke : keys)
            if (stroke.press) take(*stroke.press);
        if (bench_)
            screen_.draw(context());
        else
            welcome_.draw(shell());
        window_.end_frame(theme_.window);
        landmarks_.follow_picture();
        for (const Intent& intent : outbox_.take()) {
            frames_due_ = frames_after_a_change;
            handle(intent);
        }
        if (asking() != asked) hold_keys();
    }

    [[nodiscard]] Asking asking() const { return bench_ ? bench_->state().asking : welcome_.asking(); }

    // Any number of them before a picture, up to one that asks a question.
    // False when one waits for the picture that it is about.
    bool take_shortcuts() {
        const auto meant_for_another = [&] { return asking() != Asking::nothing || takes_any_key(); };
        if (meant_for_another()) return true;
        bool waits = false;
        while (const auto press = window_.take_shortcut([&](const KeyPress& next) {
            waits = bench_ && picture_wait_.holds(intent_of(next.chord, keymap_, {asking(), false, next.repeats}),
                                                  bench_->model().seeking, machine_seconds());
            return !waits;
        })) {
            if (recorder_) recorder_->record_keys({{*press, -1, {}}}, bench(), machine_seconds());
            take(*press);
            if (!meant_for_another()) continue;
            hold_keys();
            return true;
        }
        return !waits;
    }

    // A question has come or gone, and many have a text field.
    void hold_keys() {
        constexpr Asking with_field[] = {Asking::label, Asking::go_to, Asking::comment, Asking::command};
        if (std::ranges::find(with_field, asking()) != std::end(with_field))
            window_.hold_keys(true);
        else
            window_.hold_keys(asking() == Asking::nothing ? std::optional(false) : std::nullopt);
    }

    [[nodiscard]] bool takes_any_key() const { return bench_ ? screen_.wants_key() : welcome_.wants_key(); }

    void take(const KeyPress& press) {
        frames_due_ = frames_after_a_change;
        if (takes_any_key()) {
            bench_ ? screen_.take_key(press.chord, context()) : welcome_.take_key(press.chord, shell());
            return;
        }
        if (const auto intent = intent_of(press.chord, keymap_, {asking(), press.swallowed, press.repeats}))
            return handle(*intent);
        if (!bench_ || asking() != Asking::nothing || press.swallowed || press.repeats) return;
        const EditorModel& model = bench_->model();
        if (const auto label = label_intent_of(press.chord, keymap_, model.document(), model.state.line))
            handle(*label);
    }

    // A project is opened, anything else imported into the one that is open.
    void take_dropped(const std::vector<std::filesystem::path>& paths) {
        if (paths.empty()) return;
        if (is_project(paths.front()))
            handle(ShellIntent(OpenProject{paths.front()}));
        else if (bench_)
            handle(WorkIntent(ImportRecordings{paths}));
        else
            say("Open a project, or make one, to import " + paths.front().filename().string() + " into it.");
    }

    void handle(const Intent& intent) {
        const auto* action = std::get_if<Action>(&intent);
        if (action != nullptr && *action == Action::quit) return window_.close();
        if (action != nullptr && *action == Action::close_project) return close_project();
        if (action != nullptr && *action == Action::demo_project && bench_) close_project();
        if (const auto* shell = std::get_if<ShellIntent>(&intent))
            handle_shell(*shell);
        else if (bench_)
            bench_->handle(intent);
        else
            welcome_.handle(intent);
    }

    void handle_shell(const ShellIntent& intent) try {
        if (const auto* opened = std::get_if<OpenProject>(&intent)) {
            open(opened->folder);
        } else if (const auto* made = std::get_if<MakeProject>(&intent)) {
            create_project(made->folder, {}, options_.session);
            open(made->folder);
        } else if (const auto* changed = std::get_if<ChangeSettings>(&intent)) {
            settings_ = changed->settings;
            settings_.layout = screen_.layout();
            follow_settings();
            keep_settings();
        } else if (const auto* demo = std::get_if<MakeDemoProject>(&intent)) {
            demo_.emplace(demo->folder, [] { Window::wake(); });
            welcome_.show_demo(demo_->progress());
        } else {
            if (demo_) demo_->cancel();
            welcome_.show_demo(std::nullopt);
        }
    } catch (const std::exception& error) {
        say(error.what());
    }

    // The demo project comes up when it is made.
    bool follow_demo() {
        if (!demo_ || !demo_->tick()) return false;
        if (demo_->is_cancelled()) {
            if (demo_->is_over()) demo_.reset();
            return true;
        }
        const std::optional<std::string> failure = demo_->failure();
        if (failure) say(*failure);
        if (demo_->made()) handle(ShellIntent(OpenProject{demo_->folder()}));
        if (failure || demo_->made()) demo_.reset();
        welcome_.show_demo(demo_ ? std::optional(demo_->progress()) : std::nullopt);
        return true;
    }

    void open(const std::filesystem::path& folder) {
        const std::filesystem::path full = std::filesystem::weakly_canonical(folder);
        welcome_.handle(WindowIntent(Ask{Asking::nothing}));
        // It would find its own lock.
        if (bench_ && full == project_) {
            bench_->handle(WindowIntent(Ask{Asking::nothing}));
            return;
        }
        OpenedProject opened = open_for_editing(folder, options_.session);
        close_project();
        bench_.emplace(
            std::move(opened.session), [] { Window::wake(); }, std::move(opened.read_only_because));
        lock_ = std::move(opened.lock);  // only now: where there is no bench, nothing is locked
        if (!player_) bench_->keep_events(user_state_folder() / "events");
        bench_->handle(PlaybackIntent(SetSoundVolume{settings_.sound_volume}));
        if (const auto clips = clips_by_name(bench_->document()); !clips.empty())
            bench_->handle(PlaybackIntent(OpenClip{clips.front()->id, {}}));
        project_ = full;
        const bool looks_on = !bench_->model().read_only_because.empty();
        window_.set_title(full.filename().string() + (looks_on ? " (read only)" : "") + " – Kinetograph");
        settings_.remember_project(full.string());
        keep_settings();
    }

    void close_project() {
        bench_.reset();
        characters_.forget_model();
        lock_.reset();
        screen_ = Screen(screen_.layout());
        window_.set_title("Kinetograph");
    }

    void follow_settings() {
        keymap_ = settings_.keys();
        screen_.set_layout(settings_.layout);
        monitor_scale_ = window_.monitor_scale();
        const double monitor = options_.scale > 0 ? options_.scale : monitor_scale_;
        const Theme last = theme_;
        theme_ = make_theme(settings_.theme, settings_.palette, static_cast<float>(monitor * settings_.scale));
        if (last.body != nullptr && last.scale == theme_.scale)
            std::tie(theme_.body, theme_.strong, theme_.small, theme_.title, theme_.mono) =
                std::tie(last.body, last.strong, last.small, last.title, last.mono);
        else
            load_all_fonts();
        apply(theme_);
        if (bench_) bench_->handle(PlaybackIntent(SetSoundVolume{settings_.sound_volume}));
    }

    void load_all_fonts() {
        load_fonts(theme_, characters_.all());
        characters_loaded_ = characters_.all().size();
        window_.upload_fonts();
    }

    // Of everything that the picture to come may show; what it reads of a folder has them in the one after it.
    void load_missing_characters(const std::vector<KeyStroke>& typed) {
        constexpr Chord paste{'V', true, false, false};
        for (const KeyStroke& stroke : typed) {
            characters_.take(stroke.text);
            const char* pasted = stroke.press && stroke.press->chord == paste ? ImGui::GetClipboardText() : nullptr;
            if (pasted != nullptr) characters_.take(pasted);
        }
        characters_.take(settings_);
        if (bench_) characters_.take(bench_->model());
        characters_.take(bench_ ? screen_.take_names() : welcome_.take_names());
        if (characters_.all().size() != characters_loaded_) load_all_fonts();
    }

    void keep_settings() {
        if (player_) return;
        settings_.layout = screen_.layout();
        settings_.window_width = window_.width();
        settings_.window_height = window_.height();
        try {
            if (const auto file = settings_file(); !file.empty()) save_settings(settings_, file);
        } catch (const std::exception& error) {
            say(error.what());
        }
    }

    void say(const std::string& text) {
        characters_.take(text);
        if (bench_)
            bench_->say(Notice::Severity::warning, text);
        else
            welcome_.say(text);
    }

    void take_picture(const std::filesystem::path& file) {
        for (int i = 0; i < frames_after_a_change; ++i) draw();
        storage::write_png(window_.picture(), file);
    }

    void report_first_frame() {
        if (options_.timing && !reported_)
            std::cerr << "first picture after " << static_cast<int>(1000 * seconds_since_start()) << " ms\n";
        reported_ = true;
    }

    [[nodiscard]] const Workbench* bench() const { return bench_ ? &*bench_ : nullptr; }
    [[nodiscard]] ShellContext shell() { return {outbox_, theme_, settings_, keymap_, landmarks_.of_picture()}; }
    [[nodiscard]] ViewContext context() {
        return {*bench_, outbox_, theme_, window_.textures(), settings_, keymap_, landmarks_.of_picture()};
    }

    const EditorOptions options_;
    std::optional<ScriptPlayer> player_;
    const LoadedSettings loaded_;
    Settings settings_;
    Keymap keymap_;
    Window window_;
    Theme theme_{};
    ShownCharacters characters_;
    std::size_t characters_loaded_ = 0;
    Screen screen_;
    WelcomeView welcome_;
    Outbox outbox_;
    std::optional<ScriptRecorder> recorder_;
    std::optional<DemoMaker> demo_;
    std::optional<ProjectLock> lock_;
    std::optional<Workbench> bench_;  // after what it wakes and what locks it
    std::filesystem::path project_;
    float monitor_scale_ = 0;
    PictureWait picture_wait_;
    LandmarksFile landmarks_{options_.landmarks};
    int frames_due_ = frames_after_a_change;
    bool reported_ = false;
};

}  // namespace

void run_editor(const EditorOptions& options) { EditorApp(options).run(); }

}  // namespace annotator
