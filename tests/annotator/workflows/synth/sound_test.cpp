#include "annotator/workflows/synth/sound.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace annotator::synth {

TEST_CASE("beats come at an even tempo from the first on") {
    const std::vector<double> beats = beats_of({120, 0.25, 4}, 2);
    REQUIRE(beats.size() == 4);
    CHECK(beats.front() == doctest::Approx(0.25));
    CHECK(beats.back() == doctest::Approx(1.75));
}

TEST_CASE("each beat is where the sound begins to be loud") {
    constexpr int rate = 8000;
    const ClickTrack track{90, 0.3, 4};
    const std::vector<float> samples = samples_of(track, 4, rate);
    CHECK(samples.size() == 4 * rate);
    const auto loudest = [&](double from, double to) {
        float most = 0;
        for (auto sample = static_cast<std::size_t>(from * rate); sample < static_cast<std::size_t>(to * rate);
             ++sample)
            most = std::max(most, std::abs(samples[sample]));
        return most;
    };
    for (const double beat : beats_of(track, 3.9)) {
        CHECK(loudest(beat, beat + 0.02) > 0.25F);
        CHECK(loudest(beat - 0.05, beat - 0.001) < 0.1F);
    }
    CHECK(*std::ranges::max_element(samples) <= 1.0F);
}

TEST_CASE("a drawn click track follows from its seed and begins within a beat") {
    const ClickTrack first = drawn_click_track(Random(4)), again = drawn_click_track(Random(4));
    CHECK(first.beats_per_minute == again.beats_per_minute);
    CHECK(first.first_beat_seconds == again.first_beat_seconds);
    CHECK(first.first_beat_seconds < 0.05 + 60 / first.beats_per_minute);
}

}  // namespace annotator::synth
