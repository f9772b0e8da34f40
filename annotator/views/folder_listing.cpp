#include "annotator/views/folder_listing.h"

#include <algorithm>

#include "annotator/views/text_search.h"

namespace annotator {

namespace {

namespace fs = std::filesystem;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes a number off the front, without its leading zeros.
std::string_view take_number(std::string_view& text) {
    while (text.size() > 1 && text[0] == '0' && is_digit(text[1])) text.remove_prefix(1);
    std::size_t length = 0;
    while (length < text.size() && is_digit(text[length])) ++length;
    const std::string_view number = text.substr(0, length);
    text.remove_prefix(length);
    return number;
}

FolderEntry entry_of(const fs::directory_entry& found) {
    std::error_code unknown;
    FolderEntry entry{FolderEntry::Kind::file, found.path().filename().string(), 0};
    if (!found.is_directory(unknown)) {
        entry.bytes = found.is_regular_file(unknown) ? found.file_size(unknown) : 0;
    } else {
        entry.kind = is_project(found.path()) ? FolderEntry::Kind::project : FolderEntry::Kind::folder;
    }
    return entry;
}

}  // namespace

bool is_project(const fs::path& folder) {
    std::error_code unknown;
    return fs::exists(folder / "project.sqlite", unknown);
}

bool natural_less(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty()) {
        if (is_digit(a[0]) && is_digit(b[0])) {
            const std::string_view x = take_number(a), y = take_number(b);
            if (x != y) return x.size() != y.size() ? x.size() < y.size() : x < y;
        } else {
            if (lower(a[0]) != lower(b[0])) return lower(a[0]) < lower(b[0]);
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
    }
    return a.size() < b.size();
}

FolderListing list_folder(const fs::path& folder, ListFiles files) {
    FolderListing listing{folder, {}, ""};
    std::error_code failed;
    fs::directory_iterator found(folder, fs::directory_options::none, failed);
    for (; !failed && found != fs::directory_iterator(); found.increment(failed)) {
        FolderEntry entry = entry_of(*found);
        if (entry.name.starts_with('.') || (entry.kind == FolderEntry::Kind::file && files == ListFiles::no)) continue;
        listing.entries.push_back(std::move(entry));
    }
    if (failed) listing.problem = folder.string() + ": cannot be read (" + failed.message() + ")";
    std::ranges::sort(listing.entries, [](const FolderEntry& a, const FolderEntry& b) {
        const bool a_file = a.kind == FolderEntry::Kind::file, b_file = b.kind == FolderEntry::Kind::file;
        return a_file != b_file ? b_file : natural_less(a.name, b.name);
    });
    return listing;
}

}  // namespace annotator
