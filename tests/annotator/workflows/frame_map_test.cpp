#include "annotator/workflows/frame_map.h"

#include <doctest/doctest.h>

#include <random>

#include "storage/read_error.h"
#include "tests/support/frame_times.h"
#include "tests/support/recording_files.h"

using namespace annotator;
using schemas::FrameIndex;
using schemas::FrameSpan;
using tests::even_seconds;
using tests::frames_from;
using Outcome = MappedSpan::Outcome;

namespace {

// A copy that shows those frames.
FrameMap showing(const std::vector<FrameIndex>& sources, FrameIndex source_frames = 100) {
    FrameMap map{{}, source_frames};
    for (const FrameIndex source : sources) map.frames.push_back({source, 1});
    return map;
}

std::vector<FrameIndex> sources(const FrameMap& map) {
    std::vector<FrameIndex> frames;
    for (const MappedFrame& frame : map.frames) frames.push_back(frame.source);
    return frames;
}

std::string refusal(const std::string& csv) {
    const tests::TemporaryFolder folder;
    try {
        (void)read_frame_map(tests::write_file(folder, "map.csv", csv), 100);
    } catch (const storage::ReadError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a span lies on the frames that show it") {
    const FrameMapper mapper(showing(frames_from(20, 80)));
    const MappedSpan mapped = mapper.span({30, 50});
    CHECK(mapped.span() == FrameSpan{10, 30});
    CHECK_FALSE(mapped.begin.cut);
    CHECK_FALSE(mapped.end.cut);
}

TEST_CASE("spans that touch go on touching, whatever the rate") {
    for (const auto& shown : {frames_from(0, 100, 2), frames_from(0, 100, 3), frames_from(0, 100)})
        for (FrameIndex at = 5; at < 95; ++at) {
            const FrameMapper mapper(showing(shown));
            CHECK(mapper.span({0, at}).end.to == mapper.span({at, 100}).begin.to);
        }
}

TEST_CASE("a copy of half the rate cuts nothing") {
    const FrameMapper mapper(showing(frames_from(0, 100, 2)));
    const MappedSpan mapped = mapper.span({51, 100});
    CHECK(mapped.span() == FrameSpan{26, 50});
    CHECK_FALSE(mapped.begin.cut);
    CHECK_FALSE(mapped.end.cut);
}

TEST_CASE("a copy of double the rate shows a span twice as long") {
    std::vector<FrameIndex> twice;
    for (FrameIndex frame = 0; frame < 100; ++frame) twice.insert(twice.end(), 2, frame);
    CHECK(FrameMapper(showing(twice)).span({10, 20}).span() == FrameSpan{20, 40});
}

TEST_CASE("what a trimmed copy lacks is cut from a span") {
    const FrameMapper mapper(showing(frames_from(20, 80)));
    const MappedSpan mapped = mapper.span({10, 90});
    CHECK(mapped.span() == FrameSpan{0, 60});
    CHECK(mapped.begin.cut);
    CHECK(mapped.end.cut);
}

TEST_CASE("a span that ends or begins with the copy is not cut") {
    const MappedSpan whole = FrameMapper(showing(frames_from(20, 80))).span({20, 80});
    CHECK_FALSE(whole.begin.cut);
    CHECK_FALSE(whole.end.cut);
    const MappedSpan one_more = FrameMapper(showing(frames_from(20, 80))).span({19, 81});
    CHECK(one_more.begin.cut);
    CHECK(one_more.end.cut);
}

TEST_CASE("a span outside a trimmed copy is outside") {
    const FrameMapper mapper(showing(frames_from(20, 80)));
    CHECK(mapper.span({5, 20}).outcome == Outcome::outside);
    CHECK(mapper.span({80, 90}).outcome == Outcome::outside);
    CHECK(mapper.span({19, 21}).outcome == Outcome::kept);
    CHECK(FrameMapper(showing({})).span({0, 5}).outcome == Outcome::outside);
}

TEST_CASE("a span between two frames of the copy collapses") {
    CHECK(FrameMapper(showing(frames_from(0, 100, 4))).span({41, 43}).outcome == Outcome::collapsed);
    CHECK(FrameMapper(showing(frames_from(0, 100, 4))).span({40, 43}).outcome == Outcome::kept);
}

TEST_CASE("a boundary is as sure as the less sure of the two frames beside it") {
    FrameMap map = showing(frames_from(0, 100));
    map.frames[29].confidence = 0.4;
    map.frames[30].confidence = 0.8;
    const FrameMapper mapper(map);
    CHECK(mapper.span({30, 60}).begin.confidence == 0.4);
    CHECK(mapper.span({31, 60}).begin.confidence == 0.8);
    CHECK(mapper.span({40, 100}).end.confidence == 1);
}

TEST_CASE("a frame is found where the copy shows it, else at the nearest") {
    const FrameMapper mapper(showing(frames_from(20, 80, 3)));
    CHECK(mapper.frame(23)->to == 1);
    CHECK_FALSE(mapper.frame(23)->cut);
    CHECK(mapper.frame(24)->to == 1);
    CHECK(mapper.frame(24)->cut);
    CHECK(mapper.frame(25)->to == 2);
    CHECK(mapper.frame(18)->to == 0);
    CHECK_FALSE(mapper.frame(17));
    CHECK_FALSE(mapper.frame(80));
}

TEST_CASE("equal times fit at one place") {
    const TimesFit fit = fit_times(even_seconds(50, 30), even_seconds(50, 30));
    CHECK(fit.kind == TimesFit::Kind::one);
    CHECK(sources(fit.map) == frames_from(0, 50));
}

TEST_CASE("evenly spaced times of a trimmed copy fit at several places") {
    CHECK(fit_times(even_seconds(40, 30), even_seconds(50, 30)).kind == TimesFit::Kind::several);
}

TEST_CASE("uneven times say where a copy was trimmed, though a container rounds them") {
    std::vector<double> source;
    std::minstd_rand random(3);
    for (std::size_t i = 0; i < 60; ++i)
        source.push_back(static_cast<double>(i) / 30 + 0.001 * static_cast<double>(random() % 13));
    std::vector<double> copy;
    for (std::size_t i = 17; i < 45; ++i)
        if (i != 30)
            copy.push_back(static_cast<double>(static_cast<int>(1000 * (source[i] - source[17]) + 0.5)) / 1000);
    const TimesFit fit = fit_times(copy, source);
    REQUIRE(fit.kind == TimesFit::Kind::one);
    CHECK(fit.map.frames.front().source == 17);
    CHECK(fit.map.frames.back().source == 44);
    CHECK(fit.map.frames[13].source == 31);
}

TEST_CASE("times of another rate fit nowhere") {
    CHECK(fit_times(even_seconds(40, 25), even_seconds(50, 30)).kind == TimesFit::Kind::none);
    CHECK(fit_times({}, even_seconds(50, 30)).kind == TimesFit::Kind::none);
    CHECK(fit_times(even_seconds(3, 30), {}).kind == TimesFit::Kind::none);
}

TEST_CASE("a map comes back from its table") {
    const tests::TemporaryFolder folder;
    const FrameMap map = showing({0, 0, 3, 4, 99});
    const schemas::FrameTable copy{even_seconds(5, 30), {}, {0, 1, 2, 3, 4}, {1, 30}};
    const schemas::FrameTable source{even_seconds(100, 25), {}, {}, {}};
    const std::string csv = csv_from(map, copy, source);
    CHECK(csv.find("\n1,1,0.033333,0,,0.000000,1,0\n") != std::string::npos);
    CHECK(csv.find("\n2,2,0.066667,3,,0.120000,0,2\n") != std::string::npos);
    const FrameMap back = read_frame_map(tests::write_file(folder, "map.csv", csv), 100);
    CHECK(sources(back) == sources(map));
    CHECK(back.source_frames == 100);
}

TEST_CASE("a damaged map is refused with its line") {
    CHECK(refusal("").find("empty") != std::string::npos);
    CHECK(refusal("index,pts\n0,0\n").find("line 1: expected a column source_index") != std::string::npos);
    CHECK(refusal("index,source_index\n0,0\n2,1\n").find("line 3: expected index 1, found '2'") != std::string::npos);
    CHECK(refusal("index,source_index\n0,100\n").find("which has 100") != std::string::npos);
    CHECK(refusal("index,source_index\n0,5\n1,4\n").find("goes back from 5 to 4") != std::string::npos);
    CHECK(refusal("index,source_index\n0,five\n").find("is no frame number") != std::string::npos);
    CHECK(refusal("index,source_index\n0\n").find("more columns") != std::string::npos);
}
