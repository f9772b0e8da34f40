#include "annotator/playback/transport.h"

#include <doctest/doctest.h>

#include "schemas/alignment.h"

namespace annotator {
namespace {

using doctest::Approx;

// 100 frames at 25 a second: 4 seconds.
Transport even() { return Transport(schemas::evenly_spaced(100, {25, 1})); }

// Frames at 0, 1, 1.1 and 5 seconds, as a phone would write them.
Transport uneven() { return Transport({{0, 1, 1.1, 5}, {}}); }

}  // namespace

TEST_CASE("a transport stands on frame 0 until it is played") {
    const Transport transport = even();
    CHECK(transport.frame(1000) == 0);
    CHECK_FALSE(transport.is_playing(1000));
}

TEST_CASE("while it plays, the frame is the one whose interval holds the clock") {
    Transport transport = uneven();
    transport.play(10);
    CHECK(transport.frame(10) == 0);
    CHECK(transport.frame(10.999) == 0);
    CHECK(transport.frame(11) == 1);
    CHECK(transport.frame(11.05) == 1);
    CHECK(transport.frame(11.2) == 2);
    CHECK(transport.frame(14.99) == 2);
    CHECK(transport.frame(15.1) == 3);
}

TEST_CASE("playing stops at the end and begins anew when played again") {
    Transport transport = even();
    transport.play(0);
    CHECK(transport.is_playing(3.99));
    CHECK_FALSE(transport.is_playing(4));
    CHECK(transport.frame(50) == 99);
    transport.play(60);
    CHECK(transport.frame(60) == 0);
    CHECK(transport.frame(61) == 25);
}

TEST_CASE("pausing keeps the place, and playing goes on from it") {
    Transport transport = even();
    transport.play(0);
    transport.pause(1);
    CHECK(transport.frame(5) == 25);
    transport.toggle(5);
    CHECK(transport.frame(6) == 50);
}

TEST_CASE("shuttling doubles the speed, and the other way halves it until it stands") {
    Transport transport = even();
    using Direction = Transport::Direction;
    transport.seek(0, 50);
    transport.shuttle(0, Direction::forwards);
    CHECK(transport.speed() == 1);
    for (int i = 0; i < 5; ++i) transport.shuttle(0, Direction::forwards);
    CHECK(transport.speed() == 8);
    for (int i = 0; i < 6; ++i) transport.shuttle(0, Direction::backwards);
    CHECK(transport.speed() == 0.125);
    CHECK(transport.is_playing(0));
    transport.shuttle(0, Direction::backwards);
    CHECK_FALSE(transport.is_playing(0));
    transport.shuttle(0, Direction::backwards);
    CHECK(transport.speed() == -1);
    CHECK(transport.frame(1) == 25);
    CHECK(transport.frame(100) == 0);
    CHECK_FALSE(transport.is_playing(100));
}

TEST_CASE("changing the speed does not move the frame") {
    Transport transport = even();
    transport.play(0);
    transport.set_speed(1, 0.125);
    CHECK(transport.seconds(1) == Approx(1));
    CHECK(transport.seconds(9) == Approx(2));
    transport.set_speed(9, 100);
    CHECK(transport.speed() == Transport::fastest);
    transport.set_speed(9, 0);
    CHECK_FALSE(transport.is_playing(9));
}

TEST_CASE("a loop is played round and round, forwards and backwards") {
    Transport transport = even();
    transport.set_loop(0, schemas::FrameSpan{25, 50});
    CHECK(transport.frame(0) == 25);
    transport.play(0);
    CHECK(transport.frame(0.999) == 49);
    CHECK(transport.frame(1.001) == 25);
    CHECK(transport.frame(10.5) == 37);
    transport.set_speed(10.5, -1);
    CHECK(transport.frame(10.6) == 35);
    CHECK(transport.frame(11.2) == 45);
    CHECK(transport.is_playing(1000));
    transport.set_loop(11.2, std::nullopt);
    CHECK(transport.frame(12.2) == 20);
}

TEST_CASE("a loop without frames is no loop") {
    Transport transport = even();
    transport.set_loop(0, schemas::FrameSpan{50, 50});
    CHECK_FALSE(transport.loop());
    transport.set_loop(0, schemas::FrameSpan{200, 300});
    CHECK_FALSE(transport.loop());
    transport.set_loop(0, schemas::FrameSpan{90, 300});
    CHECK(transport.loop() == schemas::FrameSpan{90, 100});
}

TEST_CASE("what plays in a loop leaves it for a place outside, and stays in it for one inside") {
    Transport transport = even();
    transport.set_loop(0, schemas::FrameSpan{25, 50});
    transport.play(0);
    transport.seek(0.1, 30);
    CHECK(transport.loop() == schemas::FrameSpan{25, 50});
    CHECK(transport.frame(0.1) == 30);
    transport.seek(0.2, 80);
    CHECK_FALSE(transport.loop());
    CHECK(transport.frame(0.2) == 80);
    CHECK(transport.is_playing(0.2));
    transport.set_loop(0.2, schemas::FrameSpan{25, 50});
    transport.seek(0.3, 10);
    CHECK(transport.frame(0.3) == 10);
}

TEST_CASE("stepping pauses and counts frames, whatever their lengths") {
    Transport transport = uneven();
    transport.play(0);
    transport.step(1.05, 1);
    CHECK(transport.frame(100) == 2);
    transport.step(100, 5);
    CHECK(transport.frame(100) == 3);
    transport.step(100, -2);
    CHECK(transport.frame(100) == 1);
    transport.step(100, -9);
    CHECK(transport.frame(100) == 0);
}

TEST_CASE("every frame of a table is found from its own time") {
    schemas::FrameTable table;
    for (int i = 0; i < 1000; ++i) table.seconds.push_back(i * 1001 / 30000.0);
    Transport transport(table);
    for (schemas::FrameIndex i = 0; i < 1000; ++i) {
        transport.seek(7, i);
        REQUIRE(transport.frame(7) == i);
    }
}

TEST_CASE("the frames to come follow speed, direction and loop") {
    Transport transport = even();
    const auto shown = [&](double seconds) { return std::optional(schemas::shown_frame(transport.table(), seconds)); };
    transport.seek(0, 10);
    CHECK(upcoming_frames(transport, 0, 0.01, 100, shown) == std::vector<schemas::FrameIndex>{10});
    transport.play(0);
    CHECK(upcoming_frames(transport, 0.01, 0.02, 6, shown) == std::vector<schemas::FrameIndex>{10, 11, 12, 13});
    transport.set_loop(0.01, schemas::FrameSpan{9, 12});
    CHECK(upcoming_frames(transport, 0.01, 0.02, 7, shown) == std::vector<schemas::FrameIndex>{10, 11, 9, 10});
    transport.set_loop(0.01, std::nullopt);
    transport.set_speed(0.01, -1);
    CHECK(upcoming_frames(transport, 0.03, 0.02, 4, shown) == std::vector<schemas::FrameIndex>{9, 8, 7});
}

TEST_CASE("a recording of one frame or none can be played") {
    Transport one({{0}, {}});
    one.play(0);
    CHECK(one.frame(1) == 0);
    Transport none((schemas::FrameTable()));
    none.play(0);
    none.step(0, 1);
    none.shuttle(0, Transport::Direction::backwards);
    none.replay(0, {0, 5}, 0, 1);
    CHECK(none.frame(1) == 0);
    CHECK_FALSE(none.is_playing(1));
}

TEST_CASE("within bounds, playing, seeking and stepping see nothing else") {
    Transport transport(schemas::evenly_spaced(100, {25, 1}));
    transport.set_bounds(0, {40, 50});
    CHECK(transport.frame(0) == 40);
    transport.seek(0, 99);
    CHECK(transport.frame(0) == 49);
    transport.step(0, -30);
    CHECK(transport.frame(0) == 40);
    transport.play(0);
    CHECK(transport.frame(0.2) == 45);
    CHECK(transport.frame(5) == 49);
    CHECK_FALSE(transport.is_playing(5));
    transport.play(5);
    CHECK(transport.frame(5) == 40);
    transport.replay(6, {30, 90}, 48, 1);
    CHECK(transport.frame(6) == 40);
    CHECK(transport.frame(6.39) == 49);
    transport.set_bounds(7, {90, 200});
    CHECK(transport.frame(7) == 90);
}

TEST_CASE("a replay has a speed of its own and stands where it was told to") {
    Transport transport(schemas::evenly_spaced(100, {25, 1}));
    transport.replay(0, {20, 30}, 25, 0.5);
    CHECK(transport.speed() == 0.5);
    CHECK(transport.frame(0.4) == 25);
    CHECK(transport.is_playing(0.7));
    CHECK_FALSE(transport.is_playing(0.81));
    CHECK(transport.frame(0.81) == 25);
    transport.pause(1);
    CHECK(transport.speed() == 1);
    transport.replay(1, {200, 300}, 0, 1);  // nothing of it is there
    CHECK_FALSE(transport.is_playing(1));
}

}  // namespace annotator
