#include "storage/media/recording_search.h"

#include <doctest/doctest.h>

#include "storage/hash.h"
#include "storage/read_error.h"
#include "tests/support/recording_files.h"

namespace storage {
namespace {

using tests::TemporaryFolder;
using tests::write_file;

const BytesRead unheard = [](std::uintmax_t) {};

}  // namespace

TEST_CASE("a recording is known by the bytes of its file, or by the names and bytes of its pictures") {
    const TemporaryFolder folder;
    CHECK(recording_hash(write_file(folder, "a.bin", "abc"), unheard, {}) == sha256_of("abc"));
    write_file(folder, "depth/1.png", "one");
    const auto one = recording_hash(folder.path() / "depth", unheard, {});
    CHECK(one == sha256_of("1.png " + sha256_of("one") + "\n"));
    write_file(folder, "depth/2.png", "two");
    CHECK(recording_hash(folder.path() / "depth", unheard, {}) != one);
    CHECK(recording_bytes(folder.path() / "depth") == 6);
    CHECK(recording_bytes(folder.path() / "nowhere") == 0);
    CHECK_THROWS_AS((void)recording_hash(folder.path() / "nowhere", unheard, {}), ReadError);
}

TEST_CASE("hashing tells how far it is and can be stopped") {
    const TemporaryFolder folder;
    const auto file = write_file(folder, "a.bin", std::string(3 << 20, 'x'));
    std::uintmax_t bytes = 0;
    CHECK(recording_hash(file, [&](std::uintmax_t more) { bytes += more; }, {}));
    CHECK(bytes == 3 << 20);
    std::stop_source stop;
    CHECK_FALSE(recording_hash(
        file, [&](std::uintmax_t) { stop.request_stop(); }, stop.get_token()));
}

TEST_CASE("a recording is found below a folder under its own or another name") {
    const TemporaryFolder folder;
    const auto moved = write_file(folder, "r/2019/walk.mp4", "walk"), renamed = write_file(folder, "r/b.mp4", "turn");
    write_file(folder, "r/walk.mp4", "another walk");
    RecordingSearch search(folder.path() / "r");
    CHECK(search.find("../old/walk.mp4", sha256_of("walk"), unheard, {}) == moved);
    CHECK(search.find("turn.mp4", sha256_of("turn"), unheard, {}) == renamed);
    CHECK_FALSE(search.find("turn.mkv", sha256_of("turn"), unheard, {}));
    CHECK_FALSE(search.find("walk.mp4", sha256_of("run"), unheard, {}));
    CHECK(search.named("x/b.mp4") == renamed);
    CHECK_FALSE(search.named("c.mp4"));
}

TEST_CASE("a folder of pictures is found as a whole") {
    const TemporaryFolder folder;
    write_file(folder, "old/depth/1.png", "one");
    const auto hash = recording_hash(folder.path() / "old/depth", unheard, {});
    rename(folder.path() / "old/depth", folder.path() / "old/take1");
    RecordingSearch search(folder.path());
    CHECK(search.find("depth", *hash, unheard, {}) == folder.path() / "old/take1");
    CHECK_THROWS_AS(RecordingSearch(folder.path() / "nowhere"), ReadError);
}

}  // namespace storage
