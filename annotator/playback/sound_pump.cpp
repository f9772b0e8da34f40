#include "annotator/playback/sound_pump.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <utility>

namespace annotator {

namespace {

constexpr std::int64_t ring_samples = 1 << 16;
constexpr double ahead_seconds = 0.3;  // of sound rendered, so that a busy machine is not heard
constexpr std::int64_t piece = 64;     // samples rendered at one speed and place
constexpr std::int64_t read_samples = 4096;
constexpr std::int64_t margin = 4;  // around a place in the file, for interpolation

// Two of as many channels as there are.
void append_stereo(const std::vector<float>& samples, int channels, std::vector<float>& out) {
    if (channels == 2) {
        out.insert(out.end(), samples.begin(), samples.end());
        return;
    }
    for (const float value : storage::mono_from(samples, channels)) out.insert(out.end(), {value, value});
}

// The cubic through the two neighbours on either side (Catmull and Rom 1974); exact at whole places.
float between(const float* samples, double share) {
    const double before = samples[-2], left = samples[0], right = samples[2], after = samples[4];
    const double a = 0.5 * (3 * (left - right) + after - before);
    const double b = before - 2.5 * left + 2 * right - 0.5 * after;
    const double c = 0.5 * (right - before);
    return static_cast<float>(((a * share + b) * share + c) * share + left);
}

}  // namespace

schemas::StreamClock clock_of_sound(const storage::VideoIndex& reference, const storage::AudioIndex& sound) {
    const double first_frame = reference.frames.empty() ? 0 : reference.seconds_from(reference.frames.front().pts);
    return {1, first_frame - sound.start_seconds};
}

SoundPump::SoundPump(SoundTrack track, OpenSoundDevice open)
    : track_(std::move(track)),
      open_device_(std::move(open)),
      ring_(2, ring_samples),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

SoundPump::~SoundPump() = default;

void SoundPump::follow(const Transport& transport) {
    {
        const std::scoped_lock lock(mutex_);
        transport_ = transport;
        changed_ = true;
    }
    wake();
}

SoundPump::State SoundPump::state() const {
    const std::scoped_lock lock(mutex_);
    return state_;
}

std::string SoundPump::problem() const {
    const std::scoped_lock lock(mutex_);
    return problem_;
}

void SoundPump::set_state(State state, const std::string& problem) {
    const std::scoped_lock lock(mutex_);
    state_ = state;
    problem_ = problem;
}

void SoundPump::wake() {
    ++wakes_;
    wakes_.notify_one();
}

void SoundPump::pull(float* out, std::int64_t count, double heard_at) {
    const int rate = rate_.load();
    if (rate == 0) {
        std::fill_n(out, 2 * count, 0.0F);
        return;
    }
    if (ring_.taken() == 0) origin_.store(clock_.stream_seconds(heard_at));
    clock_.report(origin_.load() + static_cast<double>(ring_.taken()) / rate, heard_at);
    ring_.take(out, count);
    if (const float volume = volume_.load(); volume != 1)
        std::transform(out, out + 2 * count, out, [volume](float sample) { return volume * sample; });
    wake();
}

bool SoundPump::open(const std::stop_token& stop) {
    try {
        reader_.emplace(track_.file, track_.index);
    } catch (const std::exception& error) {
        set_state(State::silent, error.what());
        return false;
    }
    if (stop.stop_requested()) return false;
    std::string problem;
    device_ = open_device_(
        track_.index->sample_rate,
        [this](float* out, std::int64_t count, double heard_at) { pull(out, count, heard_at); }, problem);
    if (device_) rate_.store(device_->sample_rate());
    set_state(device_ ? State::playing : State::silent, device_ ? "" : "no sound device: " + problem);
    return device_ != nullptr;
}

void SoundPump::run(const std::stop_token& stop) {
    const std::stop_callback wake_to_stop(stop, [this] { wake(); });
    if (!open(stop)) return;
    std::optional<Transport> transport;
    for (;;) {
        const std::uint32_t seen = wakes_.load();
        if (stop.stop_requested()) return;
        {
            const std::scoped_lock lock(mutex_);
            if (std::exchange(changed_, false)) {
                transport = transport_;
                ring_.rewind();
            }
        }
        if (transport && ring_.taken() > 0) {
            try {
                fill(*transport, stop);
            } catch (const std::exception& error) {
                return set_state(State::silent, error.what());
            }
        }
        wakes_.wait(seen);
    }
}

void SoundPump::fill(const Transport& transport, const std::stop_token& stop) {
    const int samples_a_second = rate_.load();
    const auto ahead = static_cast<std::int64_t>(ahead_seconds * samples_a_second);
    for (;;) {
        const SoundRing::Space space = ring_.space();
        if (space.begin - ring_.taken() >= ahead || space.count < piece || stop.stop_requested()) return;
        const double at = origin_.load() + static_cast<double>(space.begin) / samples_a_second;
        ring_.write(space, rendered(transport, at, piece, stop));
    }
}

std::vector<float> SoundPump::rendered(const Transport& transport, double stream_seconds, std::int64_t count,
                                       const std::stop_token& stop) {
    std::vector<float> out(static_cast<std::size_t>(2 * count));
    const double speed = transport.speed();
    if (!transport.is_playing(stream_seconds) || speed < slowest_heard || speed > fastest_heard) return out;
    const double file_rate = track_.index->sample_rate;
    const double step = speed * track_.clock.clock_ratio * file_rate / rate_.load();
    double position =
        (transport.seconds(stream_seconds) * track_.clock.clock_ratio + track_.clock.offset_seconds) * file_rate;
    // Rounding would be heard where pieces meet.
    if (std::abs(position - next_position_) < 1.5) position = next_position_;
    const double whole = std::round(position);
    if (step == 1 && position != whole) position = whole;
    next_position_ = position + step * static_cast<double>(count);
    const auto begin = static_cast<std::int64_t>(std::floor(position)) - margin;
    const auto end = static_cast<std::int64_t>(std::ceil(next_position_)) + margin;
    if (!hold(begin, end, stop)) return out;
    for (std::int64_t i = 0; i < count; ++i) {
        const double at = position + step * static_cast<double>(i);
        const double below = std::floor(at);
        const float* sample = held_.data() + 2 * (static_cast<std::int64_t>(below) - held_begin_);
        out[static_cast<std::size_t>(2 * i)] = between(sample, at - below);
        out[static_cast<std::size_t>(2 * i + 1)] = between(sample + 1, at - below);
    }
    return out;
}

bool SoundPump::hold(std::int64_t begin, std::int64_t end, const std::stop_token& stop) {
    const auto held_end = [&] { return held_begin_ + std::ssize(held_) / 2; };
    if (begin < held_begin_ || begin > held_end()) {
        held_.clear();
        held_begin_ = begin;
    }
    while (held_end() < end) {
        const auto samples = reader_->read(held_end(), read_samples, stop);
        if (!samples) return false;
        append_stereo(*samples, track_.index->channels, held_);
    }
    // What was played is not needed any more.
    if (begin - held_begin_ > 4 * read_samples) {
        held_.erase(held_.begin(), held_.begin() + 2 * (begin - held_begin_));
        held_begin_ = begin;
    }
    return true;
}

}  // namespace annotator
