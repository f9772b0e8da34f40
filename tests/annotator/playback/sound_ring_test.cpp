#include "annotator/playback/sound_ring.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "annotator/playback/sound_clock.h"

namespace annotator {
namespace {

using Samples = std::vector<float>;

Samples taken(SoundRing& ring, std::int64_t count) {
    Samples out(static_cast<std::size_t>(count * ring.channels()), -1);
    ring.take(out.data(), count);
    return out;
}

void write(SoundRing& ring, const Samples& samples) { ring.write(ring.space(), samples); }

}  // namespace

TEST_CASE("a device takes the samples that were written, and silence where there are none") {
    SoundRing ring(1, 16);
    write(ring, {1, 2, 3});
    CHECK(taken(ring, 2) == Samples{1, 2});
    CHECK(taken(ring, 3) == Samples{3, 0, 0});
    CHECK(ring.taken() == 5);
}

TEST_CASE("samples that come too late are placed where they can still be heard") {
    SoundRing ring(2, 16);
    taken(ring, 5);
    CHECK(ring.space().begin == 5);
    write(ring, {1, -1, 2, -2});
    CHECK(taken(ring, 3) == Samples{1, -1, 2, -2, 0, 0});
}

TEST_CASE("a ring goes round") {
    SoundRing ring(1, 8);
    float next = 0;
    for (int round = 0; round < 10; ++round) {
        write(ring, {next, next + 1, next + 2});
        CHECK(taken(ring, 3) == Samples{next, next + 1, next + 2});
        next += 3;
    }
}

TEST_CASE("a ring takes no more than it has room for") {
    SoundRing ring(1, 8);
    CHECK(ring.space().count == 4);
    write(ring, {1, 2, 3, 4, 5, 6});
    CHECK(ring.space().count == 0);
    CHECK(taken(ring, 6) == Samples{1, 2, 3, 4, 0, 0});
}

TEST_CASE("what was not taken can be given up") {
    SoundRing ring(1, 16);
    write(ring, {1, 2, 3, 4});
    CHECK(taken(ring, 1) == Samples{1});
    ring.rewind();
    write(ring, {9});
    CHECK(taken(ring, 2) == Samples{9, 0});
}

TEST_CASE("a device and a writer at work together hear only what was written for that place") {
    SoundRing ring(1, 1024);
    std::atomic<bool> done = false, wrong = false;
    std::jthread device([&] {
        for (int i = 0; i < 20000; ++i) {
            const std::int64_t begin = ring.taken();
            const Samples heard = taken(ring, 64);
            for (std::size_t k = 0; k < heard.size(); ++k) {
                const auto place = static_cast<float>((begin + static_cast<std::int64_t>(k)) % 4096 + 1);
                if (heard[k] != 0 && heard[k] != place) wrong = true;
            }
        }
        done = true;
    });
    for (int round = 0; !done; ++round) {
        if (round % 7 == 0) ring.rewind();
        const SoundRing::Space space = ring.space();
        Samples samples;
        for (std::int64_t i = 0; i < std::min<std::int64_t>(space.count, 100); ++i)
            samples.push_back(static_cast<float>((space.begin + i) % 4096 + 1));
        ring.write(space, samples);
    }
    CHECK_FALSE(wrong);
}

TEST_CASE("a sound clock runs on between reports and follows them without jerks") {
    SoundClock clock;
    CHECK(clock.stream_seconds(7) == 7);
    clock.report(0, 10);
    CHECK(clock.stream_seconds(10.5) == doctest::Approx(0.5));
    double before = 0;
    for (int i = 1; i < 200; ++i) {
        const double jitter = i % 2 == 0 ? 0.004 : -0.004;
        clock.report(i * 0.01, 10 + i * 0.01 + jitter);
        const double now = clock.stream_seconds(10 + i * 0.01 + 0.005);
        CHECK(std::abs(now - (i * 0.01 + 0.005)) < 0.006);
        CHECK(now > before);
        before = now;
    }
    clock.report(50, 20);
    CHECK(clock.stream_seconds(20) == doctest::Approx(50));
}

}  // namespace annotator
