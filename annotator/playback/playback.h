#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/playback/frame_pump.h"
#include "annotator/playback/sound_pump.h"
#include "annotator/playback/transport.h"
#include "schemas/alignment.h"
#include "schemas/frame.h"

namespace annotator {

// A video of the take that is played.
struct PlayedVideo {
    std::filesystem::path file;
    std::shared_ptr<const storage::VideoIndex> index;
    schemas::StreamClock clock;  // against the reference
};

struct PlaybackOptions {
    std::shared_ptr<storage::FrameCache> cache;  // shared by clips; none: one of the usual size
    int longest_side = 0;                        // of the pictures; 0: as large as they are
    int decoder_threads = 1;                     // of each video
    OpenSoundDevice open_sound = open_usual_sound_device;
    std::function<void()> wake = [] {};  // on any thread, whenever there is something new to show
};

// How well playing went, of one video.
struct PlaybackCounts {
    std::int64_t shown = 0;       // frames that came on the screen
    std::int64_t late_ticks = 0;  // at which the frame that was due was not ready
    std::int64_t dropped = 0;     // frames that were due and never came on the screen
};

// What a view shows now.
struct ViewedFrame {
    std::optional<schemas::FrameIndex> due;  // by the clock; none where this video has nothing to show
    std::optional<ReadyFrame> shown;         // that frame, else the newest there is, which then counts as late
    std::string problem;                     // why the frame that is due cannot be shown
};

// Plays the videos and the sound of one take together. The clock is that of the sound device where there is one. While
// it plays each view shows the frame whose interval holds it; else the frame that belongs to the reference's
// (schemas::aligned_frame), as everything else that is aligned.
//
// Thread: one, the UI's.
class Playback {
public:
    // `reference` is the table of times that frames of the take are counted in; the first video with a clock that
    // changes nothing is usually the reference itself.
    Playback(schemas::FrameTable reference, std::vector<PlayedVideo> videos, std::optional<SoundTrack> sound,
             PlaybackOptions options = {});

    // What is learnt of the take while it is played already. The number of the video, for the calls below; nothing is
    // heard of a sound that was there before.
    std::size_t add_video(PlayedVideo video);
    void set_sound(SoundTrack sound);
    void set_volume(double volume);  // 0 is silent

    // Plays, pauses, seeks …: what `change` does to the transport at the time it is given.
    void control(const std::function<void(Transport& transport, double now)>& change);
    [[nodiscard]] const Transport& transport() const { return transport_; }
    // The clock that the transport is read by, now. Never decreases.
    [[nodiscard]] double now();
    [[nodiscard]] schemas::FrameIndex frame() { return transport_.frame(now()); }
    [[nodiscard]] bool is_playing() { return transport_.is_playing(now()); }

    // To be called for each picture on the screen: what each view shows now. Asks for the frames to come.
    const std::vector<ViewedFrame>& tick();

    [[nodiscard]] const PlaybackCounts& counts(std::size_t video) const { return views_[video].counts; }
    void set_longest_side(std::size_t video, int pixels) { views_[video].pump->set_longest_side(pixels); }
    // "", or why nothing is heard although the take has sound.
    [[nodiscard]] std::string sound_problem() const { return sound_ ? sound_->problem() : ""; }

private:
    struct View {
        schemas::FrameTable table;
        schemas::StreamClock clock;
        bool is_reference = false;  // or has its very times
        std::unique_ptr<FramePump> pump;
        PlaybackCounts counts;
        std::optional<schemas::FrameIndex> due;  // at the last tick, while playing
        bool due_was_shown = false;
        double lead_seconds = 0;  // frames that come sooner are given up, to be in time for later ones
    };

    [[nodiscard]] static std::optional<schemas::FrameIndex> frame_of(const View& view, double reference_seconds);
    [[nodiscard]] std::optional<schemas::FrameIndex> due_frame(const View& view, double now) const;
    [[nodiscard]] ViewedFrame viewed(View& view, double now) const;
    static void count(View& view, const ViewedFrame& seen, double speed);

    PlaybackOptions options_;
    Transport transport_;
    double last_now_ = 0;
    double volume_ = 1;
    std::unique_ptr<SoundPump> sound_;
    std::vector<View> views_;
    std::vector<ViewedFrame> viewed_;
};

}  // namespace annotator
