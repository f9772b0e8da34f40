#include "annotator/workflows/media_findings.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace annotator;
using schemas::FrameMeasures;
using schemas::FrameTable;
using storage::Finding;
using storage::Severity;

namespace {

// A video of 1280 x 720 at 30 frames a second with nothing wrong, but for what a test changes.
struct Video {
    FrameTable times;
    schemas::MediaMeasures measures;
    PictureSize size{1280, 720};

    explicit Video(std::size_t frames = 90) {
        for (std::size_t i = 0; i < frames; ++i) {
            times.seconds.push_back(static_cast<double>(i) / 30);
            FrameMeasures frame;
            frame.mean_luma = 0.5F;
            frame.sharpness = 200;
            frame.change = 0.01F;
            measures.frames.push_back(frame);
        }
    }
    [[nodiscard]] std::vector<Finding> findings() const { return media_findings({"take walk", size, times, measures}); }
    [[nodiscard]] std::string only() const {
        const auto all = findings();
        REQUIRE(all.size() == 1);
        CHECK(all[0].where == "take walk");
        return all[0].what;
    }
};

}  // namespace

TEST_CASE("nothing is found in a good recording") { CHECK(Video().findings().empty()); }

TEST_CASE("a small picture is below the standard, an upright one of 720 is not") {
    Video video;
    video.size = {640, 480};
    CHECK(video.only() == "is 640x480; the standard is 720 pixels or more on the shorter side");
    video.size = {720, 1280};
    CHECK(video.findings().empty());
    video.size = {};
    CHECK(video.findings().empty());
}

TEST_CASE("a low rate is below the standard, 29.97 is not") {
    Video video;
    for (double& time : video.times.seconds) time *= 30.0 / 25;
    CHECK(video.only() == "has 25.00 frames a second by the median of their times; the standard is 30 or more");
    for (double& time : video.times.seconds) time *= 25.0 / 29.97;
    CHECK(video.findings().empty());
}

TEST_CASE("dark frames are named, but not single ones") {
    Video video;
    for (std::size_t i = 20; i < 40; ++i) video.measures.frames[i].mean_luma = 0.05F;
    video.measures.frames[70].mean_luma = 0.05F;
    CHECK(video.only() == "frames 20 to 39 are dark: their mean luma is below 12 %");
    for (FrameMeasures& frame : video.measures.frames) frame.mean_luma = 0.05F;
    CHECK(video.only() == "all frames are dark: their mean luma is below 12 %");
}

TEST_CASE("overexposed and blurred frames are named") {
    Video video;
    for (std::size_t i = 0; i < 30; ++i) video.measures.frames[i].bright_share = 0.4F;
    CHECK(video.only() == "frames 0 to 29 are overexposed: more than 25 % of their pixels are clipped");
    video = Video();
    for (std::size_t i = 60; i < 90; ++i) video.measures.frames[i].sharpness = 8;
    CHECK(video.only() == "frames 60 to 89 are blurred: the variance of their Laplacian is below 20");
}

TEST_CASE("frames that do not decode are an error and nothing else") {
    Video video;
    for (const std::size_t frame : {4U, 5U, 9U}) {
        video.measures.frames[frame] = {};
        video.measures.undecodable.push_back(frame);
    }
    const auto findings = video.findings();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].severity == Severity::error);
    CHECK(findings[0].what == "frames 4 to 5, 9 do not decode; the file is damaged there");
}

TEST_CASE("repeated frames and pauses are told apart") {
    Video video;
    video.measures.frames[50].change = 0;
    video.measures.frames[50].largest_change = 0;
    CHECK(video.only() == "frame 50 repeats the picture before amid motion");
    video = Video();
    for (std::size_t i = 31; i < 90; ++i) video.times.seconds[i] += 2.0 / 30;
    CHECK(video.only() == "about 2 frames are missing after frame 30: the next one comes too late");
}

TEST_CASE("dark bars are measured") {
    Video video;
    for (FrameMeasures& frame : video.measures.frames) frame.dark_borders = {0.125F, 0.12F, 0, 0.01F};
    CHECK(video.only() == "has dark bars: 12 % at the top, 12 % at the bottom");
}

TEST_CASE("a long list of frames is cut short") {
    std::vector<schemas::FrameSpan> spans;
    for (schemas::FrameIndex i = 0; i < 12; ++i) spans.push_back({10 * i, 10 * i + 2});
    CHECK(frames_text(spans) ==
          "0 to 1, 10 to 11, 20 to 21, 30 to 31, 40 to 41, 50 to 51, 60 to 61, 70 to 71 and 8 more");
}

TEST_CASE("a recording without frames has no findings of its own") { CHECK(Video(0).findings().empty()); }
