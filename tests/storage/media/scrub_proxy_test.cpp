#include "storage/media/scrub_proxy.h"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>

#include "tests/support/temporary_folder.h"
#include "tests/support/video_fixtures.h"

namespace storage {
namespace {

namespace fs = std::filesystem;
using schemas::FrameIndex;
using tests::TemporaryFolder;

std::shared_ptr<const VideoIndex> shared_index_of(const tests::VideoFixture& fixture) {
    return std::make_shared<VideoIndex>(tests::index_of(fixture.file));
}

bool made(const tests::VideoFixture& fixture, const std::shared_ptr<const VideoIndex>& index, const fs::path& proxy) {
    return make_proxy(fixture.file, index, proxy, {}, [](double) {}, {});
}

}  // namespace

TEST_CASE("slow: preview i of every kind of video is its frame i") {
    for (const tests::VideoFixture& fixture : tests::video_fixtures()) {
        CAPTURE(fixture.name);
        const TemporaryFolder folder(tests::Place::memory);
        const auto index = shared_index_of(fixture);
        const fs::path file = proxy_file(folder.path() / "cache", *index);
        REQUIRE(made(fixture, index, file));
        auto proxy = ScrubProxy::open(file, *index);
        REQUIRE(proxy);
        int wrong = 0;
        for (FrameIndex frame = index->size(); frame-- > 0;)
            wrong += tests::painted_number(proxy->preview(frame).value()) == fixture.number_at(*index, frame) ? 0 : 1;
        CHECK(wrong == 0);
        CHECK_THROWS_AS((void)proxy->preview(index->size()), std::out_of_range);
        CHECK_THROWS_AS((void)proxy->preview(-1), std::out_of_range);
    }
}

TEST_CASE("slow: a proxy of another video, or of other frames, is not opened") {
    const TemporaryFolder folder;
    const tests::VideoFixture& fixture = tests::video_fixture("MJPEG");
    const auto index = shared_index_of(fixture);
    const fs::path file = folder.path() / "a.proxy";
    REQUIRE(made(fixture, index, file));
    CHECK(ScrubProxy::open(file, *index));
    VideoIndex other = *index;
    other.sha256.front() = other.sha256.front() == 'a' ? 'b' : 'a';
    CHECK(!ScrubProxy::open(file, other));
    other = *index;
    other.properties.stream = 1;
    CHECK(!ScrubProxy::open(file, other));
    other = *index;
    other.frames.pop_back();
    CHECK(!ScrubProxy::open(file, other));
    CHECK(!ScrubProxy::open(folder.path() / "none.proxy", *index));
}

TEST_CASE("slow: a damaged proxy is not opened, or gives no picture, but never a wrong one") {
    const TemporaryFolder folder(tests::Place::memory);
    const tests::VideoFixture& fixture = tests::video_fixture("MJPEG");
    const auto index = shared_index_of(fixture);
    const fs::path whole = folder.path() / "whole.proxy", cut = folder.path() / "cut.proxy";
    REQUIRE(made(fixture, index, whole));
    const std::string bytes = tests::text_in(whole);
    for (std::size_t part = 0; part < 64; ++part) {
        std::ofstream(cut, std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size() * part / 64));
        CHECK(!ScrubProxy::open(cut, *index));
    }
    std::string broken = bytes;
    std::fill_n(broken.begin(), bytes.size() / 2, '\0');
    std::ofstream(cut, std::ios::binary) << broken;
    auto proxy = ScrubProxy::open(cut, *index);
    REQUIRE(proxy);
    CHECK(!proxy->preview(0));
    CHECK(tests::painted_number(proxy->preview(index->size() - 1).value()) == fixture.numbers.back());

    // The first says that it is 16384 by 16384 pixels: a gigabyte.
    std::string huge = bytes;
    const std::size_t size = huge.find("\xFF\xC0") + 5;
    REQUIRE(size < bytes.size());
    huge.replace(size, 4, std::string("\x40\x00\x40\x00", 4));
    std::ofstream(cut, std::ios::binary) << huge;
    proxy = ScrubProxy::open(cut, *index);
    REQUIRE(proxy);
    CHECK(!proxy->preview(0));
    CHECK(tests::painted_number(proxy->preview(index->size() - 1).value()) == fixture.numbers.back());
}

TEST_CASE("slow: a proxy that was stopped leaves nothing behind") {
    const TemporaryFolder folder;
    const tests::VideoFixture& fixture = tests::video_fixture("MJPEG");
    const auto index = shared_index_of(fixture);
    const fs::path file = folder.path() / "proxy" / "a.proxy";
    std::stop_source stop;
    const auto half_way = [&](double share) {
        if (share > 0.5) stop.request_stop();
    };
    CHECK(!make_proxy(fixture.file, index, file, {}, half_way, stop.get_token()));
    CHECK(fs::is_empty(file.parent_path()));
}

}  // namespace storage
