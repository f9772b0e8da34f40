#include "storage/formats/nearest_boundary.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "tests/storage/formats/import_builders.h"

using namespace storage;
using schemas::FrameIndex;
using schemas::FrameSpan;

TEST_CASE("every boundary at every rate up to 240 comes back from seconds of three decimals") {
    for (const double rate :
         {1.0, 12.5, 15.0, 23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0, 119.88, 120.0, 200.0, 240.0}) {
        const KnownClip clip = tests::constant_rate(700, rate, 0.5);
        for (FrameIndex boundary = 0; boundary <= 700; ++boundary) {
            const NearestBoundary found =
                nearest_boundary(clip, std::round(boundary_seconds(clip, boundary) * 1000) / 1000);
            CHECK(found.boundary == boundary);
            CHECK(lands(found));
        }
    }
}

TEST_CASE("a boundary is the nearest one at any variable rate") {
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        KnownClip clip;
        double time = 3;
        for (int i = 0; i < 30; ++i) {
            clip.seconds.push_back(time);
            time += random() % 5 == 0 ? 0 : 0.001 * static_cast<double>(random() % 100);
        }
        clip.end_seconds = time;
        for (int i = 0; i < 30; ++i) {
            const double seconds = (time - 3) * static_cast<double>(random() % 1000) / 999 - 0.01;
            const double found = std::abs(boundary_seconds(clip, nearest_boundary(clip, seconds).boundary) - seconds);
            for (FrameIndex boundary = 0; boundary <= 30; ++boundary)
                CHECK(found <= std::abs(boundary_seconds(clip, boundary) - seconds) + 1e-12);
        }
    }
}

TEST_CASE("spans in seconds that do not fit the clip are cut, moved or left out, and listed") {
    const KnownClip clip = tests::constant_rate(10, 10);
    const auto converted = [&](double begin, double end) {
        ProblemList problems("a.json");
        SecondsConverter converter(clip);
        const std::optional<FrameSpan> span = converter.span_from(begin, end, 3, "", problems);
        converter.report("", problems);
        return std::pair(span, tests::text_of(problems.take()));
    };
    using Found = std::pair<std::optional<FrameSpan>, std::string>;
    CHECK(converted(0.2, 1.0) == Found{FrameSpan{2, 10}, ""});
    CHECK(converted(0.21, 0.78) == Found{FrameSpan{2, 8}, ""});
    CHECK(converted(-0.04, 1.04) == Found{FrameSpan{0, 10}, ""});
    CHECK(converted(0.2, 0.74) == Found{FrameSpan{2, 7},
                                        "a.json: 1 of 2 boundaries lie more than a quarter of a frame from any frame "
                                        "and were moved to the nearest; the farthest by 0.4 frames\n"});
    CHECK(
        converted(-1, 5) ==
        Found{FrameSpan{0, 10}, "a.json: line 3: seconds -1 to 5 reach beyond the clip, which lasts 1 s; cut there\n"});
    CHECK(converted(0.51, 0.52).first == FrameSpan{5, 6});
    CHECK(converted(0.96, 0.97).first == FrameSpan{9, 10});
    CHECK(converted(2, 3) ==
          Found{std::nullopt, "a.json: line 3: seconds 2 to 3 lie outside of the clip, which lasts 1 s; left out\n"});
    CHECK(converted(-3, -2).first == std::nullopt);
    CHECK(converted(0.5, 0.5) ==
          Found{std::nullopt,
                "a.json: line 3: seconds 0.5 to 0.5 hold nothing: the end must come after the begin; left out\n"});
    CHECK(converted(0.5, std::nan("")).first == std::nullopt);
}
