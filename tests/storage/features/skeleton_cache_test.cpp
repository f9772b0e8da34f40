#include "storage/features/skeleton_cache.h"

#include <doctest/doctest.h>

#include "storage/skeleton/layout_registry.h"
#include "tests/support/recording_files.h"

namespace {

using storage::SkeletonCache;
using storage::SkeletonRecording;
using tests::TemporaryFolder;
using tests::write_file;

const std::string key(64, 'a');
const std::string cached = "cache/skeleton/" + key + ".skel";

SkeletonRecording recording_of(storage::LayoutPtr layout) {
    SkeletonRecording recording;
    recording.sequence = schemas::SkeletonSequence::empty(std::move(layout), 2);
    recording.sequence.set(1, 0, {1, 2, 3});
    recording.sequence.confidence[1] = 0.5F;
    recording.rate = {30000, 1001};
    recording.seconds = {0, 0.04};
    recording.problems = {{"舞 frames", schemas::FrameSpan{0, 1}}, {"of the whole file", std::nullopt}};
    return recording;
}

SkeletonRecording sample() { return recording_of(storage::layout_named("msr20")); }

}  // namespace

TEST_CASE("a recording comes out of the cache as it went in") {
    const TemporaryFolder project;
    const SkeletonCache cache(project.path());
    const SkeletonRecording stored = sample();
    cache.store(key, stored);
    const auto loaded = cache.load(key);
    REQUIRE(loaded);
    CHECK(loaded->sequence.layout == stored.sequence.layout);
    CHECK(loaded->sequence.positions == stored.sequence.positions);
    CHECK(loaded->sequence.confidence == stored.sequence.confidence);
    CHECK(loaded->rate == stored.rate);
    CHECK(loaded->seconds == stored.seconds);
    CHECK(loaded->problems == stored.problems);
}

TEST_CASE("a layout that only its file described comes out of the cache whole") {
    const TemporaryFolder project;
    const auto layout = storage::layout_from_file("bvh", {"Hips", "LeftHand", "RightHand"}, {-1, 0, 0});
    SkeletonCache(project.path()).store(key, recording_of(layout));
    const auto loaded = SkeletonCache(project.path()).load(key);
    REQUIRE(loaded);
    CHECK(loaded->sequence.layout->name == layout->name);
    CHECK(loaded->sequence.layout->joints == layout->joints);
    CHECK(loaded->sequence.layout->pairs == layout->pairs);
}

TEST_CASE("what was never stored or was deleted is not there") {
    const TemporaryFolder project;
    const SkeletonCache cache(project.path());
    CHECK_FALSE(cache.load(key));
    cache.store(key, sample());
    std::filesystem::remove_all(project.path() / "cache");
    CHECK_FALSE(cache.load(key));
}

TEST_CASE("a cached file that is cut off or damaged anywhere is not there") {
    const TemporaryFolder project;
    const SkeletonCache cache(project.path());
    cache.store(key, sample());
    const std::string bytes = tests::bytes_of(project.path() / cached);
    for (std::size_t part = 0; part < 64; ++part) {
        const std::size_t at = bytes.size() * part / 64;
        CAPTURE(at);
        write_file(project, cached, std::string_view(bytes).substr(0, at));
        CHECK_FALSE(cache.load(key));
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        write_file(project, cached, damaged);
        CHECK_FALSE(cache.load(key));
    }
}

TEST_CASE("a cached file of another version is not there") {
    const TemporaryFolder project;
    const SkeletonCache cache(project.path());
    cache.store(key, sample());
    std::string bytes = tests::bytes_of(project.path() / cached);
    ++bytes[8];
    write_file(project, cached, bytes);
    CHECK_FALSE(cache.load(key));
}

TEST_CASE("a cached layout that the program knows otherwise is stale") {
    const TemporaryFolder project;
    const SkeletonCache cache(project.path());
    schemas::SkeletonLayout other = *storage::layout_named("msr20");
    other.centre = other.neck;
    cache.store(key, recording_of(std::make_shared<const schemas::SkeletonLayout>(other)));
    CHECK_FALSE(cache.load(key));
}

TEST_CASE("nothing half written is left beside a cached file") {
    const TemporaryFolder project;
    SkeletonCache(project.path()).store(key, sample());
    const std::filesystem::directory_iterator files(project.path() / "cache/skeleton");
    CHECK(std::distance(begin(files), end(files)) == 1);
}

TEST_CASE("where no cache can be made, nothing is kept and nothing fails") {
    const TemporaryFolder project;
    write_file(project, "cache", "a file where the folder should be");
    const SkeletonCache cache(project.path());
    cache.store(key, sample());
    CHECK_FALSE(cache.load(key));
    SkeletonCache("/proc/nowhere").store(key, sample());
}

TEST_CASE("a key that is no SHA-256 reaches no file") {
    const TemporaryFolder project;
    const SkeletonCache cache(project.path());
    for (const std::string& wrong :
         {std::string("../../x"), std::string(), std::string(64, '/'), std::string(63, 'a')}) {
        cache.store(wrong, sample());
        CHECK_FALSE(cache.load(wrong));
    }
    CHECK(std::filesystem::is_empty(project.path()));
}
