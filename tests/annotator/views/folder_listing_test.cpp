#include "annotator/views/folder_listing.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "annotator/views/file_browser.h"
#include "tests/annotator/headless_window.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

void make_files(const std::filesystem::path& folder) {
    for (const char* name : {"take10.mp4", "take2.mp4", "Alpha.mp4", ".hidden"}) std::ofstream(folder / name) << "x";
    std::filesystem::create_directories(folder / "videos");
    std::filesystem::create_directories(folder / "dance");
    std::ofstream(folder / "dance" / "project.sqlite") << "x";
}

std::vector<std::string> names(const FolderListing& listing) {
    std::vector<std::string> all;
    for (const FolderEntry& entry : listing.entries) all.push_back(entry.name);
    return all;
}

}  // namespace

TEST_CASE("folders come first, numbers by their value, and what is hidden is left out") {
    const tests::TemporaryFolder folder;
    make_files(folder.path());
    const FolderListing listing = list_folder(folder.path(), ListFiles::yes);
    CHECK(names(listing) == std::vector<std::string>{"dance", "videos", "Alpha.mp4", "take2.mp4", "take10.mp4"});
    CHECK(listing.entries[0].kind == FolderEntry::Kind::project);
    CHECK(names(list_folder(folder.path(), ListFiles::no)) == std::vector<std::string>{"dance", "videos"});
}

TEST_CASE("what cannot be looked into is no project") {
    const tests::TemporaryFolder folder;
    make_files(folder.path());
    CHECK(is_project(folder.path() / "dance"));
    CHECK_FALSE(is_project(folder.path() / "videos"));
    CHECK_FALSE(is_project(folder.path() / "take2.mp4"));
    CHECK_FALSE(is_project(folder.path() / std::string(300, 'x')));
}

TEST_CASE("a folder that cannot be read says why") {
    CHECK(list_folder("/nowhere", ListFiles::yes).problem.starts_with("/nowhere: cannot be read"));
}

TEST_CASE("a folder that nobody may look into is not called empty") {
    if (geteuid() == 0) {
        MESSAGE("whoever may do everything may look into every folder");
        return;
    }
    const tests::TemporaryFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms::none);
    CHECK_FALSE(list_folder(folder.path(), ListFiles::yes).problem.empty());
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

TEST_CASE("a folder of which cannot be seen whether it is a project is none") {
    const tests::TemporaryFolder folder;
    std::filesystem::create_symlink("project.sqlite", folder.path() / "project.sqlite");
    CHECK_FALSE(is_project(folder.path()));
    CHECK_FALSE(is_project("/nowhere"));
    CHECK(list_folder(folder.path().parent_path(), ListFiles::no).problem.empty());
}

TEST_CASE("the browser is driven by keys: typing filters, Enter opens, Backspace goes up") {
    const tests::TemporaryFolder folder;
    make_files(folder.path());
    tests::HeadlessWindow window;
    FileBrowser browser(FileBrowser::Chooses::files_and_folders);
    browser.show(folder.path());
    const auto draw = [&] { browser.draw(window.theme, 400); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("vid", draw);
    window.press(ImGuiKey_Enter, draw);
    CHECK(browser.folder().filename() == "videos");
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.press(ImGuiKey_Backspace, draw);
    CHECK(browser.folder() == std::filesystem::weakly_canonical(folder.path()));
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("10", draw);
    CHECK(browser.chosen() == std::vector{browser.folder() / "take10.mp4"});
}

TEST_CASE("the filter of the browser keeps the keyboard when a row is clicked") {
    const tests::TemporaryFolder folder;
    make_files(folder.path());
    tests::HeadlessWindow window;
    FileBrowser browser(FileBrowser::Chooses::files_and_folders);
    browser.show(folder.path());
    const auto draw = [&] { browser.draw(window.theme, 400); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.click(200, 78, draw);
    CHECK(browser.chosen() == std::vector{browser.folder() / "dance"});
    for (int i = 0; i < 3; ++i) window.frame(draw);
    CHECK(ImGui::GetIO().WantTextInput);
    window.type("10", draw);
    CHECK(browser.chosen() == std::vector{browser.folder() / "take10.mp4"});
}

TEST_CASE("Enter opens in the browser, and with Ctrl what is chosen is meant") {
    const tests::TemporaryFolder folder;
    make_files(folder.path());
    tests::HeadlessWindow window;
    FileBrowser browser(FileBrowser::Chooses::files_and_folders);
    browser.show(folder.path());
    const auto draw = [&] { browser.draw(window.theme, 400); };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.type("vid", draw);
    ImGui::GetIO().KeyCtrl = true;
    window.press(ImGuiKey_Enter, draw);
    ImGui::GetIO().KeyCtrl = false;
    CHECK(browser.take_confirmed());
    CHECK_FALSE(browser.take_confirmed());
    CHECK(browser.chosen() == std::vector{browser.folder() / "videos"});
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.press(ImGuiKey_KeyPadEnter, draw);
    CHECK(browser.folder().filename() == "videos");
    CHECK_FALSE(browser.take_confirmed());
}
