#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// What a file browser shows of a folder. No window.
namespace annotator {

struct FolderEntry {
    enum class Kind { folder, project, file };
    Kind kind = Kind::file;
    std::string name;
    std::uintmax_t bytes = 0;  // of a file
};

struct FolderListing {
    std::filesystem::path folder;
    std::vector<FolderEntry> entries;  // folders first, each kind by name, numbers in names by their value
    std::string problem;               // why it cannot be read; "" where it can
};

// Whether the folder is a project; false where that cannot be seen.
bool is_project(const std::filesystem::path& folder);

enum class ListFiles { yes, no };

// Without what is hidden.
FolderListing list_folder(const std::filesystem::path& folder, ListFiles files);

// "take2" before "take10".
bool natural_less(std::string_view a, std::string_view b);

}  // namespace annotator
