#include "annotator/playback/sound_device.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cmath>

#include "storage/export/atomic_file.h"
#include "tests/support/recording_files.h"

namespace annotator {

TEST_CASE("the system's sound device opens or says why not, and nothing else is printed") {
    const tests::TemporaryFolder folder;
    const auto printed = folder.path() / "stderr";
    std::string problem;
    std::unique_ptr<SoundDevice> device;
    {
        const storage::Descriptor kept(::dup(STDERR_FILENO));
        const storage::Descriptor file(::open(printed.c_str(), O_WRONLY | O_CREAT, 0600));
        ::dup2(file.number(), STDERR_FILENO);
        device = open_usual_sound_device(
            48000, [](float* out, std::int64_t count, double) { std::fill_n(out, 2 * count, 0.0F); }, problem);
        ::dup2(kept.number(), STDERR_FILENO);
    }
    CHECK(problem.empty() == (device != nullptr));
    if (!device) MESSAGE("no sound device: ", problem);
    CHECK(tests::bytes_of(printed) == "");
}

TEST_CASE("a silent device pulls as fast as it plays") {
    std::string problem;
    std::atomic<std::int64_t> pulled = 0;
    const double begin = machine_seconds();
    {
        const auto device = open_silent_sound_device(
            48000, [&](float*, std::int64_t count, double) { pulled += count; }, problem);
        CHECK(device->sample_rate() == 48000);
        while (machine_seconds() - begin < 0.3) ::usleep(10'000);
    }
    const double played = static_cast<double>(pulled) / 48000, passed = machine_seconds() - begin;
    CHECK(played > 0.1);
    CHECK(played < passed + 0.05);
}

}  // namespace annotator
