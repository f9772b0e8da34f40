#include "storage/export/file_sink.h"

#include <filesystem>
#include <stdexcept>

#include "storage/hash.h"

namespace storage {
namespace {

bool stays_inside(const std::filesystem::path& path) {
    if (path.empty() || path.is_absolute()) return false;
    for (const std::filesystem::path& part : path)
        if (part == ".." || part == "." || part.empty()) return false;
    return true;
}

}  // namespace

void FileSink::write(const std::string& path, std::string_view bytes) {
    if (!stays_inside(path)) throw std::logic_error(path + ": leaves the export's folder");
    if (files_.contains(path)) throw std::logic_error(path + ": is written twice");
    store(path, bytes);
    files_.emplace(path, WrittenFile{bytes.size(), sha256_of(bytes)});
}

}  // namespace storage
