#include "annotator/views/label_picker.h"

#include <doctest/doctest.h>

#include "annotator/views/label_view.h"
#include "annotator/widgets/headless_screen.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

TEST_CASE("what a name begins with finds a label, and a name that none has is added") {
    Labelling ana;
    ana.draw(0, 50, 1).at(10);
    HeadlessScreen screen(400, 600, 1);
    LabelPicker picker;
    Outbox outbox;
    const auto frame = [&] {
        screen.frame([&] { picker.draw({ana.bench(), outbox, screen.theme(), screen.textures()}); });
        for (const Intent& intent : outbox.take()) ana.bench().handle(intent);
    };
    const auto type = [&](const char* text) {
        for (int i = 0; i < 3; ++i) frame();
        ImGui::GetIO().AddInputCharactersUTF8(text);
        for (int i = 0; i < 3; ++i) frame();
        ImGui::GetIO().KeysDown[ImGuiKey_Enter] = true;
        frame();
        ImGui::GetIO().KeysDown[ImGuiKey_Enter] = false;
        frame();
    };
    ana.key(Action::correct);
    type("ho");
    CHECK(ana.segments() == "[0,50) hop");
    ana.key(Action::clear_selection).key(Action::correct);
    type("旋");
    CHECK(ana.bench().document().rows<Label>().size() == 7);
}

TEST_CASE("digits are keys in an empty field of the picker; what is pasted there is a name") {
    Labelling ana;
    ana.draw(0, 50, 1).at(10);
    tests::HeadlessWindow window;
    LabelPicker picker;
    const auto draw = [&] { picker.draw({ana.bench(), window.outbox, window.theme, window.textures}); };
    const auto paste = [&](const char* text) {
        ImGui::SetClipboardText(text);
        ImGui::GetIO().KeyCtrl = true;
        window.press(ImGuiKey_V, draw);
        ImGui::GetIO().KeyCtrl = false;
        for (const Intent& intent : window.outbox.take()) ana.ask(intent);
        window.frame(draw);
    };
    for (const char* text : {"Turn 360", "2 steps"}) {
        ana.key(Action::correct);
        for (int i = 0; i < 3; ++i) window.frame(draw);
        paste(text);
        CHECK(ana.state().asking == Asking::label);
        CHECK(ana.segments() == "[0,50) step");
        CHECK(window.text(draw).find("Add '" + std::string(text) + "'") != std::string::npos);
        ana.key(Action::correct);
        window.frame(draw);
    }
    ana.key(Action::correct);
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("hop 3", draw);
    CHECK(window.outbox.empty());
}

TEST_CASE("the palette beside the timeline searches for digits, too") {
    Labelling ana;
    ana.draw(0, 50, 1).at(10);
    tests::HeadlessWindow window(300, 500);
    LabelView view;
    const auto draw = [&] { view.draw({ana.bench(), window.outbox, window.theme, window.textures}); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.click(100, 40, draw);
    REQUIRE(ImGui::GetIO().WantTextInput);
    window.type("2", draw);
    CHECK(window.outbox.empty());
    CHECK(window.text(draw).find("Add '2'") != std::string::npos);
}

TEST_CASE("the picker says that a label is offered no more") {
    tests::ProjectBuilder project = Labelling::dance_project();
    for (Label& label : std::get<std::vector<Label>>(project.rows)) label.deprecated = label.id == LabelId{2};
    Labelling ana(project);
    ana.draw(0, 50, 1).at(10).key(Action::correct);
    tests::HeadlessWindow window;
    LabelPicker picker;
    const auto draw = [&] { picker.draw({ana.bench(), window.outbox, window.theme, window.textures}); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("hop", draw);
    CHECK(window.text(draw).find("offered no more") != std::string::npos);
}

TEST_CASE("a label of the picker is chosen with the mouse, and a click beside the picker closes it") {
    Labelling ana;
    ana.draw(0, 50, 1).at(10);
    HeadlessScreen screen(400, 600, 1);
    LabelPicker picker;
    Outbox outbox;
    Landmarks landmarks;
    const auto frame = [&] {
        screen.frame([&] {
            picker.draw({ana.bench(), outbox, screen.theme(), screen.textures(), Settings::standard(),
                         Keymap::standard(), &landmarks});
        });
        for (const Intent& intent : outbox.take()) ana.bench().handle(intent);
    };
    const auto click = [&](ImVec2 at) {
        for (int i = 0; i < 3; ++i) frame();
        ImGui::GetIO().MousePos = at;
        frame();
        ImGui::GetIO().MouseDown[0] = true;
        frame();
        ImGui::GetIO().MouseDown[0] = false;
        for (int i = 0; i < 2; ++i) frame();
    };
    ana.key(Action::correct);
    for (int i = 0; i < 3; ++i) frame();
    const Landmark hop = landmarks.all().at("label hop");
    click({hop.low.x + 40, hop.low.y + 4});
    CHECK(ana.segments() == "[0,50) hop");
    CHECK(ana.state().asking == Asking::nothing);
    ana.key(Action::correct);
    click({2, 590});
    CHECK(ana.segments() == "[0,50) hop");
    CHECK(ana.state().asking == Asking::nothing);
}

TEST_CASE("the palette shows the model's likeliest labels first") {
    Labelling ana;
    ana.propose({{1, 0, 60, 3}}).at(5);
    const auto choices = label_choices(ana.model(), Keymap::standard(), "");
    REQUIRE(choices.size() == 3);
    CHECK(choices[0].name == "turn");
    CHECK(choices[0].score == doctest::Approx(0.8));
    CHECK(choices[0].key == U'3');
    CHECK(choices[1].name == "step");
    CHECK(label_choices(ana.model(), Keymap::standard(), "TU").front().name == "turn");
    CHECK(label_choices(ana.model(), Keymap::standard(), "P").size() == 2);
    CHECK(label_choices(ana.model(), Keymap::standard(), "x").empty());
}
