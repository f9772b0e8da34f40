#include "inference/audio_alignment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "inference/random.h"
#include "tests/inference/sounds.h"

using namespace inference;
using namespace inference_tests;

namespace {

constexpr double rate = 8000;

// What a recorder that starts `begin` seconds into the sound hears: another level and noise of its own. Its clock
// counts `clock_ratio` seconds of the sound for each of its own.
std::vector<float> recorded(const std::vector<float>& sound, double begin, double seconds, std::uint64_t seed,
                            double clock_ratio = 1) {
    std::vector<float> heard = noise(seconds, rate, 0.005, seed);
    for (std::size_t i = 0; i < heard.size(); ++i) {
        const double at = begin * rate + static_cast<double>(i) * clock_ratio;
        const auto below = static_cast<std::size_t>(at);
        if (at < 0 || below + 1 >= sound.size()) continue;
        const double share = at - static_cast<double>(below);
        heard[i] += static_cast<float>(0.4 * ((1 - share) * sound[below] + share * sound[below + 1]));
    }
    return heard;
}

// The same in a room that answers for a third of a second.
std::vector<float> in_a_room(const std::vector<float>& sound, std::uint64_t seed) {
    Random random(seed);
    std::vector<std::pair<std::size_t, float>> echoes{{0, 1.0F}};
    for (int i = 0; i < 200; ++i) {
        const double delay = random.uniform(0.003, 0.35);
        echoes.emplace_back(static_cast<std::size_t>(delay * rate),
                            static_cast<float>(0.35 * std::exp(-delay / 0.1) * random.normal()));
    }
    std::vector<float> heard(sound.size());
    for (const auto& [delay, level] : echoes)
        for (std::size_t i = delay; i < sound.size(); ++i) heard[i] += level * sound[i - delay];
    return heard;
}

void check_offset(const std::optional<AudioAlignment>& found, double offset) {
    REQUIRE(found);
    CAPTURE(found->confidence);
    CHECK(std::abs(found->offset_seconds - offset) < 0.001);
    CHECK(found->clock_ratio == doctest::Approx(1).epsilon(1e-5));
    CHECK(found->confidence > 0.3);
}

}  // namespace

TEST_CASE("a recording is placed on another of the same sound to the millisecond") {
    const auto sound = music(40, rate, 1);
    for (const double begin : {0.0, 0.0107, 3.217, 12.5, 19.99}) {
        CAPTURE(begin);
        check_offset(align_audio(sound, recorded(sound, begin, 15, 2), rate), begin);
    }
}

TEST_CASE("a recording that began before the reference has a negative offset") {
    const auto sound = music(40, rate, 1);
    check_offset(align_audio(recorded(sound, 10.25, 20, 3), recorded(sound, 0, 40, 2), rate), -10.25);
}

TEST_CASE("recordings that share only their ends are placed") {
    const auto sound = music(60, rate, 4);
    check_offset(align_audio(recorded(sound, 0, 32, 3), recorded(sound, 26, 34, 2), rate), 26);
}

TEST_CASE("an inverted recording from an echoing room is placed to better than 5 ms") {
    const auto sound = music(40, rate, 1);
    std::vector<float> other = in_a_room(recorded(sound, 7.125, 25, 2), 9);
    for (float& sample : other) sample *= -0.3F;
    const auto found = align_audio(in_a_room(sound, 8), other, rate);
    REQUIRE(found);
    CHECK(std::abs(found->offset_seconds - 7.125) < 0.005);
}

TEST_CASE("slow: clocks that run apart are told from a long recording") {
    const auto sound = music(200, rate, 6);
    for (const double ratio : {1 + 100e-6, 1 - 60e-6}) {
        const auto found = align_audio(sound, recorded(sound, 5.5, 180, 2, ratio), rate);
        REQUIRE(found);
        CHECK(std::abs(found->offset_seconds - 5.5) < 0.002);
        CHECK(std::abs(found->clock_ratio - ratio) < 5e-6);
    }
}

TEST_CASE("slow: sounds that have nothing in common do not match") {
    for (const std::uint64_t seed : {11, 12}) {
        CAPTURE(seed);
        CHECK_FALSE(align_audio(music(40, rate, 1), music(30, rate, seed), rate));
        CHECK_FALSE(align_audio(noise(40, rate, 0.1, 1), noise(30, rate, 0.1, seed), rate));
        CHECK_FALSE(align_audio(music(40, rate, 1), noise(30, rate, 0.1, seed), rate));
    }
}

TEST_CASE("a sound that repeats itself exactly is not placed at random") {
    std::vector<float> clicks(static_cast<std::size_t>(40 * rate));
    add_clicks(clicks, rate, steady_beats(120, 0.2, 40));
    CHECK_FALSE(align_audio(clicks, recorded(clicks, 4, 20, 2), rate));
}

TEST_CASE("silence and hardly any sound match nothing") {
    const auto sound = music(20, rate, 1);
    CHECK_FALSE(align_audio(sound, std::vector<float>(80000), rate));
    CHECK_FALSE(align_audio(std::vector<float>(80000), std::vector<float>(80000), rate));
    CHECK_FALSE(align_audio(sound, {}, rate));
    CHECK_FALSE(align_audio({}, {}, rate));
    CHECK_FALSE(align_audio(sound, std::span(sound).first(100), rate));
}

TEST_CASE("aligning stops when asked to") {
    std::stop_source stop;
    stop.request_stop();
    const auto sound = music(20, rate, 1);
    CHECK_FALSE(align_audio(sound, sound, rate, {}, stop.get_token()));
}

TEST_CASE("an offset beyond the longest allowed is not taken") {
    const auto sound = music(40, rate, 1);
    AudioAlignmentOptions options;
    options.longest_offset_seconds = 5;
    CHECK_FALSE(align_audio(sound, recorded(sound, 12.5, 15, 2), rate, options));
    CHECK(align_audio(sound, recorded(sound, 3.5, 15, 2), rate, options));
}
