#include "storage/features/beat_cache.h"

#include <string>

#include "storage/features/packed_file.h"
#include "storage/hash.h"

namespace storage {

namespace {

// Raise the version whenever beats are tracked another way or the layout of these files changes.
constexpr PackedKind kind{"KBEAT\r\n\x1A", 1};

}  // namespace

std::filesystem::path BeatCache::file_of(std::string_view sha256, int stream) const {
    return folder_ / (std::string(sha256) + "-" + std::to_string(stream) + ".beats");
}

std::optional<std::vector<double>> BeatCache::load(std::string_view sha256, int stream) const {
    if (!is_sha256(sha256)) return std::nullopt;
    const std::optional<std::string> content = read_packed_file(file_of(sha256, stream), kind);
    if (!content) return std::nullopt;
    try {
        return Unpacker(*content).array<double>();
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

void BeatCache::store(std::string_view sha256, int stream, const std::vector<double>& seconds) const {
    if (!is_sha256(sha256)) return;
    Packer out;
    out.array(seconds);
    write_packed_file(file_of(sha256, stream), kind, out.bytes());
}

}  // namespace storage
