#include "annotator/playback/sound_device.h"

#include <fcntl.h>
#include <portaudio.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "storage/export/atomic_file.h"

namespace annotator {

namespace {

// ALSA and JACK complain there about every device that they do not find.
class SilencedStandardError {
public:
    SilencedStandardError() : lock_(mutex()), kept_(::dup(STDERR_FILENO)) {
        const storage::Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        if (kept_.number() >= 0 && nowhere.number() >= 0) ::dup2(nowhere.number(), STDERR_FILENO);
    }
    ~SilencedStandardError() {
        if (kept_.number() >= 0) ::dup2(kept_.number(), STDERR_FILENO);
    }
    SilencedStandardError(const SilencedStandardError&) = delete;
    SilencedStandardError& operator=(const SilencedStandardError&) = delete;

private:
    static std::mutex& mutex() {
        static std::mutex mutex;
        return mutex;
    }
    std::scoped_lock<std::mutex> lock_;
    storage::Descriptor kept_;
};

class PortAudioDevice : public SoundDevice {
public:
    explicit PortAudioDevice(PullSound pull) : pull_(std::move(pull)) {
        const SilencedStandardError silenced;
        initialised_ = Pa_Initialize() == paNoError;
    }
    ~PortAudioDevice() override {
        const SilencedStandardError silenced;
        if (stream_ != nullptr) Pa_CloseStream(stream_);
        if (initialised_) Pa_Terminate();
    }

    // "" when it plays.
    std::string open(int wanted_rate) {
        const SilencedStandardError silenced;
        if (!initialised_) return "the sound system cannot be started";
        PaStreamParameters parameters{};
        parameters.device = Pa_GetDefaultOutputDevice();
        if (parameters.device == paNoDevice) return "there is no sound device";
        const PaDeviceInfo& device = *Pa_GetDeviceInfo(parameters.device);
        parameters.channelCount = 2;
        parameters.sampleFormat = paFloat32;
        parameters.suggestedLatency = device.defaultLowOutputLatency;
        sample_rate_ = wanted_rate;
        if (Pa_IsFormatSupported(nullptr, &parameters, wanted_rate) != paFormatIsSupported)
            sample_rate_ = static_cast<int>(device.defaultSampleRate);
        const PaError error = Pa_OpenStream(&stream_, nullptr, &parameters, sample_rate_, paFramesPerBufferUnspecified,
                                            paNoFlag, pulled, this);
        if (error != paNoError) return std::string("the sound device cannot be opened: ") + Pa_GetErrorText(error);
        latency_ = Pa_GetStreamInfo(stream_)->outputLatency;
        if (const PaError started = Pa_StartStream(stream_); started != paNoError)
            return std::string("the sound device does not start: ") + Pa_GetErrorText(started);
        return "";
    }

    [[nodiscard]] int sample_rate() const override { return sample_rate_; }

private:
    static int pulled(const void*, void* out, unsigned long count, const PaStreamCallbackTimeInfo* times,
                      PaStreamCallbackFlags, void* self) {
        const auto& device = *static_cast<PortAudioDevice*>(self);
        // Some systems leave the times 0.
        const double ahead = times->outputBufferDacTime - times->currentTime;
        const bool plausible = times->outputBufferDacTime > 0 && ahead >= 0 && ahead < 2;
        device.pull_(static_cast<float*>(out), static_cast<std::int64_t>(count),
                     machine_seconds() + (plausible ? ahead : device.latency_));
        return paContinue;
    }

    PullSound pull_;
    bool initialised_ = false;
    PaStream* stream_ = nullptr;
    int sample_rate_ = 0;
    double latency_ = 0;
};

class SilentDevice : public SoundDevice {
public:
    SilentDevice(int sample_rate, PullSound pull)
        : sample_rate_(sample_rate),
          thread_([this, pull = std::move(pull)](const std::stop_token& stop) { run(pull, stop); }) {}

    [[nodiscard]] int sample_rate() const override { return sample_rate_; }

private:
    void run(const PullSound& pull, const std::stop_token& stop) {
        constexpr std::int64_t count = 512;
        std::vector<float> out(2 * count);
        const auto begin = std::chrono::steady_clock::now();
        std::unique_lock lock(mutex_);
        for (std::int64_t played = 0; !stop.stop_requested(); played += count) {
            pull(out.data(), count, machine_seconds());
            const std::chrono::duration<double> due(static_cast<double>(played + count) / sample_rate_);
            stopped_.wait_until(lock, stop, begin + std::chrono::duration_cast<std::chrono::nanoseconds>(due),
                                [] { return false; });
        }
    }

    int sample_rate_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::jthread thread_;
};

}  // namespace

double machine_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::unique_ptr<SoundDevice> open_usual_sound_device(int wanted_rate, const PullSound& pull, std::string& problem) {
    auto device = std::make_unique<PortAudioDevice>(pull);
    problem = device->open(wanted_rate);
    if (!problem.empty()) return nullptr;
    return device;
}

std::unique_ptr<SoundDevice> open_silent_sound_device(int wanted_rate, const PullSound& pull, std::string&) {
    return std::make_unique<SilentDevice>(wanted_rate, pull);
}

}  // namespace annotator
