#include "annotator/session/settings.h"

#include <doctest/doctest.h>

using namespace annotator;
using nlohmann::json;

TEST_CASE("settings are written and read back") {
    Settings settings;
    settings.theme = ThemeKind::light;
    settings.palette = Palette::tol;
    settings.scale = 1.75;
    settings.keymap = "ELAN";
    settings.rebound[Action::split] = {*chord_from("Ctrl+Y"), *chord_from("Y")};
    settings.layout.left = 333;
    settings.recent_projects = {"/a", "/b"};
    Settings read = settings_from(json_from(settings));
    read.unknown = settings.unknown;
    CHECK(read == settings);
    CHECK(read.keys().keys_text(Action::split) == "Ctrl+Y");
}

TEST_CASE("what another version wrote is kept") {
    const Settings settings = settings_from({{"theme", "light"}, {"gestures", {{"pinch", true}}}});
    CHECK(json_from(settings)["gestures"]["pinch"] == true);
}

TEST_CASE("what has no sense keeps its default") {
    const Settings settings = settings_from({{"theme", "pink"},
                                             {"scale", 40},
                                             {"sound_volume", "loud"},
                                             {"keymap", "vi"},
                                             {"rebound", {{"fly", {"A"}}, {"split", {"Hyper+A", 3}}}},
                                             {"layout", 7},
                                             {"window", {{"width", -4}}},
                                             {"recent_projects", {1, "/a"}}});
    CHECK(settings.theme == ThemeKind::dark);
    CHECK(settings.scale == most_scale);
    CHECK(settings.sound_volume == 1);
    CHECK(settings.keymap == "Editor");
    CHECK(settings.rebound.at(Action::split).empty());
    CHECK(settings.layout == ScreenLayout{});
    CHECK(settings.window_width == 320);
    CHECK(settings.recent_projects == std::vector<std::string>{"/a"});
    CHECK(settings_from(json::array()) == settings_from(json::object()));
}

TEST_CASE("a project that is opened again comes first, once, and old ones go") {
    Settings settings;
    for (int i = 0; i < 20; ++i) settings.remember_project("/p" + std::to_string(i));
    settings.remember_project("/p15");
    CHECK(settings.recent_projects.size() == 12);
    CHECK(settings.recent_projects.front() == "/p15");
    CHECK(std::ranges::count(settings.recent_projects, "/p15") == 1);
}
