#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "annotator/playback/sound_clock.h"
#include "annotator/playback/sound_device.h"
#include "annotator/playback/sound_ring.h"
#include "annotator/playback/transport.h"
#include "schemas/alignment.h"
#include "storage/media/audio_reader.h"

namespace annotator {

// The sound of a take: what is heard at second s of the reference is at s * clock_ratio + offset_seconds of it.
struct SoundTrack {
    std::filesystem::path file;
    std::shared_ptr<const storage::AudioIndex> index;
    schemas::StreamClock clock;
};

// The clock of sound that lies in one file with the video that is the reference.
schemas::StreamClock clock_of_sound(const storage::VideoIndex& reference, const storage::AudioIndex& sound);

// Sound is heard at these speeds, faster or slower at another pitch; else, and backwards, there is silence.
constexpr double slowest_heard = 0.5, fastest_heard = 2;

// Plays the sound of a take as a transport says, on a thread of its own, and tells the time by what is heard.
//
// Thread: any one; usually the UI's.
class SoundPump {
public:
    // Opens the device and the file on its thread; what fails shows in problem(), and the clock runs all the same.
    SoundPump(SoundTrack track, OpenSoundDevice open);
    ~SoundPump();

    // What is heard from now on; sound that was on its way but not yet heard is given up.
    void follow(const Transport& transport);
    void set_volume(double volume) { volume_.store(static_cast<float>(volume)); }  // 0 is silent, 1 as recorded

    // The clock that transports are read by: seconds of what is heard, else those of the machine. Never runs back
    // by more than a device's jerk.
    [[nodiscard]] double seconds(double machine_seconds) const { return clock_.stream_seconds(machine_seconds); }

    enum class State { opening, playing, silent };
    [[nodiscard]] State state() const;
    [[nodiscard]] std::string problem() const;  // why it is silent: "no sound device …"

private:
    void run(const std::stop_token& stop);
    bool open(const std::stop_token& stop);
    void set_state(State state, const std::string& problem);
    void pull(float* out, std::int64_t count, double heard_at);
    void fill(const Transport& transport, const std::stop_token& stop);
    // Stereo samples from that second of the stream on.
    [[nodiscard]] std::vector<float> rendered(const Transport& transport, double stream_seconds, std::int64_t count,
                                              const std::stop_token& stop);
    // Makes held_ cover these samples of the file. False when stopped.
    bool hold(std::int64_t begin, std::int64_t end, const std::stop_token& stop);
    void wake();

    const SoundTrack track_;
    const OpenSoundDevice open_device_;
    SoundClock clock_;
    SoundRing ring_;
    std::atomic<float> volume_ = 1;
    std::atomic<int> rate_ = 0;       // of the device, 0 until it is open
    std::atomic<double> origin_ = 0;  // stream seconds of the ring's sample 0, from the first pull on
    std::atomic<std::uint32_t> wakes_ = 0;

    // The thread's own.
    std::optional<storage::AudioReader> reader_;
    std::vector<float> held_;  // stereo samples of the file from held_begin_ on
    std::int64_t held_begin_ = 0;
    double next_position_ = -1;  // in the file, where the last piece ended

    mutable std::mutex mutex_;
    std::optional<Transport> transport_;  // guarded by mutex_, as all that follow
    bool changed_ = false;                // transport_ is newer than what is rendered
    State state_ = State::opening;
    std::string problem_;

    std::unique_ptr<SoundDevice> device_;
    std::jthread thread_;  // last: it ends before what it uses
};

}  // namespace annotator
