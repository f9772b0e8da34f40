#include "annotator/app/script.h"

#include <doctest/doctest.h>

#include "annotator/app/script_facts.h"
#include "annotator/app/script_player.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using nlohmann::json;

namespace {

ScriptPlayer player(const json& steps) { return ScriptPlayer(script_from(steps, "s.json"), "s.json"); }

std::string error_of(const json& steps) {
    try {
        script_from(steps, "s.json");
    } catch (const ScriptError& error) {
        return error.what();
    }
    return "";
}

// All frames until the script ends.
std::vector<ScriptFrame> frames_of(const json& steps, const Workbench* bench = nullptr) {
    ScriptPlayer playing = player(steps);
    std::vector<ScriptFrame> frames;
    for (double now = 0; now < 100; now += 0.1) {
        frames.push_back(playing.next(bench, now));
        if (frames.back().quit) return frames;
    }
    FAIL("the script does not end");
    return frames;
}

}  // namespace

TEST_CASE("a step that there is not is refused with its number") {
    CHECK(error_of({{{"key", "Space"}}, {{"fly", 1}}}) == "s.json: step 2: there is no step 'fly'");
    CHECK(error_of({{{"key", "Hyper+A"}}}).starts_with("s.json: step 1: 'Hyper+A' is no key"));
    CHECK(error_of({{{"key", 7}}}).starts_with("s.json: step 1: "));
    CHECK(error_of({{{"click", {1}}}}) == "s.json: step 1: expected 2 numbers, found 1");
    CHECK(error_of({{{"click", {1, 2}}, {"heald", "ctrl"}}}) == "s.json: step 1: 'heald' does not belong to 'click'");
    CHECK(error_of({{{"workspace", "dance"}}}).find("annotate, review") != std::string::npos);
    CHECK(error_of({{{"action", "fly"}}}) == "s.json: step 1: there is no action 'fly'");
    CHECK(error_of({7}).starts_with("s.json: step 1: expected an object"));
    CHECK(error_of("dance") == "s.json: expected a JSON array of steps");
    CHECK_THROWS_AS(read_script("/nowhere.json"), ScriptError);
}

TEST_CASE("keys come one a frame, with a frame between") {
    const auto frames = frames_of({{{"keys", {"I", "Ctrl+Z"}}}});
    REQUIRE(frames.size() == 5);
    CHECK(frames[0].keys == std::vector{*chord_from("I")});
    CHECK(frames[1].keys.empty());
    CHECK(frames[2].keys == std::vector{*chord_from("Ctrl+Z")});
    CHECK(frames[4].quit);
}

TEST_CASE("a drag goes down, in small moves, and up") {
    const auto frames = frames_of({{{"drag", {0, 0, 48, 0}}, {"held", "ctrl+alt"}}});
    CHECK_FALSE(frames.front().pointer->down[0]);
    CHECK(frames[1].pointer->down[0]);
    CHECK(frames[1].pointer->x == 0);
    for (std::size_t i = 2; i + 3 < frames.size(); ++i) {
        CHECK(frames[i].pointer->x - frames[i - 1].pointer->x <= 12);
        CHECK(frames[i].pointer->control);
        CHECK(frames[i].pointer->alt);
    }
    CHECK(frames[frames.size() - 3].pointer->x == 48);
    CHECK_FALSE(frames[frames.size() - 3].pointer->down[0]);
}

TEST_CASE("a double click goes down and up twice") {
    int downs = 0;
    for (const ScriptFrame& frame : frames_of({{{"click", {5, 6}}, {"times", 2}}}))
        downs += frame.pointer && frame.pointer->down[0] ? 1 : 0;
    CHECK(downs == 2);
}

TEST_CASE("a picture is taken when the window stands still") {
    const auto frames = frames_of({{{"screenshot", "a.png"}}});
    REQUIRE(frames.size() > 3);
    CHECK(frames[0].picture.empty());
    CHECK(frames[frames.size() - 2].picture == "a.png");
}

TEST_CASE("a script waits as long as it says") {
    ScriptPlayer playing = player({{{"wait", 2}}, {{"key", "I"}}});
    CHECK(playing.next(nullptr, 10).waiting);
    CHECK(playing.next(nullptr, 11.9).waiting);
    CHECK(playing.next(nullptr, 12.1).keys.size() == 1);
}

TEST_CASE("steps name clips and labels, and one that is not there ends the run") {
    tests::Labelling labelling;
    const auto frames = frames_of({{{"label", "hop"}}, {{"go", 12}}}, &labelling.bench());
    CHECK(std::get<UseLabel>(std::get<LabelIntent>(frames[0].intents.at(0))).label == schemas::LabelId{2});
    CHECK(std::get<Seek>(std::get<PlaybackIntent>(frames[1].intents.at(0))).frame == 12);
    CHECK_THROWS_WITH_AS(frames_of({{{"label", "nothing"}}}, &labelling.bench()),
                         "s.json: step 1: there is no label 'nothing'", ScriptFailure);
    CHECK_THROWS_WITH_AS(frames_of({{{"clip", "nothing"}}}), "s.json: step 1: no project is open", ScriptFailure);
}

TEST_CASE("an expectation that does not hold ends the run and says what was found") {
    tests::Labelling labelling;
    labelling.draw(0, 50, 1);
    CHECK_NOTHROW(frames_of({{{"expect", {{"segments", 1}, {"workspace", "annotate"}}}}}, &labelling.bench()));
    CHECK_THROWS_WITH_AS(frames_of({{{"expect", {{"segments", 3}}}}}, &labelling.bench()),
                         "s.json: step 1: expected segments 3, found 1", ScriptFailure);
    CHECK_THROWS_WITH_AS(frames_of({{{"expect", {{"segmints", 3}}}}}, &labelling.bench()),
                         "s.json: step 1: nothing is known of 'segmints'", ScriptFailure);
}

TEST_CASE("of a notice a part is enough for an expectation") {
    const json facts{{"notice", {"Reading it again.", "Saved."}}};
    CHECK_FALSE(unmet({{"notice", "Reading"}}, facts));
    CHECK(unmet({{"notice", "Broken"}}, facts));
}
