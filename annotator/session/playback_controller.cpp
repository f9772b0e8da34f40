#include "annotator/session/playback_controller.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "annotator/document/queries.h"
#include "annotator/session/actions.h"
#include "annotator/session/chosen_span.h"
#include "annotator/session/label_lines.h"
#include "schemas/alignment.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using Direction = Transport::Direction;

constexpr FrameIndex replayed_frames = 15;  // before and after a boundary
constexpr double replay_speed = 0.5;
constexpr FrameIndex depth_frames_ahead = 8;

}  // namespace

PlaybackController::PlaybackController(EditorModel& model, std::function<void()> wake)
    : model_(model),
      wake_(std::move(wake)),
      cache_(std::make_shared<storage::FrameCache>()),
      frame_pictures_(std::make_unique<FramePictures>(
          [this](schemas::TakeId take) { return plan_of(model_.session, take); }, wake_)) {}

PlaybackController::~PlaybackController() = default;

void PlaybackController::handle(const PlaybackIntent& intent) {
    if (const auto* open_clip = std::get_if<OpenClip>(&intent)) return open(*open_clip);
    if (const auto* seek = std::get_if<Seek>(&intent)) return go_to(seek->frame);
    if (const auto* scrub = std::get_if<Scrub>(&intent))
        return control([&](Transport& transport, double now) {
            transport.pause(now);
            transport.seek(now, scrub->frame);
        });
    if (const auto* speed = std::get_if<SetSpeed>(&intent)) {
        chosen_speed_ = std::clamp(std::abs(speed->speed), Transport::slowest, Transport::fastest);
        return control([&](Transport& transport, double now) { transport.set_speed(now, chosen_speed_); });
    }
    if (const auto* loop = std::get_if<SetLoop>(&intent))
        return control([&](Transport& transport, double now) { transport.set_loop(now, loop->span); });
    if (const auto* replay = std::get_if<ReplaySpan>(&intent))
        return control([&](Transport& transport, double now) {
            transport.replay(now, replay->span, replay->span.begin, chosen_speed_);
        });
    if (const auto* volume = std::get_if<SetSoundVolume>(&intent)) {
        volume_ = std::clamp(volume->volume, 0.0, 1.0);
        if (playback_) playback_->set_volume(volume_);
        return;
    }
    const auto& size = std::get<SetPictureSize>(intent);
    picture_sizes_[size.video] = size.longest_side;
    for (std::size_t i = 0; model_.media && i < views_.size(); ++i)
        if (views_[i] && model_.media->videos[i].stream == size.video)
            playback_->set_longest_side(*views_[i], size.longest_side);
}

struct PlaybackController::Key {
    Action action;
    void (*act)(PlaybackController&);
};

std::span<const PlaybackController::Key> PlaybackController::keys() {
    using Self = PlaybackController;
    static constexpr Key table[] = {
        {Action::play_pause, [](Self& self) { self.toggle(); }},
        {Action::shuttle_back, [](Self& self) { self.shuttle(Direction::backwards); }},
        {Action::shuttle_forward, [](Self& self) { self.shuttle(Direction::forwards); }},
        {Action::half_speed_back, [](Self& self) { self.half_speed(Direction::backwards); }},
        {Action::half_speed_forward, [](Self& self) { self.half_speed(Direction::forwards); }},
        {Action::step_back, [](Self& self) { self.step(-1); }},
        {Action::step_forward, [](Self& self) { self.step(1); }},
        {Action::step_back_ten, [](Self& self) { self.step(-10); }},
        {Action::step_forward_ten, [](Self& self) { self.step(10); }},
        {Action::step_back_second, [](Self& self) { self.step_seconds(-1); }},
        {Action::step_forward_second, [](Self& self) { self.step_seconds(1); }},
        {Action::clip_start,
         [](Self& self) {
             if (self.model_.media) self.go_to(self.model_.media->span.begin);
         }},
        {Action::clip_end,
         [](Self& self) {
             if (self.model_.media) self.go_to(self.model_.media->span.end - 1);
         }},
        {Action::previous_clip, [](Self& self) { self.open_beside(-1); }},
        {Action::next_clip, [](Self& self) { self.open_beside(1); }},
        {Action::loop_selection, [](Self& self) { self.toggle_loop(); }},
        {Action::replay_selection, [](Self& self) { self.replay_selection(); }},
        {Action::replay_boundary, [](Self& self) { self.replay_boundary(); }},
    };
    return table;
}

bool PlaybackController::perform(Action action) {
    const auto all = keys();
    const auto found = std::ranges::find(all, action, &Key::action);
    if (found == all.end()) return false;
    found->act(*this);
    return true;
}

void PlaybackController::control(const Change& change) {
    if (!playback_) return;
    playback_->control(change);
    show_pictures();
}

void PlaybackController::toggle() {
    control([&](Transport& transport, double now) {
        if (transport.is_playing(now)) return transport.pause(now);
        // Shuttling ends with the pause.
        transport.set_speed(now, chosen_speed_);
        transport.play(now);
    });
}

void PlaybackController::shuttle(Direction direction) {
    control([&](Transport& transport, double now) { transport.shuttle(now, direction); });
}

void PlaybackController::step(FrameIndex frames) {
    control([&](Transport& transport, double now) { transport.step(now, frames); });
}

void PlaybackController::half_speed(Direction direction) {
    control([&](Transport& transport, double now) {
        const double sign = direction == Direction::forwards ? 1 : -1;
        const double along = transport.is_playing(now) ? sign * transport.speed() : 0;
        transport.set_speed(now, sign * (0 < along && along <= 0.5 ? along / 2 : 0.5));
        transport.play(now);
    });
}

void PlaybackController::step_seconds(double seconds) {
    control([&](Transport& transport, double now) {
        const schemas::FrameTable& table = transport.table();
        if (table.frames() == 0) return;
        const FrameIndex at = transport.frame(now);
        const FrameIndex to = schemas::nearest_frame(table, table.seconds[static_cast<std::size_t>(at)] + seconds);
        transport.step(now, to != at ? to - at : seconds > 0 ? 1 : -1);
    });
}

void PlaybackController::go_to(FrameIndex frame) {
    control([&](Transport& transport, double now) { transport.seek(now, frame); });
}

std::optional<FrameSpan> PlaybackController::loop() const {
    return playback_ ? playback_->transport().loop() : std::nullopt;
}

std::optional<FrameSpan> PlaybackController::chosen_span() const {
    const EditorState& state = model_.state;
    // A key pose is a single frame.
    std::optional<FrameSpan> span = state.selection.key_pose ? std::nullopt : selected_span(model_);
    if (!span && state.mark_in && state.mark_out) span = FrameSpan{*state.mark_in, *state.mark_out};
    return span && schemas::is_valid(*span) ? span : std::nullopt;
}

void PlaybackController::toggle_loop() {
    if (!playback_) return;
    if (loop()) return control([](Transport& transport, double now) { transport.set_loop(now, std::nullopt); });
    const auto span = chosen_span();
    if (!span)
        return model_.say(Notice::Severity::info,
                          "Nothing is selected to loop over. Select a segment, or mark a span with in and out.");
    control([&](Transport& transport, double now) {
        transport.set_loop(now, *span);
        if (!transport.is_playing(now)) {
            transport.set_speed(now, chosen_speed_);
            transport.play(now);
        }
    });
}

void PlaybackController::replay_selection() {
    const auto span = chosen_span();
    if (!span)
        return model_.say(Notice::Severity::info,
                          "Nothing is selected to replay. Select a segment, or mark a span with in and out.");
    handle(ReplaySpan{*span});
}

void PlaybackController::replay_boundary() {
    std::vector<FrameIndex> frames;
    if (model_.state.line) frames = boundaries_of(model_.document(), model_.proposals(), *model_.state.line);
    const auto nearest =
        std::ranges::min_element(frames, {}, [&](FrameIndex frame) { return std::abs(frame - model_.frame); });
    if (nearest == frames.end())
        return model_.say(Notice::Severity::info, "There is no boundary on the active track to replay.");
    control([&](Transport& transport, double now) {
        transport.replay(now, {*nearest - replayed_frames, *nearest + replayed_frames}, *nearest, replay_speed);
    });
}

std::string PlaybackController::sound_problem() const {
    if (model_.media && model_.media->sound && !model_.media->sound->problem.empty())
        return model_.media->sound->problem;
    return playback_ ? playback_->sound_problem() : "";
}

// --- what is shown

ShownPicture* PlaybackController::reference_picture() {
    if (!model_.media) return nullptr;
    const ClipMedia& media = *model_.media;
    for (std::size_t i = 0; i < views_.size(); ++i)
        if (views_[i] && media.videos[i].role == schemas::StreamRole::reference) return &pictures_[i];
    for (std::size_t i = 0; i < pumps_.size(); ++i)
        if (pumps_[i] && media.depths[i].role == schemas::StreamRole::reference) return &depth_pictures_[i];
    return nullptr;
}

void PlaybackController::show_video(std::size_t video, const std::vector<ViewedFrame>& viewed, const Moving& moving) {
    if (!views_[video]) return;
    pictures_[video] = next_picture(std::move(pictures_[video]), viewed[*views_[video]], proxies_[video].get(), moving);
}

void PlaybackController::show_depth(std::size_t depth, FrameIndex frame, const Moving& moving) {
    if (!pumps_[depth]) return;
    const std::vector<FrameIndex>& own = *model_.media->depths[depth].frames;
    const auto own_frame = [&](FrameIndex i) {
        return i < 0 || i >= std::ssize(own) ? -1 : own[static_cast<std::size_t>(i)];
    };
    std::vector<FrameIndex> wanted;
    const FrameIndex step = moving.speed < 0 ? -1 : 1;
    for (FrameIndex i = 0; i <= (moving.playing ? depth_frames_ahead : 1); ++i)
        if (const FrameIndex ahead = own_frame(frame + step * i); ahead >= 0) wanted.push_back(ahead);
    pumps_[depth]->want(std::move(wanted));
    depth_pictures_[depth] = next_depth(std::move(depth_pictures_[depth]), own_frame(frame), *pumps_[depth]);
}

void PlaybackController::show_pictures() {
    const std::vector<ViewedFrame>& viewed = playback_->tick();
    const double now = playback_->now();
    const Transport& transport = playback_->transport();
    const Moving moving{transport.is_playing(now), transport.speed()};
    const FrameIndex due = transport.frame(now);
    ShownPicture* const reference = reference_picture();
    const std::uint64_t before = reference != nullptr ? reference->version : 0;
    for (std::size_t i = 0; i < pictures_.size(); ++i)
        if (&pictures_[i] == reference) show_video(i, viewed, moving);
    for (std::size_t i = 0; i < depth_pictures_.size(); ++i)
        if (&depth_pictures_[i] == reference) show_depth(i, due, moving);
    const bool has_number = reference != nullptr && reference->has_picture();
    model_.frame = has_number ? reference->frame : due;
    model_.playing = moving.playing;
    model_.seeking = !moving.playing && has_number && reference->kind == ShownPicture::Kind::earlier;
    model_.speed = moving.playing ? moving.speed : chosen_speed_;
    // While the reference waits, so do the others: they would show another moment.
    const bool waits = has_number && reference->kind == ShownPicture::Kind::earlier && reference->version == before;
    for (std::size_t i = 0; i < pictures_.size(); ++i)
        if (&pictures_[i] != reference && !(waits && pictures_[i].has_picture())) show_video(i, viewed, moving);
    for (std::size_t i = 0; i < depth_pictures_.size(); ++i)
        if (&depth_pictures_[i] != reference) show_depth(i, model_.frame, moving);
}

bool PlaybackController::tick() {
    bool changed = frame_pictures_->take_news();
    if (std::exchange(followed_rows_, model_.rows_revision()) != model_.rows_revision()) frame_pictures_->forget();
    if (model_.revision != followed_revision_ || model_.state.line != followed_line_) {
        followed_revision_ = model_.revision;
        followed_line_ = model_.state.line;
        follow_document();
        follow_proposals();
    }
    if (!playback_) return changed;
    const auto seen = [this] { return std::tuple(model_.frame, model_.playing, model_.speed); };
    const auto before = seen();
    const auto pictures = pictures_;
    const auto depth_pictures = depth_pictures_;
    show_pictures();
    changed |= before != seen() || pictures != pictures_ || depth_pictures != depth_pictures_;
    return changed;
}

}  // namespace annotator
