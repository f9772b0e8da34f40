#include "storage/features/audio_index_cache.h"

#include <string>

#include "storage/features/packed_file.h"
#include "storage/hash.h"

namespace storage {

namespace {

// Raise the version whenever the scan or the layout of these files changes what would be stored.
constexpr PackedKind kind{"KSIDX\r\n\x1A", 1};

AudioIndex unpacked(std::string_view bytes) {
    Unpacker in(bytes);
    AudioIndex index;
    index.stream = in.value<int>();
    index.codec = in.text();
    index.sample_rate = in.value<int>();
    index.channels = in.value<int>();
    index.samples = in.value<std::int64_t>();
    index.start_seconds = in.value<double>();
    index.problems.resize(in.count(sizeof(std::uint64_t)));
    for (std::string& problem : index.problems) problem = in.text();
    index.packets = in.array<IndexedPacket>();
    index.sounds = in.array<PacketSamples>();
    const bool whole = index.sample_rate > 0 && index.channels > 0 && index.packets.size() == index.sounds.size();
    if (!whole) throw DamagedPack();
    return index;
}

}  // namespace

std::filesystem::path AudioIndexCache::file_of(std::string_view sha256, int stream) const {
    return folder_ / (std::string(sha256) + "-" + std::to_string(stream) + ".index");
}

std::optional<AudioIndex> AudioIndexCache::load(std::string_view sha256, int stream) const {
    if (!is_sha256(sha256)) return std::nullopt;
    const std::optional<std::string> content = read_packed_file(file_of(sha256, stream), kind);
    if (!content) return std::nullopt;
    try {
        AudioIndex index = unpacked(*content);
        return index.stream == stream ? std::optional(std::move(index)) : std::nullopt;
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

void AudioIndexCache::store(std::string_view sha256, const AudioIndex& index) const {
    if (!is_sha256(sha256)) return;
    Packer out;
    out.value(index.stream);
    out.text(index.codec);
    out.value(index.sample_rate);
    out.value(index.channels);
    out.value(index.samples);
    out.value(index.start_seconds);
    out.value(static_cast<std::uint64_t>(index.problems.size()));
    for (const std::string& problem : index.problems) out.text(problem);
    out.array(index.packets);
    out.array(index.sounds);
    write_packed_file(file_of(sha256, index.stream), kind, out.bytes());
}

}  // namespace storage
