#include "annotator/views/command_list.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/views/command_palette.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"

using namespace annotator;

namespace {

const Command* titled(const std::vector<Command>& commands, std::string_view title) {
    const auto found = std::ranges::find(commands, title, &Command::title);
    return found == commands.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("every action is found by its title, with its key") {
    const auto commands = action_commands(Keymap::standard());
    for (const ActionInfo& info : all_actions()) {
        const auto found = find_commands(commands, std::string(info.title), 1);
        REQUIRE(found.size() == 1);
        const Command& command = commands[found[0].index];
        CHECK(command.title == info.title);
        CHECK(command.keys == Keymap::standard().keys_text(info.action));
    }
}

TEST_CASE("clips and labels of the active track are offered") {
    tests::Labelling labelling;
    const auto commands = project_commands(labelling.model());
    REQUIRE(titled(commands, "hop"));
    CHECK(std::get<UseLabel>(std::get<LabelIntent>(titled(commands, "hop")->intent)).label == schemas::LabelId{2});
    CHECK_FALSE(titled(commands, "salsa"));
    CHECK(std::ranges::count(commands, "Clip", &Command::group) > 0);
}

TEST_CASE("settings that would change nothing are not offered") {
    const auto commands = settings_commands(Settings{});
    CHECK(titled(commands, "Light theme"));
    CHECK_FALSE(titled(commands, "Dark theme"));
    CHECK(titled(commands, "Scale 200 %"));
    CHECK_FALSE(titled(commands, "Scale 100 %"));
}

TEST_CASE("the palette does with Enter what was typed") {
    tests::Labelling labelling;
    tests::HeadlessWindow window;
    CommandPalette palette;
    const ShellContext context{window.outbox, window.theme};
    const auto draw = [&] { palette.draw(context, &labelling.model()); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    CHECK(ImGui::GetIO().WantTextInput);
    window.type("split at", draw);
    window.press(ImGuiKey_Enter, draw);
    const auto intents = window.outbox.take();
    REQUIRE(intents.size() == 2);
    CHECK(std::get<Ask>(std::get<WindowIntent>(intents[0])).what == Asking::nothing);
    CHECK(std::get<Action>(intents[1]) == Action::split);
}

TEST_CASE("arrows go through what the palette found") {
    tests::Labelling labelling;
    tests::HeadlessWindow window;
    CommandPalette palette;
    const ShellContext context{window.outbox, window.theme};
    const auto draw = [&] { palette.draw(context, &labelling.model()); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.press(ImGuiKey_DownArrow, draw);
    window.press(ImGuiKey_Enter, draw);
    const auto intents = window.outbox.take();
    REQUIRE(intents.size() == 2);
    CHECK(std::get<Action>(intents[1]) == all_actions()[1].action);
}
