#include "storage/features/video_index_cache.h"

#include <doctest/doctest.h>

#include <fstream>

#include "storage/hash.h"
#include "tests/support/recording_files.h"

namespace storage {
namespace {

using tests::TemporaryFolder;

VideoIndex sample_index() {
    VideoIndex index;
    index.properties.stream = 3;
    index.properties.container = "matroska,webm";
    index.properties.codec = "vp9";
    index.properties.width = 64;
    index.properties.rotation_degrees = 90;
    index.properties.time_base_numerator = 1;
    index.properties.time_base_denominator = 1'000;
    index.properties.declared_rate = {30'000, 1'001};
    index.properties.matrix = ColourMatrix::bt601;
    index.frames = {{-7, 33, 0, true}, {26, 34, 2, false}};
    index.packets = {
        {48, -7, -7, 900, true, true, true, false}, {948, 60, 26, 10, true, true, false, true}, {958, 26, 60, 9}};
    index.undecoded = {{1, 60, "it is cut off"}, {2, std::nullopt, ""}};
    index.counts = {3, 3, 2};
    index.method = ScanMethod::decoding;
    index.sha256 = sha256_of("a video");
    index.problems = {"a frame is missing"};
    return index;
}

std::filesystem::path only_file(const TemporaryFolder& folder) {
    return tests::files_below(folder.path() / "cache" / "index", ".index").at(0);
}

}  // namespace

TEST_CASE("the index of a video comes back as it was stored") {
    const TemporaryFolder folder;
    const VideoIndexCache cache(folder.path());
    const VideoIndex index = sample_index();
    cache.store(index);
    const auto loaded = cache.load(index.sha256, 3);
    REQUIRE(loaded);
    CHECK(loaded->properties.codec == "vp9");
    CHECK(loaded->properties.rotation_degrees == 90);
    CHECK(loaded->properties.declared_rate == index.properties.declared_rate);
    CHECK(loaded->properties.matrix == ColourMatrix::bt601);
    REQUIRE(loaded->frames.size() == 2);
    CHECK(loaded->frames[1].pts == 26);
    CHECK(loaded->frames[1].packet == 2);
    REQUIRE(loaded->packets.size() == 3);
    CHECK(loaded->packets[1].position == 948);
    CHECK(loaded->packets[1].disposable);
    REQUIRE(loaded->undecoded.size() == 2);
    CHECK(loaded->undecoded[0].pts == 60);
    CHECK(loaded->undecoded[0].reason == "it is cut off");
    CHECK_FALSE(loaded->undecoded[1].pts);
    CHECK(loaded->counts.decodable == 2);
    CHECK(loaded->method == ScanMethod::decoding);
    CHECK(loaded->problems == index.problems);
}

TEST_CASE("each stream of a file has an index of its own") {
    const TemporaryFolder folder;
    const VideoIndexCache cache(folder.path());
    cache.store(sample_index());
    CHECK(cache.load(sample_index().sha256, 3));
    CHECK_FALSE(cache.load(sample_index().sha256, 0));
    CHECK_FALSE(cache.load(sha256_of("another video"), 3));
}

TEST_CASE("an index that was cut off, altered or is of another version is not there") {
    const TemporaryFolder folder;
    const VideoIndexCache cache(folder.path());
    cache.store(sample_index());
    const std::string whole = tests::bytes_of(only_file(folder));
    for (std::size_t i = 0; i < whole.size(); i += 7) {
        std::string altered = whole;
        altered[i] = static_cast<char>(altered[i] ^ 0x40);
        std::ofstream(only_file(folder), std::ios::binary) << altered;
        CHECK_FALSE(cache.load(sample_index().sha256, 3));
        std::ofstream(only_file(folder), std::ios::binary) << whole.substr(0, i);
        CHECK_FALSE(cache.load(sample_index().sha256, 3));
    }
}

TEST_CASE("an index without frames, or with frames of packets that it does not have, is not there") {
    const TemporaryFolder folder;
    const VideoIndexCache cache(folder.path());
    for (const std::int64_t packet : {-1, 3}) {
        VideoIndex index = sample_index();
        index.frames[1].packet = packet;
        cache.store(index);
        CHECK_FALSE(cache.load(index.sha256, 3));
    }
    VideoIndex index = sample_index();
    index.frames.clear();
    cache.store(index);
    CHECK_FALSE(cache.load(index.sha256, 3));
}

TEST_CASE("a name that is no hash finds and keeps nothing") {
    const TemporaryFolder folder;
    const VideoIndexCache cache(folder.path());
    VideoIndex index = sample_index();
    index.sha256 = "../../escape";
    cache.store(index);
    CHECK(std::filesystem::is_empty(folder.path()));
    CHECK_FALSE(cache.load("../../escape", 3));
}

}  // namespace storage
