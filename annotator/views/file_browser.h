#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "annotator/views/folder_listing.h"
#include "annotator/views/view_context.h"

namespace annotator {

// Chooses folders and files: the way to the folder, a filter that has the keyboard, and what is in it. Arrows and
// Enter go through it, Backspace in an empty filter goes up.
//
// Thread: the UI's.
class FileBrowser {
public:
    enum class Chooses { files_and_folders, folders };
    explicit FileBrowser(Chooses what) : what_(what) {}

    // Fills the width, so many pixels high. Reads the folder when it is shown and when it changes.
    void draw(const Theme& theme, float height);
    void show(const std::filesystem::path& folder);
    // Anew when it is shown the next time.
    void refresh() { listing_ = {}; }

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    // Those that are marked; else the one under the cursor; else none.
    [[nodiscard]] std::vector<std::filesystem::path> chosen() const;
    // The folder and what is in it, as text, when they were read since the last call; else "".
    [[nodiscard]] std::string take_names() { return std::exchange(names_, {}); }
    // A project was entered, by Enter or a double click; it stays where it is.
    [[nodiscard]] std::filesystem::path take_project() { return std::exchange(project_, {}); }
    // Ctrl+Enter: what is chosen is what is meant.
    [[nodiscard]] bool take_confirmed() { return std::exchange(confirmed_, false); }

private:
    void draw_way(const Theme& theme);
    void draw_filter();
    void draw_entry(const Theme& theme, std::size_t index);
    void enter(const FolderEntry& entry);
    void filter();
    [[nodiscard]] const FolderEntry* at_cursor() const;

    Chooses what_;
    std::filesystem::path folder_;
    FolderListing listing_;
    std::string text_, names_;
    std::vector<std::size_t> shown_;  // entries that the filter leaves
    std::set<std::string> marked_;
    std::filesystem::path project_;
    int cursor_ = 0;
    bool focus_ = true, scroll_ = false, confirmed_ = false;
    bool let_go_ = false;  // of the mouse, over the browser, in the last picture
};

}  // namespace annotator
