#include "storage/features/video_index_cache.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/features/packed_file.h"
#include "storage/hash.h"

namespace storage {

namespace {

// Raise the version whenever the scan or the layout of these files changes what would be stored.
constexpr PackedKind kind{"KVIDX\r\n\x1A", 2};

// The content of the files, once for both directions: `archive` packs each part, or unpacks into it.
template <class Archive, class Index>
void each_part(Archive& archive, Index& index) {
    auto& [stream, container, codec, pixel_format, width, height, rotation, mirrored, aspect_numerator,
           aspect_denominator, base_numerator, base_denominator, rate, matrix, range, bits, alpha] = index.properties;
    archive(stream), archive(container), archive(codec), archive(pixel_format);
    archive(width), archive(height), archive(rotation), archive(mirrored);
    archive(aspect_numerator), archive(aspect_denominator), archive(base_numerator), archive(base_denominator);
    archive(rate), archive(matrix), archive(range), archive(bits), archive(alpha);
    archive(index.counts), archive(index.method), archive(index.sha256), archive(index.file_bytes);
    archive(index.frames), archive(index.packets), archive(index.undecoded), archive(index.problems);
}

class Packing {
public:
    template <class Value>
    void operator()(const Value& value) {
        out_.value(value);
    }
    void operator()(const std::string& text) { out_.text(text); }
    template <class Value>
    void operator()(const std::vector<Value>& values) {
        out_.array(values);
    }
    void operator()(const std::vector<std::string>& texts) {
        out_.value(static_cast<std::uint64_t>(texts.size()));
        for (const std::string& text : texts) out_.text(text);
    }
    void operator()(const std::vector<UndecodedPacket>& packets) {
        out_.value(static_cast<std::uint64_t>(packets.size()));
        for (const auto& [packet, pts, reason] : packets) out_.value(packet), out_.value(pts), out_.text(reason);
    }
    [[nodiscard]] const std::string& bytes() const { return out_.bytes(); }

private:
    Packer out_;
};

class Unpacking {
public:
    explicit Unpacking(std::string_view bytes) : in_(bytes) {}

    template <class Value>
    void operator()(Value& value) {
        value = in_.value<Value>();
    }
    void operator()(std::string& text) { text = in_.text(); }
    template <class Value>
    void operator()(std::vector<Value>& values) {
        values = in_.array<Value>();
    }
    void operator()(std::vector<std::string>& texts) {
        texts.resize(in_.count(sizeof(std::uint64_t)));
        for (std::string& text : texts) text = in_.text();
    }
    void operator()(std::vector<UndecodedPacket>& packets) {
        packets.resize(in_.count(sizeof(std::uint64_t)));
        for (auto& [packet, pts, reason] : packets) {
            (*this)(packet);
            (*this)(pts);
            (*this)(reason);
        }
    }

private:
    Unpacker in_;
};

// Whoever reads frames by an index relies on this.
bool is_whole(const VideoIndex& index) {
    const auto packets = static_cast<std::int64_t>(index.packets.size());
    return !index.frames.empty() && std::ranges::all_of(index.frames, [packets](const IndexedFrame& frame) {
        return 0 <= frame.packet && frame.packet < packets;
    });
}

}  // namespace

std::filesystem::path VideoIndexCache::file_of(std::string_view sha256, std::int64_t container_stream) const {
    if (!is_sha256(sha256)) return {};
    return folder_ / (std::string(sha256) + "-" + std::to_string(container_stream) + ".index");
}

std::optional<VideoIndex> VideoIndexCache::load(std::string_view sha256, std::int64_t container_stream) const {
    const std::optional<std::string> content = read_packed_file(file_of(sha256, container_stream), kind);
    if (!content) return std::nullopt;
    try {
        VideoIndex index;
        Unpacking unpack(*content);
        each_part(unpack, index);
        if (index.sha256 != sha256 || index.properties.stream != container_stream || !is_whole(index))
            return std::nullopt;
        return index;
    } catch (const DamagedPack&) {
        return std::nullopt;
    }
}

void VideoIndexCache::store(const VideoIndex& index) const {
    if (!is_sha256(index.sha256)) return;
    Packing pack;
    each_part(pack, index);
    write_packed_file(file_of(index.sha256, index.properties.stream), kind, pack.bytes());
}

}  // namespace storage
