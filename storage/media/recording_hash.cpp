#include "storage/media/recording_hash.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "storage/hash.h"

namespace storage {

namespace {

using std::filesystem::path;

std::vector<path> entries_of(const path& folder, std::error_code& error) {
    std::vector<path> entries;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        entries.push_back(at->path());
    std::ranges::sort(entries);
    return entries;
}

}  // namespace

std::optional<std::string> recording_hash(const path& recording, const BytesRead& progress,
                                          const std::stop_token& stop) {
    if (!is_directory(recording)) return sha256_of_file(recording, progress, stop);
    std::error_code error;
    std::string lines;
    for (const path& file : entries_of(recording, error)) {
        const auto hash = sha256_of_file(file, progress, stop);
        if (!hash) return std::nullopt;
        lines += file.filename().string() + " " + *hash + "\n";
    }
    if (error) throw std::filesystem::filesystem_error("cannot be read", recording, error);
    return sha256_of(lines);
}

std::uintmax_t recording_bytes(const path& recording) {
    std::error_code error;
    if (!is_directory(recording, error)) {
        const std::uintmax_t size = file_size(recording, error);
        return error ? 0 : size;
    }
    std::uintmax_t sum = 0;
    for (const path& file : entries_of(recording, error)) {
        std::error_code unknown;
        const std::uintmax_t size = file_size(file, unknown);
        if (!unknown) sum += size;
    }
    return sum;
}

}  // namespace storage
