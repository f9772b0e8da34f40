#include "inference/beats.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "inference/random.h"
#include "tests/inference/sounds.h"

using namespace inference;
using namespace inference_tests;
using doctest::Approx;

namespace {

constexpr double sample_rate = 16000;

// Share of beats that answer each other within 70 ms, both ways (F-measure), without the first five seconds,
// as the evaluations of MIREX do it.
double f_measure(std::span<const double> truth, std::span<const double> found) {
    const auto late = [](std::span<const double> all) {
        std::vector<double> kept(all.begin(), all.end());
        std::erase_if(kept, [](double at) { return at < 5; });
        return kept;
    };
    const std::vector<double> expected = late(truth);
    std::vector<double> rest = late(found);
    const auto sum = static_cast<double>(expected.size() + rest.size());
    double hits = 0;
    for (const double at : expected) {
        const auto near = std::ranges::find_if(rest, [&](double other) { return std::abs(other - at) <= 0.070; });
        if (near == rest.end()) continue;
        rest.erase(near);
        ++hits;
    }
    return sum > 0 ? 2 * hits / sum : 0;
}

Beats beats_of(const std::vector<float>& sound) { return track_beats(onset_envelope(sound, sample_rate)); }

Beats beats_of_clicks(const std::vector<double>& clicks, double seconds, double noise_level) {
    std::vector<float> sound = noise(seconds, sample_rate, noise_level, 1);
    add_clicks(sound, sample_rate, clicks);
    return beats_of(sound);
}

}  // namespace

TEST_CASE("slow: clicks from 60 to 180 a minute are found within 70 ms") {
    for (int tempo = 60; tempo <= 180; tempo += 10) {
        CAPTURE(tempo);
        for (const double noise_level : {0.0, 0.02, 0.1}) {
            CAPTURE(noise_level);
            const auto truth = steady_beats(tempo, 0.3, 30);
            const Beats beats = beats_of_clicks(truth, 30, noise_level);
            CHECK(f_measure(truth, beats.seconds) > 0.95);
            CHECK(beats.beats_per_minute == Approx(tempo).epsilon(0.01));
            CHECK(beats.parts.size() == 1);
        }
    }
}

TEST_CASE("a beat lies where its click is heard first") {
    const auto truth = steady_beats(100, 0.5, 20);
    const Beats beats = beats_of_clicks(truth, 20, 0.001);
    REQUIRE(beats.seconds.size() > 10);
    double sum = 0;
    for (const double at : beats.seconds) {
        const double place = (at - 0.5) / 0.6;
        const double away = (place - std::round(place)) * 0.6;
        CHECK(std::abs(away) < 0.015);
        sum += away;
    }
    CHECK(std::abs(sum / static_cast<double>(beats.seconds.size())) < 0.008);
}

TEST_CASE("a change of tempo is told with its time") {
    std::vector<double> truth = steady_beats(100, 0.3, 20);
    const auto faster = steady_beats(140, 20, 40);
    truth.insert(truth.end(), faster.begin(), faster.end());
    const Beats beats = beats_of_clicks(truth, 40, 0.02);
    CHECK(f_measure(truth, beats.seconds) > 0.95);
    REQUIRE(beats.parts.size() == 2);
    CHECK(beats.parts[0].beats_per_minute == Approx(100).epsilon(0.01));
    CHECK(beats.parts[1].beats_per_minute == Approx(140).epsilon(0.01));
    CHECK(std::abs(beats.parts[1].begin_seconds - 20) < 2.5);
}

TEST_CASE("a tempo that rises slowly is followed") {
    std::vector<double> truth;
    for (double at = 0.3, tempo = 100; at < 40; at += 60 / tempo, tempo += 0.4) truth.push_back(at);
    CHECK(f_measure(truth, beats_of_clicks(truth, 40, 0.02).seconds) > 0.95);
}

TEST_CASE("beats that people play a little early or late are still beats") {
    Random random(3);
    std::vector<double> truth = steady_beats(110, 0.3, 40);
    for (double& at : truth) at += 0.012 * random.normal();
    const Beats beats = beats_of_clicks(truth, 40, 0.02);
    CHECK(f_measure(truth, beats.seconds) > 0.95);
    CHECK(beats.beats_per_minute == Approx(110).epsilon(0.02));
}

TEST_CASE("music with a beat under it has the beat's tempo") {
    const Beats beats = beats_of(music(40, sample_rate, 5));
    CHECK(beats.beats_per_minute == Approx(120).epsilon(0.01));
    CHECK(f_measure(steady_beats(120, 0, 40), beats.seconds) > 0.9);
}

TEST_CASE("silence and noise have no beats") {
    CHECK(beats_of(std::vector<float>(16000 * 20)).seconds.empty());
    CHECK(beats_of(std::vector<float>(16000 * 20, 0.5F)).seconds.empty());
    for (const std::uint64_t seed : {1, 2, 3}) {
        const Beats beats = beats_of(noise(30, sample_rate, 0.1, seed));
        CHECK(beats.seconds.empty());
        CHECK(beats.beats_per_minute == 0);
    }
}

TEST_CASE("there are no beats where the music pauses") {
    std::vector<double> truth = steady_beats(120, 0.3, 20);
    const auto later = steady_beats(120, 50, 70);
    truth.insert(truth.end(), later.begin(), later.end());
    const Beats beats = beats_of_clicks(truth, 70, 0);
    CHECK(f_measure(truth, beats.seconds) > 0.9);
    CHECK(std::ranges::none_of(beats.seconds, [](double at) { return 26 < at && at < 44; }));
    CHECK(beats.beats_per_minute == Approx(120).epsilon(0.01));
}

TEST_CASE("hardly any sound has no beats and does no harm") {
    for (const std::size_t size : {0, 1, 2, 100, 1000, 16000})
        CHECK(beats_of(std::vector<float>(size)).seconds.empty());
    CHECK(track_beats({}).seconds.empty());
    std::vector<float> broken(16000 * 4, std::nanf(""));
    broken[5000] = INFINITY;
    CHECK(beats_of(broken).seconds.empty());
}
