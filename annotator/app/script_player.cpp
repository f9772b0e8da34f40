#include "annotator/app/script_player.h"

#include <algorithm>
#include <cmath>

#include "annotator/app/script_facts.h"
#include "annotator/document/taxonomy_commands.h"

namespace annotator {

namespace {

// ImGui needs some frames until sizes and fades stand still.
constexpr int frames_before_a_picture = 4;
// Views follow a drag the way they follow a hand: in small moves.
constexpr float pixels_a_move = 12;

Intent show_clip(const Document& document, const std::string& name) {
    if (const schemas::Clip* clip = clip_named(document, name)) return PlaybackIntent(OpenClip{clip->id, {}});
    throw std::invalid_argument("there is no clip '" + name + "'");
}

// On the active track, else on whichever has it.
Intent choose_label(const EditorModel& model, const std::string& name) {
    if (const schemas::Track* track = model.track())
        if (const schemas::Label* label = label_named(model.document(), track->id, name))
            return LabelIntent(UseLabel{label->id});
    for (const auto& [id, label] : model.document().rows<schemas::Label>())
        if (label.name == name) return LabelIntent(UseLabel{id});
    throw std::invalid_argument("there is no label '" + name + "'");
}

std::vector<Point> small_moves(const std::vector<Point>& path) {
    std::vector<Point> moves{path.front()};
    for (std::size_t i = 1; i < path.size(); ++i) {
        const Point from = path[i - 1], to = path[i];
        const int steps = 1 + static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) / pixels_a_move);
        for (int step = 1; step <= steps; ++step) {
            const float share = static_cast<float>(step) / static_cast<float>(steps);
            moves.push_back({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)});
        }
    }
    return moves;
}

}  // namespace

void ScriptPlayer::fail(const std::string& why) const {
    throw ScriptFailure(name_ + ": step " + std::to_string(steps_[at_ - 1].number) + ": " + why);
}

const Workbench& ScriptPlayer::open_bench() const {
    if (bench_ == nullptr) fail("no project is open");
    return *bench_;
}

void ScriptPlayer::point(Point at, const Held& held, std::optional<int> button) {
    Pointer pointer{at.x, at.y, {}, 0, 0, held.control, held.shift, held.alt};
    if (button) pointer.down[static_cast<std::size_t>(*button)] = true;
    frames_.emplace_back().pointer = pointer;
}

void ScriptPlayer::add(const PressKeys& keys) {
    // A frame between them, so that ImGui sees the same key twice.
    for (const Chord& chord : keys.chords) {
        frames_.emplace_back().keys.push_back(chord);
        frames_.emplace_back();
    }
}

void ScriptPlayer::add(const TypeText& text) {
    frames_.emplace_back().text = text.text;
    frames_.emplace_back();
}

void ScriptPlayer::add(const PerformAction& step) { add(Intent(step.action)); }
void ScriptPlayer::add(const ShowClip& step) { add(show_clip(open_bench().document(), step.name)); }
void ScriptPlayer::add(const GoToFrame& step) { add(PlaybackIntent(Seek{step.frame})); }
void ScriptPlayer::add(const ChooseLabel& step) { add(choose_label(open_bench().model(), step.name)); }
void ScriptPlayer::add(const ShowWorkspace& step) { add(WindowIntent(step)); }
void ScriptPlayer::add(Intent intent) { frames_.emplace_back().intents.push_back(std::move(intent)); }

void ScriptPlayer::add(const MovePointer& move) { point(move.to, move.held, std::nullopt); }

void ScriptPlayer::add(const Click& click) {
    point(click.at, click.held, std::nullopt);
    for (int i = 0; i < click.times; ++i) {
        point(click.at, click.held, click.button);
        point(click.at, click.held, std::nullopt);
    }
    frames_.emplace_back();
}

void ScriptPlayer::add(const Drag& drag) {
    point(drag.path.front(), drag.held, std::nullopt);
    for (const Point at : small_moves(drag.path)) point(at, drag.held, drag.button);
    // Held still at the end, so that a view draws what will be.
    point(drag.path.back(), drag.held, drag.button);
    if (!drag.picture.empty()) add(TakePicture{drag.picture});
    point(drag.path.back(), drag.held, std::nullopt);
    frames_.emplace_back();
}

void ScriptPlayer::add(const Scroll& scroll) {
    point(scroll.at, scroll.held, std::nullopt);
    point(scroll.at, scroll.held, std::nullopt);
    frames_.back().pointer->wheel = scroll.notches;
    frames_.back().pointer->wheel_sideways = scroll.sideways;
    point(scroll.at, {}, std::nullopt);
}

void ScriptPlayer::add(const Wait& wait) { wait_ = wait; }
void ScriptPlayer::add(const WaitFor& wait) { wait_for_ = wait; }

void ScriptPlayer::add(const TakePicture& picture) {
    for (int i = 0; i < frames_before_a_picture; ++i) frames_.emplace_back();
    frames_.back().picture = picture.file;
}

void ScriptPlayer::add(const Expect& expect) {
    if (const auto why = unmet(expect.facts, script_facts(open_bench()))) fail(*why);
}

void ScriptPlayer::add(const Resize& size) {
    frames_.emplace_back().size = size;
    for (int i = 0; i < frames_before_a_picture; ++i) frames_.emplace_back();
}

void ScriptPlayer::add(const UseSettings& step) { add(ShellIntent(ChangeSettings{step.settings})); }
void ScriptPlayer::add(const Quit&) { at_ = steps_.size(); }

bool ScriptPlayer::waited(double now) {
    const double seconds = now - waiting_since_;
    if (wait_ && seconds >= wait_->seconds) wait_.reset();
    if (bench_ == nullptr) wait_for_.reset();
    if (wait_for_) {
        const bool media = media_settled(*bench_), jobs = jobs_settled(*bench_);
        const Awaited what = wait_for_->what;
        const bool idle = media && jobs && !bench_->model().playing;
        if (what == Awaited::media ? media : what == Awaited::jobs ? jobs : idle)
            wait_for_.reset();
        else if (seconds > wait_for_->at_most_seconds)
            fail("what it waits for had not come after " + std::to_string(std::lround(seconds)) + " seconds");
    }
    return !wait_ && !wait_for_;
}

ScriptFrame ScriptPlayer::next(const Workbench* bench, double now_seconds) {
    bench_ = bench;
    ScriptFrame frame;
    while (frames_.empty()) {
        frame.waiting = !waited(now_seconds);
        frame.quit = !frame.waiting && at_ >= steps_.size();
        if (frame.waiting || frame.quit) return frame;
        waiting_since_ = now_seconds;
        ++at_;
        try {
            std::visit([this](const auto& step) { add(step); }, steps_[at_ - 1].does);
        } catch (const std::invalid_argument& error) {
            fail(error.what());
        }
    }
    frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
}

}  // namespace annotator
