#include "annotator/views/project_chooser.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/annotator/headless_window.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

// The chooser in a folder of its own, where it begins.
struct Choosing {
    tests::TemporaryFolder folder;
    tests::HeadlessWindow window;
    ProjectChooser chooser;
    std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";

    Choosing() { setenv("HOME", folder.path().c_str(), 1); }
    ~Choosing() { home.empty() ? unsetenv("HOME") : setenv("HOME", home.c_str(), 1); }

    void draw() {
        chooser.draw({window.outbox, window.theme, Settings::standard(), Keymap::standard(), &window.landmarks});
    }
    void frames() {
        for (int i = 0; i < 3; ++i) window.frame([this] { draw(); });
    }
};

}  // namespace

TEST_CASE("a folder of which cannot be seen whether it is a project is drawn and cannot be opened") {
    Choosing choosing;
    std::filesystem::create_directories(choosing.folder.path() / "odd");
    std::filesystem::create_symlink("project.sqlite", choosing.folder.path() / "odd" / "project.sqlite");
    choosing.frames();
    ImGui::GetIO().KeyCtrl = true;
    choosing.window.press(ImGuiKey_Enter, [&] { choosing.draw(); });
    CHECK(choosing.window.outbox.empty());
}

TEST_CASE("Enter behind the name of a new project makes it in the folder that is shown") {
    Choosing choosing;
    const auto draw = [&] { choosing.draw(); };
    choosing.frames();
    choosing.window.click(choosing.window.landmarks.all().at("project name"), draw);
    choosing.window.type("salsa", draw);
    choosing.window.press(ImGuiKey_Enter, draw);
    const auto intents = choosing.window.outbox.take();
    REQUIRE(intents.size() == 1);
    const auto& made = std::get<MakeProject>(std::get<ShellIntent>(intents.front()));
    CHECK(made.folder == std::filesystem::weakly_canonical(choosing.folder.path()) / "salsa");
    // Where it could not be made, another name can be typed.
    choosing.frames();
    CHECK(ImGui::GetIO().WantTextInput);
}

TEST_CASE("shown again, the chooser has read its folder anew and its filter has the keyboard") {
    Choosing choosing;
    const auto draw = [&] { choosing.draw(); };
    choosing.frames();
    choosing.window.frame([] {});  // it was closed
    std::filesystem::create_directories(choosing.folder.path() / "later");
    choosing.folder.file("later/project.sqlite", "x");
    choosing.window.frame([] {});
    choosing.chooser.begin();
    choosing.frames();
    CHECK(ImGui::GetIO().WantTextInput);
    choosing.window.type("later", draw);
    choosing.window.press(ImGuiKey_Enter, draw);
    const auto intents = choosing.window.outbox.take();
    REQUIRE(intents.size() == 1);
    CHECK(std::get<OpenProject>(std::get<ShellIntent>(intents.front())).folder.filename() == "later");
}
