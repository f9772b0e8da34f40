#include "annotator/app/settings_file.h"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

using namespace annotator;

TEST_CASE("settings last, and their folder is made") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "config" / "settings.json";
    Settings settings;
    settings.theme = ThemeKind::light;
    save_settings(settings, file);
    const LoadedSettings loaded = load_settings(file);
    CHECK(loaded.settings.theme == ThemeKind::light);
    CHECK(loaded.notice.empty());
}

TEST_CASE("without a file there are the usual settings and no notice") {
    const LoadedSettings loaded = load_settings("/nowhere/settings.json");
    CHECK(loaded.notice.empty());
    CHECK(loaded.settings == Settings{});
}

TEST_CASE("a damaged file is set aside, and the notice says so") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "settings.json";
    std::ofstream(file) << R"({"theme": "light", )";
    const LoadedSettings loaded = load_settings(file);
    CHECK(loaded.settings == Settings{});
    CHECK(loaded.notice.find("settings.json: is damaged") != std::string::npos);
    CHECK(std::filesystem::exists(folder.path() / "settings.json.damaged"));
}
