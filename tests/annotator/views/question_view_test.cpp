#include "annotator/views/question_view.h"

#include <doctest/doctest.h>

#include "schemas/alignment.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;

namespace {

const schemas::FrameTable& thirty() {
    static const schemas::FrameTable table = schemas::evenly_spaced(3000, {30, 1});
    return table;
}

std::optional<schemas::FrameIndex> frame(std::string_view text) { return frame_from_text(text, thirty(), {0, 3000}); }

}  // namespace

TEST_CASE("a number is a frame, and a time finds its frame in the table") {
    CHECK(frame("120") == 120);
    CHECK(frame(" 7 ") == 7);
    CHECK(frame("0:04") == 120);
    CHECK(frame("1:00.5") == 1815);
    CHECK(frame("0:01:00") == 1800);
    CHECK(frame("4.5s") == 135);
    CHECK(frame("0:00.02") == 1);
}

TEST_CASE("what lies outside of the clip is brought into it") {
    CHECK(frame("99999") == 2999);
    CHECK(frame("-4") == 0);
    CHECK(frame_from_text("5", thirty(), {100, 200}) == 100);
}

TEST_CASE("what is neither frame nor time is nothing") {
    for (const char* text : {"", "x", "1:", ":", "1:x", "1e", "s", "--3", "1:-5", "nan:1"}) CHECK_FALSE(frame(text));
    CHECK_FALSE(frame_from_text("0:01", {}, {0, 10}));
    CHECK(frame_from_text("3", {}, {0, 10}) == 3);
}

TEST_CASE("a comment is of what is selected, else of the frame that is shown") {
    tests::Labelling labelling;
    labelling.at(12).ask(WindowIntent(Ask{Asking::comment}));
    tests::HeadlessWindow window;
    QuestionView view;
    const auto draw = [&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("look here", draw);
    window.press(ImGuiKey_Enter, draw);
    for (const Intent& intent : window.outbox.take()) labelling.ask(intent);
    const auto& comments = labelling.model().document().rows<schemas::Comment>();
    REQUIRE(comments.size() == 1);
    CHECK(comments.begin()->second.text == "look here");
    CHECK(comments.begin()->second.begin_frame == 12);
    CHECK(labelling.state().asking == Asking::nothing);
}

TEST_CASE("everything that can be asked is drawn, in small windows and large ones") {
    tests::Labelling labelling;
    for (const float width : {320.0F, 640.0F, 1920.0F}) {
        tests::HeadlessWindow window(width, 0.75F * width);
        QuestionView view;
        for (const Asking asking : {Asking::command, Asking::cheat_sheet, Asking::settings, Asking::go_to,
                                    Asking::comment, Asking::import_paths, Asking::project, Asking::nothing}) {
            labelling.ask(WindowIntent(Ask{asking}));
            for (int i = 0; i < 3; ++i)
                window.frame([&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); });
            (void)window.outbox.take();
        }
    }
}
