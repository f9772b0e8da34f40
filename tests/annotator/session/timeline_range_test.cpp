#include "annotator/session/timeline_range.h"

#include <doctest/doctest.h>

using namespace annotator;
using schemas::FrameSpan;

namespace {

constexpr FrameSpan clip{0, 1000};
constexpr TimelineRange whole{0, 0, 500};

double last_of(const TimelineRange& range) {
    return first_shown_frame(range, clip) + shown_frames_per_point(range, clip) * range.points;
}

}  // namespace

TEST_CASE("a range without a zoom shows the whole clip") {
    CHECK(shown_frames_per_point(whole, clip) == 2);
    CHECK(last_of(whole) == 1000);
    CHECK(first_shown_frame({7, 0, 500}, {100, 200}) == 100);
}

TEST_CASE("zooming leaves the frame it is about where it is") {
    const TimelineRange near = zoomed(whole, clip, 4, 300);
    CHECK((300 - near.first_frame) / near.frames_per_point == doctest::Approx(300 / 2.0));
    const TimelineRange nearer = zoomed(near, clip, 3, 310);
    CHECK((310 - nearer.first_frame) / nearer.frames_per_point ==
          doctest::Approx((310 - near.first_frame) / near.frames_per_point));
}

TEST_CASE("zooming out ends at the whole clip, zooming in at a frame that is easily hit") {
    CHECK(zoomed(zoomed(whole, clip, 2, 10), clip, 0.1, 10).frames_per_point == 0);
    CHECK(zoomed(whole, clip, 1e9, 10).frames_per_point == doctest::Approx(1 / widest_frame_points));
}

TEST_CASE("what is shown stays within the clip") {
    const TimelineRange near = zoomed(whole, clip, 4, 0);
    CHECK(panned(near, clip, -50).first_frame == 0);
    CHECK(last_of(panned(near, clip, 1e6)) == doctest::Approx(1000));
}

TEST_CASE("fitting shows the span with room on both sides") {
    const TimelineRange range = fitted(whole, clip, {400, 480});
    CHECK(range.first_frame == doctest::Approx(390));
    CHECK(last_of(range) == doctest::Approx(490));
}

TEST_CASE("a frame out of sight turns the page, one in sight does not") {
    const TimelineRange near = zoomed(whole, clip, 10, 0);
    CHECK(showing(near, clip, 50).first_frame == near.first_frame);
    CHECK(showing(near, clip, 500).first_frame == doctest::Approx(490));
    CHECK(showing(near, clip, 999).first_frame == doctest::Approx(900));
}

TEST_CASE("clips of no frame, of one and of four hours are shown") {
    for (const FrameSpan span : {FrameSpan{5, 5}, FrameSpan{0, 1}, FrameSpan{0, 432'000}}) {
        TimelineRange range{0, 0, 800};
        for (const double factor : {1.6, 1e12, 0.3, 1e-12, 2.0}) {
            range = zoomed(range, span, factor, static_cast<double>(span.begin));
            CHECK(shown_frames_per_point(range, span) > 0);
            CHECK(first_shown_frame(range, span) >= static_cast<double>(span.begin));
        }
        CHECK(shown_frames_per_point(fitted(range, span, span), span) > 0);
    }
}
