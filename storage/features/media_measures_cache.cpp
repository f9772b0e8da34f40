#include "storage/features/media_measures_cache.h"

#include <string>

#include "storage/features/packed_file.h"
#include "storage/hash.h"

namespace storage {

namespace {

// Raise the version whenever a measure or the layout of these files changes what would be stored.
constexpr PackedKind kind{"KMEAS\r\n\x1A", 1};

}  // namespace

std::filesystem::path MediaMeasuresCache::file_of(std::string_view sha256, std::int64_t container_stream) const {
    if (!is_sha256(sha256)) return {};
    return folder_ / (std::string(sha256) + "-" + std::to_string(container_stream) + ".measures");
}

std::optional<schemas::MediaMeasures> MediaMeasuresCache::load(std::string_view sha256,
                                                               std::int64_t container_stream) const {
    const std::optional<std::string> content = read_packed_file(file_of(sha256, container_stream), kind);
    if (!content) return std::nullopt;
    try {
        Unpacker in(*content);
        schemas::MediaMeasures measures;
        measures.frames = in.array<schemas::FrameMeasures>();
        measures.undecodable = in.array<schemas::FrameIndex>();
        return measures;
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

void MediaMeasuresCache::store(std::string_view sha256, std::int64_t container_stream,
                               const schemas::MediaMeasures& measures) const {
    if (!is_sha256(sha256)) return;
    Packer out;
    out.array(measures.frames);
    out.array(measures.undecodable);
    write_packed_file(file_of(sha256, container_stream), kind, out.bytes());
}

}  // namespace storage
