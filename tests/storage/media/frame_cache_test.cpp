#include "storage/media/frame_cache.h"

#include <doctest/doctest.h>

#include "storage/media/ffmpeg_ptr.h"

namespace storage {
namespace {

// A frame that holds about `bytes` bytes.
VideoFrame frame_of(schemas::FrameIndex index, int bytes) {
    static const auto source = std::make_shared<const VideoIndex>();
    FramePtr native = new_frame();
    native->buf[0] = av_buffer_alloc(static_cast<std::size_t>(bytes));
    return {index, std::shared_ptr<const AVFrame>(std::move(native)), source};
}

constexpr int kilobyte = 1024;

}  // namespace

TEST_CASE("the cache gives back what was put, for each video by itself") {
    FrameCache cache;
    const std::uint64_t one = cache.new_source(), other = cache.new_source();
    cache.put(one, frame_of(7, kilobyte));
    REQUIRE(cache.get(one, 7));
    CHECK(cache.get(one, 7)->index() == 7);
    CHECK_FALSE(cache.get(other, 7));
    CHECK_FALSE(cache.get(one, 8));
}

TEST_CASE("the frames used longest ago go first, and the budget holds") {
    FrameCache cache(10 * kilobyte);
    const std::uint64_t video = cache.new_source();
    for (schemas::FrameIndex frame = 0; frame < 5; ++frame) cache.put(video, frame_of(frame, kilobyte));
    REQUIRE(cache.get(video, 0));
    for (schemas::FrameIndex frame = 5; frame < 8; ++frame) cache.put(video, frame_of(frame, kilobyte));
    CHECK(cache.bytes() <= cache.budget());
    CHECK(cache.get(video, 0));
    CHECK_FALSE(cache.get(video, 1));
    CHECK(cache.get(video, 7));
}

TEST_CASE("a smaller budget takes effect at once") {
    FrameCache cache(100 * kilobyte);
    const std::uint64_t video = cache.new_source();
    for (schemas::FrameIndex frame = 0; frame < 20; ++frame) cache.put(video, frame_of(frame, kilobyte));
    cache.set_budget(5 * kilobyte);
    CHECK(cache.bytes() <= 5 * kilobyte);
    CHECK(cache.get(video, 19));
}

TEST_CASE("a frame that is larger than the budget is not kept") {
    FrameCache cache(kilobyte);
    const std::uint64_t video = cache.new_source();
    cache.put(video, frame_of(0, 4 * kilobyte));
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a forgotten video leaves nothing, and the others stay") {
    FrameCache cache;
    const std::uint64_t one = cache.new_source(), other = cache.new_source();
    cache.put(one, frame_of(0, kilobyte));
    cache.put(other, frame_of(0, kilobyte));
    cache.forget(one);
    CHECK_FALSE(cache.get(one, 0));
    CHECK(cache.get(other, 0));
}

TEST_CASE("a frame that is put twice counts once") {
    FrameCache cache;
    const std::uint64_t video = cache.new_source();
    cache.put(video, frame_of(0, kilobyte));
    const std::size_t once = cache.bytes();
    cache.put(video, frame_of(0, kilobyte));
    CHECK(cache.bytes() == once);
}

}  // namespace storage
