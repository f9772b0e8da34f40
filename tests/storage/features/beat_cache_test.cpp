#include "storage/features/beat_cache.h"

#include <doctest/doctest.h>

#include "tests/support/recording_files.h"
#include "tests/support/temporary_folder.h"

namespace storage {
namespace {

const std::string some_hash(64, 'd');

}  // namespace

TEST_CASE("beats are kept by the hash of the file and the stream") {
    const tests::TemporaryFolder folder;
    const BeatCache cache(folder.path());
    CHECK_FALSE(cache.load(some_hash, 1));
    cache.store(some_hash, 1, {0.5, 1.0, 1.5});
    CHECK(cache.load(some_hash, 1) == std::vector<double>{0.5, 1.0, 1.5});
    CHECK_FALSE(cache.load(some_hash, 2));
    cache.store(some_hash, 2, {});
    CHECK(cache.load(some_hash, 2) == std::vector<double>());
    cache.store("no hash", 1, {1});
    CHECK_FALSE(cache.load("no hash", 1));
}

TEST_CASE("damaged beats are as if they were not there") {
    const tests::TemporaryFolder folder;
    const BeatCache cache(folder.path());
    cache.store(some_hash, 0, {0.5, 1.0});
    const auto file = folder.path() / "cache" / "beats" / (some_hash + "-0.beats");
    const std::string bytes = tests::bytes_of(file);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        std::filesystem::resize_file(file, length);
        CHECK_FALSE(cache.load(some_hash, 0));
        tests::write_file(folder, "cache/beats/" + some_hash + "-0.beats", bytes);
    }
}

}  // namespace storage
