#include "annotator/views/timeline_layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace annotator;
using namespace schemas;

namespace {

std::vector<TimelineItem> touching_items(FrameIndex count, FrameIndex length) {
    std::vector<TimelineItem> items;
    for (FrameIndex i = 0; i < count; ++i) items.push_back({i * length, (i + 1) * length, i + 1, {}, 0, 0, 1});
    return items;
}

}  // namespace

TEST_CASE("a pixel maps back to the frame it came from") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 20'000; ++i) {
        TimeScale scale;
        scale.first_frame = static_cast<double>(random() % 432'000'000) / 1000;
        scale.frames_per_pixel = std::exp(static_cast<double>(random() % 14'000) / 1000 - 5);
        scale.left = static_cast<double>(random() % 400);
        const auto frame = static_cast<FrameIndex>(random() % 432'000);
        REQUIRE(frame_from_pixel(scale, pixel_from_frame(scale, static_cast<double>(frame))) == frame);
        REQUIRE(boundary_from_pixel(scale, pixel_from_frame(scale, static_cast<double>(frame))) == frame);
    }
}

TEST_CASE("every pixel of a frame is that frame's, and its right half is nearer to its end") {
    const TimeScale scale{100, 0.1, 50, 850};
    CHECK(frame_from_pixel(scale, 50) == 100);
    CHECK(frame_from_pixel(scale, 59.9) == 100);
    CHECK(frame_from_pixel(scale, 60) == 101);
    CHECK(boundary_from_pixel(scale, 54) == 100);
    CHECK(boundary_from_pixel(scale, 56) == 101);
}

TEST_CASE("what is out of sight is found by halving, also where items overlap") {
    const TimelineItems touching(touching_items(1000, 10));
    const auto range = touching.within(95, 130);
    CHECK(range.first == 9);
    CHECK(range.last == 13);
    // One that began long before reaches into sight.
    std::vector<TimelineItem> overlapping{
        {0, 500, 1, {}, 0, 0, 1}, {10, 20, 2, {}, 0, 0, 1}, {300, 400, 3, {}, 0, 0, 1}};
    const TimelineItems items(overlapping);
    CHECK(items.lanes() == 2);
    CHECK(items.within(450, 460).first == 0);
    CHECK(items.at(15, 1)->id == 2);
    CHECK(items.at(15, 0)->id == 1);
    CHECK(items.at(600, 0) == nullptr);
    CHECK(TimelineItems().at(0, 0) == nullptr);
}

TEST_CASE("items that are wide enough are pieces of their own") {
    const TimelineItems items(touching_items(10, 10));
    std::vector<TimelinePiece> pieces;
    fold(items, {0, 0.5, 0, 200}, 3, pieces);
    REQUIRE(pieces.size() == 10);
    CHECK(pieces[3].left == doctest::Approx(60));
    CHECK(pieces[3].right == doctest::Approx(80));
    pieces.clear();
    fold(items, {25, 0.5, 0, 50}, 3, pieces);
    REQUIRE(pieces.size() == 3);
    CHECK(pieces[0].left == 0);
    CHECK(pieces[2].right == 50);
}

TEST_CASE("what is smaller than a bar is folded into bars, and nothing is left out") {
    for (const FrameIndex length : {1, 2, 7}) {
        const TimelineItems items(touching_items(100'000 / length, length));
        std::vector<TimelinePiece> pieces;
        fold(items, {0, 100, 0, 1000}, 3, pieces);
        CHECK(pieces.size() <= 1000 / 3 + 2);
        std::size_t next = 0;
        for (const TimelinePiece& piece : pieces) {
            REQUIRE(piece.first == next);
            next += piece.count;
            if (next < items.all().size()) CHECK(piece.density > 0.9F);  // the last may be a remainder
        }
        CHECK(next == items.all().size());
    }
}

TEST_CASE("a wide item between small ones is not swallowed") {
    std::vector<TimelineItem> mixed{{0, 1, 1, {}, 0, 0, 1}, {1, 2, 2, {}, 0, 0, 1}, {2, 400, 3, {}, 0, 0, 1}};
    std::vector<TimelinePiece> pieces;
    fold(TimelineItems(mixed), {0, 1, 0, 500}, 3, pieces);
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[0].count == 2);
    CHECK(pieces[1].count == 1);
    CHECK(pieces[1].right == doctest::Approx(400));
}

TEST_CASE("what is over before the first frame in sight is no piece, also where items overlap") {
    const TimelineItems items({{0, 500, 1, {}, 0, 0, 1}, {10, 20, 2, {}, 0, 0, 1}, {300, 440, 3, {}, 0, 0, 1}});
    std::vector<TimelinePiece> pieces;
    fold(items, {450, 0.1, 0, 200}, 3, pieces);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces[0].first == 0);
    CHECK(pieces[0].right == 200);
}

TEST_CASE("the sound of the last frame ends where that frame does") {
    const std::vector<double> samples{0, 100, 200};
    CHECK(value_at(samples, -5) == 0);
    CHECK(value_at(samples, 0.5) == 50);
    CHECK(value_at(samples, 2) == 200);
    CHECK(value_at(samples, 3) == 300);
    CHECK(value_at(samples, 9) == 300);
    CHECK(value_at(std::vector<double>{7}, 1) == 7);
}

TEST_CASE("folding costs what is seen, not what there is") {
    std::size_t most = 0;
    for (const FrameIndex count : {1'000, 100'000, 1'000'000}) {
        const TimelineItems items(touching_items(count, 4));
        for (double zoom = 0.02; zoom < 5000; zoom *= 3) {
            std::vector<TimelinePiece> pieces;
            fold(items, {0, zoom, 0, 1500}, 3, pieces);
            most = std::max(most, pieces.size());
        }
    }
    CHECK(most <= 502);
}

TEST_CASE("rows lie below each other and are found by where they lie") {
    std::vector<TimelineRow> rows{{RowKind::sound, {}, "a", "", 0, 0},
                                  {RowKind::labels, {}, "b", "", 0, 0},
                                  {RowKind::comments, {}, "c", "", 0, 0}};
    const double height = stack_rows(rows);
    CHECK(rows[1].top > rows[0].top + rows[0].height);
    CHECK(row_at(rows, 0)->name == "a");
    CHECK(row_at(rows, rows[1].top)->name == "b");
    CHECK(row_at(rows, height + 1) == nullptr);
    CHECK(row_at(rows, -1) == nullptr);
    CHECK(row_at(rows, rows[1].top - 1) == nullptr);
}

TEST_CASE("the ruler marks round frames with room between their numbers") {
    for (double zoom = 1.0 / 60; zoom < 500; zoom *= 1.7) {
        const TimeScale scale{1234.5, zoom, 0, 1200};
        double last = -1e9;
        int written = 0;
        for (const RulerMark& mark : ruler_marks(scale, {0, 432'000}, 120)) {
            if (!mark.major) continue;
            if (written++ > 0) CHECK(mark.pixel - last >= 119.99);
            last = mark.pixel;
        }
        CHECK(written <= 11);
    }
    CHECK(ruler_marks({0, 1, 0, 100}, {0, 0}, 50).empty());
    CHECK(ruler_marks({0, 0.01, 0, 100}, {0, 1}, 50).size() == 1);
}
