#include "tests/support/video_fixtures.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <thread>

#include "storage/media/frame_cache.h"

namespace storage {
namespace {

using schemas::FrameIndex;
using tests::VideoFixture;

constexpr int seeks_of_a_fixture = 10'000;

struct Walked {
    std::int64_t asked = 0;
    std::vector<std::string> mismatches;
    SeekStats stats;
    std::string failure;
};

// Asks for frames of one video and compares the number painted into each with its index.
class Asking {
public:
    Asking(const VideoFixture& fixture, std::size_t cache_bytes)
        : fixture_(fixture),
          index_(std::make_shared<VideoIndex>(tests::index_of(fixture.file))),
          reader_(fixture.file, index_, {.cache = std::make_shared<FrameCache>(cache_bytes), .threads = 1}) {}

    [[nodiscard]] FrameIndex frames() const { return index_->size(); }
    [[nodiscard]] const VideoIndex& index() const { return *index_; }
    [[nodiscard]] Walked done() {
        walked_.stats = reader_.stats();
        return walked_;
    }

    void ask(FrameIndex frame) {
        ++walked_.asked;
        const VideoFrame shown = reader_.frame(frame).value();
        const int painted = tests::painted_number(shown);
        const int expected = fixture_.number_at(*index_, frame);
        if (shown.index() != frame || painted != expected)
            walked_.mismatches.push_back("frame " + std::to_string(frame) + " shows " + std::to_string(painted) +
                                         " instead of " + std::to_string(expected));
    }
    void forwards() {
        for (FrameIndex frame = 0; frame < frames(); ++frame) ask(frame);
    }
    void backwards() {
        for (FrameIndex frame = frames(); frame-- > 0;) ask(frame);
    }
    void at_random(int count) {
        std::mt19937_64 random(11);
        for (int i = 0; i < count; ++i) ask(static_cast<FrameIndex>(random() % static_cast<std::uint64_t>(frames())));
    }

private:
    const VideoFixture& fixture_;
    std::shared_ptr<const VideoIndex> index_;
    VideoReader reader_;
    Walked walked_;
};

// Room for half of the frames or less, so that many seeks are answered by decoding.
constexpr std::size_t tight_cache_bytes = std::size_t{4} << 20U;
constexpr std::size_t roomy_cache_bytes = std::size_t{64} << 20U;

// Runs `work` over all fixtures, on as many threads as there are cores.
template <class Work>
std::vector<Walked> for_all_fixtures(const Work& work) {
    const std::vector<VideoFixture>& fixtures = tests::video_fixtures();
    std::vector<Walked> results(fixtures.size());
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        workers.emplace_back([&] {
            for (std::size_t job; (job = next++) < fixtures.size();) try {
                    results[job] = work(fixtures[job]);
                } catch (const std::exception& error) {
                    results[job].failure = error.what();
                }
        });
    workers.clear();
    return results;
}

void check_without_mismatch(const std::vector<Walked>& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
        const VideoFixture& fixture = tests::video_fixtures()[i];
        CAPTURE(fixture.name);
        CHECK(results[i].failure == "");
        CHECK(results[i].asked > 0);
        CHECK_MESSAGE(results[i].mismatches.empty(), results[i].mismatches.size(), " of ", results[i].asked,
                      " wrong, first: ", results[i].mismatches.empty() ? "" : results[i].mismatches.front());
    }
}

}  // namespace

TEST_CASE("slow: the index of every kind of video holds each frame that is shown, at its time") {
    REQUIRE(tests::video_fixtures().size() >= 18);
    for (const VideoFixture& fixture : tests::video_fixtures()) {
        CAPTURE(fixture.name);
        const VideoIndex index = tests::index_of(fixture.file);
        if (fixture.end == VideoFixture::End::cut_off) {
            CHECK(index.size() > 50);
            CHECK(index.size() < static_cast<FrameIndex>(fixture.numbers.size()));
        } else {
            REQUIRE(index.size() == static_cast<FrameIndex>(fixture.numbers.size()));
        }
        int wrong = 0;
        for (FrameIndex frame = 0; frame < index.size(); ++frame) {
            const int number = fixture.number_at(index, frame);
            // Where the end is missing, so may be frames that are decoded from what was there.
            const bool near_end = fixture.end == VideoFixture::End::cut_off && frame + 4 > index.size();
            wrong += number == fixture.numbers.at(static_cast<std::size_t>(frame)) || (near_end && number > 0) ? 0 : 1;
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("slow: whatever frame is asked for at random, its painted number is the one asked for") {
    check_without_mismatch(for_all_fixtures([](const VideoFixture& fixture) {
        Asking asking(fixture, tight_cache_bytes);
        asking.at_random(seeks_of_a_fixture);
        return asking.done();
    }));
}

TEST_CASE("slow: a walk forwards and a walk backwards meet every painted number") {
    check_without_mismatch(for_all_fixtures([](const VideoFixture& fixture) {
        Asking asking(fixture, tight_cache_bytes);
        asking.forwards();
        asking.backwards();
        return asking.done();
    }));
}

TEST_CASE("slow: a walk forwards never seeks after the first frame") {
    const std::vector<Walked> results = for_all_fixtures([](const VideoFixture& fixture) {
        Asking asking(fixture, roomy_cache_bytes);
        asking.forwards();
        return asking.done();
    });
    for (std::size_t i = 0; i < results.size(); ++i) {
        CAPTURE(tests::video_fixtures()[i].name);
        CHECK(results[i].failure == "");
        CHECK(results[i].stats.seeks <= 1);
        CHECK(results[i].stats.decoded <= results[i].asked + tests::video_fixtures()[i].group_length);
    }
}

TEST_CASE("slow: a walk backwards decodes each group once") {
    for (const char* name : {"H.264, closed groups", "HEVC, closed groups", "VP9", "MPEG-4 ASP in MP4"}) {
        CAPTURE(name);
        Asking asking(tests::video_fixture(name), roomy_cache_bytes);
        asking.backwards();
        const SeekStats stats = asking.done().stats;
        const auto groups = static_cast<std::int64_t>(
            std::ranges::count_if(asking.index().frames, [](const IndexedFrame& frame) { return frame.key; }));
        CHECK(groups >= 6);
        CHECK(stats.seeks <= groups);
        // Beside each group, only what its decoder held back of the next one.
        CHECK(stats.decoded <= asking.frames() + 8 * groups);
    }
}

}  // namespace storage
