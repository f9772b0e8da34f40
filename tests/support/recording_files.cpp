#include "tests/support/recording_files.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tests {

std::filesystem::path write_file(const TemporaryFolder& folder, std::string_view name, std::string_view bytes) {
    const std::filesystem::path file = folder.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    stream << bytes;
    if (!stream.flush()) throw std::runtime_error(file.string() + " cannot be written.");
    return file;
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder, std::string_view extension) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.path().extension() == extension) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::filesystem::path recordings(const std::filesystem::path& project_root, std::string_view folder) {
    const char* const named = std::getenv("KINETOGRAPH_DATA");
    const std::filesystem::path all = named != nullptr ? named : project_root / ".." / "shared" / "data";
    return std::filesystem::is_directory(all / folder) ? all / folder : std::filesystem::path();
}

}  // namespace tests
