#include "annotator/views/question_view.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

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

// Somebody writes into what is asked.
class Writing {
public:
    explicit Writing(tests::Labelling& labelling) : labelling_(labelling) { settle(); }

    void type(const std::string& text) { window_.type(text, draw_); }
    void enter() {
        window_.press(ImGuiKey_Enter, draw_);
        for (const Intent& intent : window_.outbox.take()) labelling_.ask(intent);
        settle();
    }

private:
    void settle() {
        for (int i = 0; i < 3; ++i) window_.frame(draw_);
    }

    tests::Labelling& labelling_;
    tests::HeadlessWindow window_;
    QuestionView view_;
    std::function<void()> draw_ = [this] {
        view_.draw({labelling_.bench(), window_.outbox, window_.theme, window_.textures});
    };
};

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

TEST_CASE("a comment is of the frame that is shown where nothing is chosen") {
    tests::Labelling labelling;
    labelling.at(12).ask(WindowIntent(Ask{Asking::comment}));
    Writing writing(labelling);
    writing.type("look here");
    writing.enter();
    const auto& comments = labelling.model().document().rows<schemas::Comment>();
    REQUIRE(comments.size() == 1);
    CHECK(comments.begin()->second.text == "look here");
    CHECK(comments.begin()->second.begin_frame == 12);
    CHECK(labelling.state().asking == Asking::nothing);
}

TEST_CASE("a comment speaks of what is marked before what is selected") {
    tests::Labelling labelling;
    labelling.draw(10, 20, 1).ask(LabelIntent(SetMarks{40, 60})).ask(WindowIntent(Ask{Asking::comment}));
    Writing writing(labelling);
    writing.type("here");
    writing.enter();
    const auto& comments = labelling.model().document().rows<schemas::Comment>();
    REQUIRE(comments.size() == 1);
    CHECK(comments.begin()->second.begin_frame == 40);
    CHECK(comments.begin()->second.end_frame == 60);
}

TEST_CASE("a comment that could not be stored is still there to be stored") {
    tests::Labelling labelling;
    labelling.ask(WindowIntent(Ask{Asking::comment}));
    Writing writing(labelling);
    writing.type("do not lose me");
    labelling.another_program_edits();
    writing.enter();
    CHECK(labelling.state().asking == Asking::comment);
    const auto& comments = labelling.model().document().rows<schemas::Comment>();
    CHECK(comments.size() == 1);  // the other program's
    writing.enter();
    CHECK(labelling.state().asking == Asking::nothing);
    CHECK(std::ranges::count(comments, std::string("do not lose me"),
                             [](const auto& row) { return row.second.text; }) == 1);
}

TEST_CASE("Enter in an empty comment closes it") {
    tests::Labelling labelling;
    labelling.ask(WindowIntent(Ask{Asking::comment}));
    Writing writing(labelling);
    writing.enter();
    CHECK(labelling.state().asking == Asking::nothing);
    CHECK(labelling.model().document().rows<schemas::Comment>().empty());
}

TEST_CASE("a comment stays with the frame that was shown when it was asked for") {
    tests::Labelling labelling;
    labelling.at(12).ask(WindowIntent(Ask{Asking::comment}));
    tests::HeadlessWindow window;
    QuestionView view;
    const auto draw = [&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("look here", draw);
    labelling.at(40);
    window.press(ImGuiKey_Enter, draw);
    for (const Intent& intent : window.outbox.take()) labelling.ask(intent);
    const auto& comments = labelling.model().document().rows<schemas::Comment>();
    REQUIRE(comments.size() == 1);
    CHECK(comments.begin()->second.begin_frame == 12);
}

TEST_CASE("what is no frame and no time says so, and another one can be typed") {
    tests::Labelling labelling;
    labelling.ask(WindowIntent(Ask{Asking::go_to}));
    tests::HeadlessWindow window;
    QuestionView view;
    const auto draw = [&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("soon", draw);
    CHECK(window.text(draw).find("Not a frame") == std::string::npos);
    window.press(ImGuiKey_Enter, draw);
    CHECK(window.outbox.empty());
    CHECK(window.text(draw).find("Not a frame or a time") != std::string::npos);
    for (int i = 0; i < 3; ++i) window.frame(draw);
    CHECK(ImGui::GetIO().WantTextInput);
    ImGui::GetIO().KeyCtrl = true;
    window.press(ImGuiKey_A, draw);
    ImGui::GetIO().KeyCtrl = false;
    window.type("30", draw);
    window.press(ImGuiKey_Enter, draw);
    const auto intents = window.outbox.take();
    REQUIRE(intents.size() == 2);
    CHECK(std::get<Seek>(std::get<PlaybackIntent>(intents[0])).frame == 30);
}

TEST_CASE("settings that are closed wait for no key") {
    tests::Labelling labelling;
    labelling.ask(Action::settings);
    tests::HeadlessWindow window;
    QuestionView view;
    const auto draw = [&] {
        view.draw({labelling.bench(), window.outbox, window.theme, window.textures, Settings::standard(),
                   Keymap::standard(), &window.landmarks});
    };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.click(window.landmarks.all().at("key of show-annotate"), draw);
    CHECK(view.wants_key());
    labelling.ask(Action::settings);  // by the gear
    window.frame(draw);
    CHECK_FALSE(view.wants_key());
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
