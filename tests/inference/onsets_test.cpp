#include "inference/onsets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "tests/inference/sounds.h"

using namespace inference;
using namespace inference_tests;

TEST_CASE("an onset envelope does not depend on the pieces that sound comes in") {
    const auto sound = music(5, 16000, 1);
    OnsetMeter meter(16000);
    for (std::size_t at = 0; at < sound.size(); at += 777)
        meter.add(std::span(sound).subspan(at, std::min<std::size_t>(777, sound.size() - at)));
    CHECK(meter.finish().strength == onset_envelope(sound, 16000).strength);
}

TEST_CASE("an onset envelope is strongest where a click begins, at any sample rate") {
    for (const double rate : {8000.0, 16000.0, 44100.0, 48000.0, 96000.0}) {
        CAPTURE(rate);
        auto sound = noise(4, rate, 0.001, 1);
        const std::vector<double> clicks{2.0};
        add_clicks(sound, rate, clicks);
        const OnsetEnvelope envelope = onset_envelope(sound, rate);
        const auto peak = std::ranges::max_element(envelope.strength) - envelope.strength.begin();
        CHECK(static_cast<double>(peak) / envelope.rate == doctest::Approx(2).epsilon(0.006));
    }
}

TEST_CASE("a sample rate that no sound has is refused") {
    CHECK_THROWS_AS(OnsetMeter(0), std::invalid_argument);
    CHECK_THROWS_AS(OnsetMeter(1e9), std::invalid_argument);
}
