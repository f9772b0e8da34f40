#include "annotator/views/inspector_view.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "annotator/views/settings_view.h"
#include "annotator/views/status_view.h"
#include "annotator/views/welcome_view.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;

namespace {

struct Fixture {
    tests::Labelling labelling;
    tests::HeadlessWindow window{300, 600};

    template <class View>
    void draw(View& view) {
        for (int i = 0; i < 3; ++i)
            window.frame([&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); });
    }
    template <class View>
    std::string text(View& view) {
        return window.text([&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); });
    }
};

}  // namespace

TEST_CASE("the inspector shows whatever is selected") {
    Fixture fixture;
    InspectorView view;
    fixture.draw(view);
    fixture.labelling.draw(0, 50, 1).draw(50, 80, 2);
    const auto first = fixture.labelling.segment_at(10), second = fixture.labelling.segment_at(60);
    fixture.labelling.ask(LabelIntent(SelectSegment{first}));
    fixture.draw(view);
    fixture.labelling.ask(LabelIntent(SelectSegments{{first, second}}));
    fixture.draw(view);
    fixture.labelling.propose({{7, 80, 90, 3}}).ask(LabelIntent(SelectProposal{schemas::ProposalId{7}}));
    fixture.draw(view);
    CHECK(fixture.window.outbox.empty());
}

TEST_CASE("marks are shown with their last frame, not with the one behind it") {
    Fixture fixture;
    InspectorView view;
    fixture.labelling.ask(LabelIntent(SetMarks{10, 30}));
    CHECK(fixture.text(view).find("10 – 29") != std::string::npos);
}

TEST_CASE("a comment that is selected is shown though it is resolved") {
    Fixture fixture;
    InspectorView view;
    fixture.labelling.ask(LabelIntent(AddComment{{10, 20}, "is this one turn?"}));
    CHECK(fixture.text(view).find("is this one turn?") != std::string::npos);
    const auto id = fixture.labelling.model().document().rows<schemas::Comment>().begin()->first;
    fixture.labelling.ask(LabelIntent(ResolveComment{id}));
    CHECK(fixture.text(view).find("is this one turn?") == std::string::npos);
    fixture.labelling.ask(LabelIntent(SelectComment{id}));
    CHECK(fixture.text(view).find("is this one turn?") != std::string::npos);
}

TEST_CASE("labels with long names in any script are drawn") {
    std::string name;
    for (int i = 0; i < 200; ++i) name += i % 2 == 0 ? "ق" : "跳";
    tests::ProjectBuilder project = tests::Labelling::dance_project();
    project.label(99, 1, name);
    tests::Labelling labelling(project);
    tests::HeadlessWindow window(300, 600);
    labelling.draw(0, 50, 99).ask(LabelIntent(SelectSegment{labelling.segment_at(10)}));
    InspectorView view;
    for (int i = 0; i < 3; ++i)
        window.frame([&] { view.draw({labelling.bench(), window.outbox, window.theme, window.textures}); });
}

TEST_CASE("a notice that only informs goes by itself, and it is known when") {
    tests::Labelling labelling;
    // At rest nothing is due: what was opened has been written.
    for (int i = 0; i < 300 && labelling.bench().due_in_seconds(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        labelling.bench().tick();
    }
    CHECK_FALSE(labelling.bench().due_in_seconds());
    labelling.bench().say(Notice::Severity::info, "Read again.");
    labelling.bench().say(Notice::Severity::error, "Broken.");
    const auto due = labelling.bench().due_in_seconds();
    REQUIRE(due);
    CHECK(*due > 4);
    CHECK(*due <= 6);
}

TEST_CASE("notices are drawn over the status line") {
    Fixture fixture;
    StatusView view;
    for (int i = 0; i < 8; ++i)
        fixture.labelling.bench().say(static_cast<Notice::Severity>(i % 3), "Notice " + std::to_string(i));
    fixture.draw(view);
    CHECK(fixture.window.outbox.empty());
}

TEST_CASE("a key is chosen in the settings by pressing it, and Escape chooses none") {
    tests::HeadlessWindow window;
    SettingsView view;
    const ShellContext context{window.outbox, window.theme};
    for (int i = 0; i < 2; ++i) window.frame([&] { view.draw(context, nullptr); });
    CHECK_FALSE(view.wants_key());
}

TEST_CASE("keys that two things want are said in a sentence") {
    Keymap keymap = Keymap::preset("Editor");
    CHECK(key_conflicts(keymap, nullptr).empty());
    keymap.bind(Action::merge, {*chord_from("S")});
    const auto sentences = key_conflicts(keymap, nullptr);
    REQUIRE(sentences.size() == 1);
    CHECK(sentences[0] == "S does \"Split at the playhead\"; it cannot also do \"Merge with the next segment\".");
    tests::ProjectBuilder project = tests::small_project();
    std::get<std::vector<schemas::Label>>(project.rows).front().hotkey = "k";
    const Document document(project.rows);
    CHECK(key_conflicts(Keymap::standard(), &document).size() == 1);
}

TEST_CASE("the welcome screen offers what there is, in any size") {
    Settings settings;
    settings.remember_project("/projects/salsa");
    for (const float width : {480.0F, 1280.0F}) {
        tests::HeadlessWindow window(width, 480);
        WelcomeView view;
        view.say("settings.json: is damaged");
        for (int i = 0; i < 3; ++i) window.frame([&] { view.draw({window.outbox, window.theme, settings}); });
        view.show_demo(DemoProgress{"Painting videos", 0.4F});
        view.handle(Action::command_palette);
        CHECK(view.asking() == Asking::command);
        for (int i = 0; i < 3; ++i) window.frame([&] { view.draw({window.outbox, window.theme, settings}); });
        view.handle(WindowIntent(Ask{Asking::nothing}));
        CHECK(view.asking() == Asking::nothing);
    }
}

TEST_CASE("asked for once more while it is made, the demo project is made once") {
    tests::HeadlessWindow window;
    WelcomeView view;
    const auto draw = [&] { window.frame([&] { view.draw({window.outbox, window.theme}); }); };
    view.handle(Action::demo_project);
    draw();
    CHECK(window.outbox.take().size() == 1);
    view.show_demo(DemoProgress{"Painting videos", 0.4F});
    view.handle(Action::demo_project);
    draw();
    view.show_demo(std::nullopt);
    draw();
    CHECK(window.outbox.empty());
}

TEST_CASE("recent projects below the ways to begin have room, and the page scrolls to them") {
    Settings settings;
    for (const char* name : {"salsa", "bachata", "tango"}) settings.remember_project(std::string("/projects/") + name);
    tests::HeadlessWindow window(1280, 720);
    window.theme = make_theme(ThemeKind::dark, Palette::okabe_ito, 2);
    apply(window.theme);
    WelcomeView view;
    const auto draw = [&] {
        view.draw({window.outbox, window.theme, settings, Keymap::standard(), &window.landmarks});
    };
    // The page is a window of its own, which another one behind it would hide.
    const auto frame = [&] {
        ImGui::NewFrame();
        draw();
        ImGui::Render();
    };
    ImGuiIO& io = ImGui::GetIO();
    for (int i = 0; i < 3; ++i) frame();
    io.MousePos = {640, 500};
    frame();
    for (int i = 0; i < 20; ++i) {
        io.MouseWheel = -5;
        frame();
    }
    const Landmark place = window.landmarks.all().at("project salsa");
    io.MousePos = {(place.low.x + place.high.x) / 2, (place.low.y + place.high.y) / 2};
    for (const bool down : {false, true, false, false}) {
        io.MouseDown[0] = down;
        frame();
    }
    const auto intents = window.outbox.take();
    REQUIRE(intents.size() == 1);
    CHECK(std::get<OpenProject>(std::get<ShellIntent>(intents.front())).folder == "/projects/salsa");
}
