#include "storage/features/audio_index_cache.h"

#include <doctest/doctest.h>

#include <memory>

#include "storage/media/audio_reader.h"
#include "tests/support/recording_files.h"
#include "tests/support/sound_films.h"

namespace storage {
namespace {

const std::string some_hash(64, 'c');

AudioIndex scanned(const std::filesystem::path& file) {
    auto index = scan_audio(
        file, {}, [](auto, int, int) {}, [](double) {}, {});
    REQUIRE(index);
    return std::move(*index);
}

}  // namespace

TEST_CASE("a sound is read by an index from the cache as by a fresh one") {
    const tests::TemporaryFolder folder;
    const auto file = write_sound_film(folder, {.sample_rate = 8000, .channels = 2}, tests::unlike_sound(3, 8000, 2));
    const AudioIndex fresh = scanned(file);
    const AudioIndexCache cache(folder.path());
    cache.store(some_hash, fresh);
    const auto kept = cache.load(some_hash, fresh.stream);
    REQUIRE(kept);
    CHECK(kept->codec == fresh.codec);
    CHECK(kept->start_seconds == fresh.start_seconds);
    CHECK(AudioReader(file, std::make_shared<const AudioIndex>(*kept)).read(0, kept->samples) ==
          AudioReader(file, std::make_shared<const AudioIndex>(fresh)).read(0, fresh.samples));
    CHECK_FALSE(cache.load(some_hash, fresh.stream + 1));
    CHECK_FALSE(cache.load("no hash", fresh.stream));
}

TEST_CASE("problems of a sound are kept with its index, and a damaged index is as if it were not there") {
    const tests::TemporaryFolder folder;
    AudioIndex index = scanned(write_sound_film(folder, {}, tests::unlike_sound(1, 48000, 1)));
    index.problems = {"a gap", ""};
    const AudioIndexCache cache(folder.path());
    cache.store(some_hash, index);
    REQUIRE(cache.load(some_hash, 1));
    CHECK(cache.load(some_hash, 1)->problems == index.problems);
    const auto file = folder.path() / "cache" / "sound" / (some_hash + "-1.index");
    const std::string bytes = tests::bytes_of(file);
    for (std::size_t length = 0; length < bytes.size(); length += 37) {
        std::filesystem::resize_file(file, length);
        CHECK_FALSE(cache.load(some_hash, 1));
        tests::write_file(folder, "cache/sound/" + some_hash + "-1.index", bytes);
    }
}

}  // namespace storage
