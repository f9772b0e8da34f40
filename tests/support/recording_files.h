#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace tests {

// Makes the file, and the folders in its name, and returns where it is.
std::filesystem::path write_file(const TemporaryFolder& folder, std::string_view name, std::string_view bytes);
std::string bytes_of(const std::filesystem::path& file);
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder, std::string_view extension);

// A folder of the real recordings, in $KINETOGRAPH_DATA, else ../shared/data from the
// project's root. Empty where there are none; then a test says so and returns.
std::filesystem::path recordings(const std::filesystem::path& project_root, std::string_view folder);

}  // namespace tests
