#include "storage/media/waveform.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <stdexcept>

#include "tests/support/sound_films.h"
#include "tests/support/temporary_folder.h"

namespace storage {
namespace {

using doctest::Approx;

Waveform waveform_of(const std::vector<float>& samples, int channels = 1) {
    WaveformBuilder builder;
    for (std::size_t at = 0; at < samples.size(); at += 1000 * static_cast<std::size_t>(channels))
        builder.add(
            std::span(samples).subspan(at, std::min(1000 * static_cast<std::size_t>(channels), samples.size() - at)),
            channels);
    return builder.finish();
}

const std::string some_hash(64, 'a');

}  // namespace

TEST_CASE("a peak is the lowest, the highest and the mean square of its samples") {
    std::vector<float> samples(512, 0.25F);
    samples[10] = -0.5F;
    samples[300] = 1;
    const Waveform waveform = waveform_of(samples);
    CHECK(waveform.samples == 512);
    REQUIRE(waveform.levels.front().size() == 2);
    CHECK(waveform.levels[0][0].low == -0.5F);
    CHECK(waveform.levels[0][0].high == 0.25F);
    CHECK(waveform.levels[0][1].high == 1);
    CHECK(waveform.levels[0][0].rms == Approx(std::sqrt((255 * 0.0625 + 0.25) / 256)));
}

TEST_CASE("peaks of stereo sound cover both channels") {
    std::vector<float> samples(512);
    samples[100] = 0.75F;   // left
    samples[101] = -0.25F;  // right
    const Waveform waveform = waveform_of(samples, 2);
    CHECK(waveform.samples == 256);
    CHECK(waveform.levels[0][0].high == 0.75F);
    CHECK(waveform.levels[0][0].low == -0.25F);
}

TEST_CASE("peaks of any part at any zoom are as high as the sound there") {
    const auto samples = tests::unlike_sound(20, 8000, 1);
    const Waveform waveform = waveform_of(samples);
    CHECK(waveform.levels.size() == 3);
    CHECK(waveform.levels.back().size() <= 64);
    std::mt19937 engine(1);
    for (int i = 0; i < 500; ++i) {
        const auto begin = static_cast<std::int64_t>(engine() % samples.size());
        const auto end =
            begin + 1 + static_cast<std::int64_t>(engine() % (samples.size() - static_cast<std::size_t>(begin)));
        const int count = 1 + static_cast<int>(engine() % 900);
        const auto peaks = waveform.peaks(begin, end, count);
        REQUIRE(peaks.size() == static_cast<std::size_t>(count));
        const double step = static_cast<double>(end - begin) / count;
        for (const int bucket : {0, count / 2, count - 1}) {
            const auto from = static_cast<std::size_t>(static_cast<double>(begin) + step * bucket);
            const auto to =
                std::min(samples.size(), static_cast<std::size_t>(static_cast<double>(begin) + step * (bucket + 1)));
            for (std::size_t k = from; k < to; ++k) {
                REQUIRE(peaks[static_cast<std::size_t>(bucket)].low <= samples[k]);
                REQUIRE(samples[k] <= peaks[static_cast<std::size_t>(bucket)].high);
            }
        }
    }
}

TEST_CASE("outside of a sound its waveform is silent") {
    const Waveform waveform = waveform_of(std::vector<float>(1000, 0.5F));
    const auto peaks = waveform.peaks(-1000, 3000, 4);
    CHECK(peaks[0] == Peak{});
    CHECK(peaks[1].high == 0.5F);
    CHECK(peaks[3] == Peak{});
    CHECK(waveform_of({}).peaks(0, 100, 3) == std::vector<Peak>(3));
    CHECK(waveform.peaks(0, 1000, 0).empty());
    CHECK_THROWS_AS((void)waveform.peaks(10, 5, 1), std::invalid_argument);
}

TEST_CASE("a waveform is found again under the file's hash and the stream") {
    const tests::TemporaryFolder project;
    const WaveformCache cache(project.path());
    const Waveform waveform = waveform_of(tests::unlike_sound(20, 8000, 1));
    cache.store(some_hash, 1, waveform);
    const auto found = cache.load(some_hash, 1);
    REQUIRE(found);
    CHECK(found->samples == waveform.samples);
    CHECK(found->levels == waveform.levels);
    CHECK_FALSE(cache.load(some_hash, 2));
    CHECK_FALSE(cache.load(std::string(64, 'b'), 1));
    CHECK_FALSE(cache.load("../../etc/passwd", 1));
}

TEST_CASE("a damaged waveform file is as if it were not there") {
    const tests::TemporaryFolder project;
    const WaveformCache cache(project.path());
    cache.store(some_hash, 1, waveform_of(tests::unlike_sound(2, 8000, 1)));
    const auto file = project.path() / "cache" / "waveform" / (some_hash + "-1");
    REQUIRE(std::filesystem::exists(file));
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    CHECK_FALSE(cache.load(some_hash, 1));
    std::filesystem::resize_file(file, 0);
    CHECK_FALSE(cache.load(some_hash, 1));

    // As many samples as a number can say, and one more than the peaks are for.
    Waveform wrong = waveform_of(tests::unlike_sound(2, 8000, 1));
    for (const std::int64_t samples : {std::numeric_limits<std::int64_t>::max(), std::int64_t{-1},
                                       Waveform::finest * std::ssize(wrong.levels.front()) + 1}) {
        wrong.samples = samples;
        cache.store(some_hash, 1, wrong);
        CHECK_FALSE(cache.load(some_hash, 1));
    }
}

}  // namespace storage
