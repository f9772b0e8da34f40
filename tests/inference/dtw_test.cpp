#include "inference/dtw.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "inference/random.h"
#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;
using doctest::Approx;

namespace {
std::vector<float> drawn(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random.normal());
    return values;
}
}  // namespace

TEST_CASE("a motion is at distance zero from itself") {
    const auto motion = drawn(1, 32 * 5);
    CHECK(dtw_distance(motion, motion, 32, 5, 6) == 0);
}

TEST_CASE("warping is symmetric") {
    const auto a = drawn(1, 32 * 5);
    const auto b = drawn(2, 32 * 5);
    CHECK(dtw_distance(a, b, 32, 5, 6) == Approx(dtw_distance(b, a, 32, 5, 6)));
}

TEST_CASE("a wider band never makes motions further apart, and no band is frame by frame") {
    const auto a = drawn(1, 32);
    const auto b = drawn(2, 32);
    float frame_by_frame = 0;
    for (std::size_t i = 0; i < 32; ++i) frame_by_frame += std::abs(a[i] - b[i]) / 64;
    float before = dtw_distance(a, b, 32, 1, 0);
    CHECK(before == Approx(frame_by_frame));
    for (int band = 1; band < 32; ++band) {
        const float distance = dtw_distance(a, b, 32, 1, band);
        CHECK(distance <= before);
        before = distance;
    }
}

TEST_CASE("warping costs the best path as computed by hand") {
    // 0 1 2 against 0 0 2: 0-0, 0-0, 1-0 or 1-2, 2-2.
    CHECK(dtw_distance(std::vector<float>{0, 1, 2}, std::vector<float>{0, 0, 2}, 3, 1, 2) == Approx(1.0 / 6));
}

TEST_CASE("a shift in time within the band costs little") {
    std::vector<float> a(32, 0.0F);
    std::vector<float> b(32, 0.0F);
    for (std::size_t i = 10; i < 16; ++i) a[i] = 1;
    for (std::size_t i = 14; i < 20; ++i) b[i] = 1;
    CHECK(dtw_distance(a, b, 32, 1, 6) == 0);
    CHECK(dtw_distance(a, b, 32, 1, 1) > 0);
}

TEST_CASE("a search for less than a limit ends in infinity where there is none") {
    const auto a = drawn(1, 32);
    const auto b = drawn(2, 32);
    const float distance = dtw_distance(a, b, 32, 1, 6);
    CHECK(std::isinf(dtw_distance(a, b, 32, 1, 6, distance / 2)));
    CHECK(dtw_distance(a, b, 32, 1, 6, distance * 1.01F) == distance);
}

TEST_CASE("motions of one kind are nearer than motions of two") {
    const auto samples = synthetic_set(3, 4, 1);
    const DistanceMatrix distances = *dtw_distances(samples);
    for (std::size_t a = 0; a < samples.size(); ++a) {
        CHECK(distances.at(a, a) == 0);
        std::size_t nearest = a == 0 ? 1 : 0;
        for (std::size_t b = 0; b < samples.size(); ++b) {
            CHECK(distances.at(a, b) == distances.at(b, a));
            if (b != a && distances.at(a, b) < distances.at(a, nearest)) nearest = b;
        }
        CHECK(samples[nearest].label == samples[a].label);
    }
}

TEST_CASE("distances do not depend on the number of threads") {
    const auto samples = synthetic_set(3, 4, 1);
    CHECK(dtw_distances(samples, {.threads = 1})->values == dtw_distances(samples, {.threads = 3})->values);
}

TEST_CASE("distances between no, one and dead samples are zeros") {
    CHECK(dtw_distances({})->size == 0);
    auto dead = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(msr_layout(), 10));
    const std::vector<Sample> samples{{dead, {0, 10}}, {dead, {2, 5}}};
    CHECK(dtw_distances(samples)->at(0, 1) == 0);
}

TEST_CASE("warping stops when asked to") {
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(dtw_distances(synthetic_set(2, 2, 1), {}, stop.get_token()).has_value());
}

TEST_CASE("slow: distances between the MSR recordings take less than five seconds") {
    std::vector<Sample> samples;
    for (const Recording& recording : msr_recordings()) samples.push_back(recording.sample);
    if (samples.empty()) {
        MESSAGE("the MSR-Action3D recordings are not there");
        return;
    }
    CHECK(dtw_distances(samples, {.threads = 2})->size == 289);
}
