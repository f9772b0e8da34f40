#include "annotator/views/folder_listing.h"

#include <doctest/doctest.h>

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

TEST_CASE("a folder that cannot be read says why") {
    CHECK(list_folder("/nowhere", ListFiles::yes).problem.starts_with("/nowhere: cannot be read"));
}

TEST_CASE("names are found by any part, upper and lower case alike") {
    CHECK(has_text("Take10.mp4", "KE1"));
    CHECK(has_text("anything", ""));
    CHECK_FALSE(has_text("Take10", "20"));
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
