#include "annotator/workflows/join_takes.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>

#include "annotator/workflows/synth/recording.h"
#include "storage/skeleton/msr_skeleton.h"
#include "tests/annotator/workflows/synth/msr20_layout.h"
#include "tests/support/temporary_folder.h"

namespace annotator {
namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;

// Takes of one synthetic dancer, `each` of every category.
class Takes {
public:
    explicit Takes(std::uint64_t each) {
        const synth::Dancer dancer = synth::dancer_of(1, 0);
        const std::vector<std::string> names = synth::category_names();
        for (std::size_t category = 0; category < names.size(); ++category) {
            for (std::uint64_t repetition = 0; repetition < each; ++repetition) {
                const synth::DanceTake take =
                    synth::dance_clip(dancer, category, synth::Random(1, {category, repetition}));
                sequences.push_back(
                    synth::seen_from(synth::viewpoint_of(dancer.body), take.figures, synth::msr20_layout()));
                labels.push_back(names[category]);
            }
        }
    }

    [[nodiscard]] std::vector<TakeToJoin> to_join() const {
        std::vector<TakeToJoin> takes;
        for (std::size_t take = 0; take < sequences.size(); ++take) takes.push_back({&sequences[take], labels[take]});
        return takes;
    }

    std::vector<SkeletonSequence> sequences;
    std::vector<std::string> labels;
};

float fastest_step(const SkeletonSequence& sequence, FrameIndex begin, FrameIndex end) {
    float fastest = 0;
    for (FrameIndex frame = std::max<FrameIndex>(1, begin); frame < end; ++frame)
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
            fastest = std::max(fastest, (sequence.at(frame, joint) - sequence.at(frame - 1, joint)).norm());
    return fastest;
}

bool tiles(const JoinedStream& stream) {
    FrameIndex next = 0;
    for (const JoinedSpan& span : stream.spans) {
        if (span.frames.begin != next || !schemas::is_valid(span.frames)) return false;
        next = span.frames.end;
    }
    return next == stream.skeleton.frames();
}

int equal_neighbours(const JoinedTakes& joined) {
    int equal = 0;
    for (const JoinedStream& stream : joined.streams)
        for (std::size_t span = 1; span < stream.spans.size(); ++span)
            equal += stream.spans[span].label == stream.spans[span - 1].label ? 1 : 0;
    return equal;
}

SkeletonSequence still(FrameIndex frames) {
    SkeletonSequence sequence = SkeletonSequence::empty(synth::msr20_layout(), frames);
    std::ranges::fill(sequence.confidence, 1.0F);
    for (FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < sequence.joints(); ++joint)
            sequence.set(frame, joint, {0.02F * static_cast<float>(joint), 0.1F, 2});
    return sequence;
}

}  // namespace

TEST_CASE("every take is in exactly one stream, and spans tile the streams") {
    const Takes takes(3);
    const JoinedTakes joined = join_takes(takes.to_join(), {});
    CHECK(joined.streams.size() == 5);  // 36 takes: four times 8, and 4
    CHECK(joined.problems.empty());
    std::multiset<std::size_t> sources;
    for (const JoinedStream& stream : joined.streams) {
        CHECK(tiles(stream));
        CHECK(stream.spans.size() <= 8);
        for (const JoinedSpan& span : stream.spans) {
            sources.insert(span.source);
            CHECK(span.label == takes.labels[span.source]);
        }
    }
    CHECK(sources.size() == 36);
    CHECK(std::set<std::size_t>(sources.begin(), sources.end()).size() == 36);
}

TEST_CASE("a stream is as long as its takes less one cross-fade for each join") {
    const Takes takes(1);
    const JoinedTakes joined = join_takes(takes.to_join(), {.takes_per_stream = 4, .cross_fade_frames = 4});
    for (const JoinedStream& stream : joined.streams) {
        FrameIndex frames = 0;
        for (const JoinedSpan& span : stream.spans) frames += takes.sequences[span.source].frames();
        CHECK(stream.skeleton.frames() == frames - 4 * static_cast<FrameIndex>(stream.spans.size() - 1));
    }
}

TEST_CASE("no joint moves faster in a join than in the takes by more than a pose's distance in the fade") {
    // Joints of two upright poses of one person with pelvis and shoulders aligned are
    // at most an arm's swing apart: 1.6 m, spread over 5 steps.
    constexpr float largest_distance_metres = 1.6F;
    const Takes takes(2);
    for (const JoinedStream& stream : join_takes(takes.to_join(), {}).streams) {
        for (std::size_t span = 1; span < stream.spans.size(); ++span) {
            const FrameIndex boundary = stream.spans[span].frames.begin;
            float fastest = 0;
            for (const std::size_t side : {span - 1, span}) {
                const SkeletonSequence& take = takes.sequences[stream.spans[side].source];
                fastest = std::max(fastest, fastest_step(take, 0, take.frames()));
            }
            CHECK(fastest_step(stream.skeleton, boundary - 3, boundary + 4) <= fastest + largest_distance_metres / 5);
        }
    }
}

TEST_CASE("a take continues where the last one ended, facing the same way") {
    const SkeletonSequence here = still(20);
    SkeletonSequence elsewhere = here;
    for (FrameIndex frame = 0; frame < elsewhere.frames(); ++frame)
        for (std::size_t joint = 0; joint < elsewhere.joints(); ++joint) {
            const Eigen::Vector3f point = here.at(frame, joint);
            elsewhere.set(frame, joint, {point.z() + 3, point.y(), -point.x() + 1});
        }
    const std::vector<TakeToJoin> takes{{&here, "a"}, {&elsewhere, "b"}};
    const JoinedStream stream = join_takes(takes, {}).streams.front();
    CHECK(fastest_step(stream.skeleton, 0, stream.skeleton.frames()) < 1e-5F);
}

TEST_CASE("boundaries lie in the middle of the cross-fade") {
    const SkeletonSequence take = still(20);
    const std::vector<TakeToJoin> takes{{&take, "a"}, {&take, "b"}};
    const JoinedStream stream = join_takes(takes, {}).streams.front();
    CHECK(stream.spans[0].frames == schemas::FrameSpan{0, 18});
    CHECK(stream.spans[1].frames == schemas::FrameSpan{18, 36});
}

TEST_CASE("equal labels are kept apart as long as that is possible") {
    const SkeletonSequence take = still(12);
    std::vector<TakeToJoin> takes;
    for (const char* label : {"a", "a", "a", "a", "b", "b", "c"}) takes.push_back({&take, label});
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        CHECK(equal_neighbours(join_takes(takes, {.takes_per_stream = 7, .seed = seed})) == 0);
    takes.insert(takes.end(), {{&take, "a"}, {&take, "a"}});
    CHECK(equal_neighbours(join_takes(takes, {.takes_per_stream = 9})) == 2);  // a?a?a?aaa
}

TEST_CASE("the same seed joins in the same order, another seed in another") {
    const Takes takes(1);
    const auto sources = [&](std::uint64_t seed) {
        std::vector<std::size_t> order;
        for (const JoinedStream& stream : join_takes(takes.to_join(), {.seed = seed}).streams)
            for (const JoinedSpan& span : stream.spans) order.push_back(span.source);
        return order;
    };
    CHECK(sources(1) == sources(1));
    CHECK(sources(1) != sources(2));
}

TEST_CASE("frames without a skeleton are dropped and takes that are too short left out, both reported") {
    SkeletonSequence gappy = still(20);
    for (std::size_t value = 5 * 20; value < 8 * 20; ++value) gappy.confidence[value] = 0;
    const SkeletonSequence whole = still(20), brief = still(7), dead = SkeletonSequence::empty(whole.layout, 30),
                           nothing = SkeletonSequence::empty(whole.layout, 0);
    const std::vector<TakeToJoin> takes{{&gappy, "a"}, {&whole, "b"}, {&brief, "c"}, {&dead, "d"}, {&nothing, "e"}};
    const JoinedTakes joined = join_takes(takes, {});
    REQUIRE(joined.streams.size() == 1);
    CHECK(joined.streams[0].spans.size() == 2);
    CHECK(joined.streams[0].skeleton.frames() == 17 + 20 - 4);
    CHECK(schemas::dead_runs(joined.streams[0].skeleton).empty());
    REQUIRE(joined.problems.size() == 5);
    CHECK(joined.problems[0].source == 0);
    CHECK(joined.problems[0].what == "3 frames without a skeleton dropped");
    CHECK(joined.problems[1].what == "left out: 7 frames are less than two cross-fades");
}

TEST_CASE("nothing to join is no stream") { CHECK(join_takes({}, {}).streams.empty()); }

TEST_CASE("takes that cannot be joined are refused") {
    const SkeletonSequence metres = still(20);
    SkeletonSequence pixels = metres;
    pixels.space = schemas::CoordinateSpace::pixels;
    const std::vector<TakeToJoin> in_pixels{{&pixels, "a"}};
    const std::vector<TakeToJoin> absent{{nullptr, "a"}};
    const std::vector<TakeToJoin> fine{{&metres, "a"}};
    CHECK_THROWS_AS(join_takes(in_pixels, {}), std::invalid_argument);
    CHECK_THROWS_AS(join_takes(absent, {}), std::invalid_argument);
    CHECK_THROWS_AS(join_takes(fine, {.takes_per_stream = 0}), std::invalid_argument);
    CHECK_THROWS_AS(join_takes(fine, {.cross_fade_frames = -1}), std::invalid_argument);
}

TEST_CASE("joined streams are written so that they can be imported") {
    const tests::TemporaryFolder folder;
    const Takes takes(1);
    const JoinedTakes joined = join_takes(takes.to_join(), {});
    const std::vector<PerformerStreams> performers{{"01", joined.streams}};
    write_joined_streams(folder.path(), performers);
    write_joined_streams(folder.path(), performers);  // replaces the earlier output
    const auto read = storage::read_msr_skeleton(folder.path() / "streams/stream_s01_e02_skeleton3D.txt");
    CHECK(read.sequence.frames() == joined.streams[1].skeleton.frames());
    std::ifstream truth(folder.path() / "truth/categories.csv");
    const auto lines = std::count(std::istreambuf_iterator<char>(truth), {}, '\n');
    CHECK(lines == 1 + 12);
    const std::vector<PerformerStreams> hostile{{"../../etc", joined.streams}};
    CHECK_THROWS_AS(write_joined_streams(folder.path(), hostile), std::invalid_argument);
}

}  // namespace annotator
