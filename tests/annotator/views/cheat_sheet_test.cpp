#include "annotator/views/cheat_sheet.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/annotator/headless_window.h"

using namespace annotator;

TEST_CASE("the sheet has every action that a key does") {
    for (const std::string_view name : Keymap::preset_names()) {
        const Keymap keymap = Keymap::preset(name);
        std::size_t rows = 0, actions = 0;
        for (const CheatSheetGroup& group : cheat_sheet(keymap)) rows += group.rows.size();
        for (const ActionInfo& info : all_actions()) actions += keymap.chords_of(info.action).empty() ? 0 : 1;
        CHECK(rows == actions + 1);  // and that of labels
    }
}

TEST_CASE("columns keep the order of groups, and the highest is as low as it can be") {
    const auto group = [](std::size_t rows) { return CheatSheetGroup{"", std::vector<CheatSheetRow>(rows)}; };
    CHECK(columns_of({group(8), group(3), group(3), group(8)}, 3) == std::vector<std::size_t>{0, 1, 1, 2});
    CHECK(columns_of({group(1), group(1)}, 1) == std::vector<std::size_t>{0, 0});
    CHECK(columns_of({}, 2).empty());
}

TEST_CASE("the sheet is drawn in windows of any size") {
    for (const float width : {320.0F, 640.0F, 1920.0F}) {
        tests::HeadlessWindow window(width, 480);
        CheatSheet sheet;
        for (int i = 0; i < 2; ++i) window.frame([&] { sheet.draw({window.outbox, window.theme}); });
    }
}

TEST_CASE("docs/editor.md has every key of the editor's keymap") {
    std::ifstream stream(KINETOGRAPH_SOURCE_DIR "/docs/editor.md");
    std::stringstream text;
    text << stream.rdbuf();
    for (const ActionInfo& info : all_actions()) {
        std::string row = "| ";
        for (const Chord& chord : Keymap::standard().chords_of(info.action))
            row += (row.size() > 2 ? ", `" : "`") + text_of(chord) + "`";
        row += " | " + std::string(info.title) + " | `" + std::string(info.name) + "` |";
        CHECK_MESSAGE(text.str().find(row) != std::string::npos, row);
    }
}
