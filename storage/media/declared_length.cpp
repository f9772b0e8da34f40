#include "storage/media/declared_length.h"

#include <bit>
#include <limits>
#include <string_view>

#include "storage/byte_order.h"
#include "storage/media/file_probe.h"

namespace storage {

namespace {

constexpr std::size_t head_bytes = 4096;

// An EBML number (RFC 8794): the leading zeros of its first byte say how many bytes follow it.
struct EbmlNumber {
    std::uint64_t value = 0;
    std::size_t length = 0;
    bool unknown = false;  // all ones: a size that was not known when it was written
};

enum class Marker { kept, removed };

std::optional<EbmlNumber> ebml_number(std::string_view bytes, Marker marker) {
    if (bytes.empty() || bytes[0] == 0) return std::nullopt;
    EbmlNumber number;
    number.length = static_cast<std::size_t>(std::countl_zero(static_cast<unsigned char>(bytes[0]))) + 1;
    if (bytes.size() < number.length) return std::nullopt;
    number.value = number_from(bytes.substr(0, number.length), ByteOrder::big_endian);
    const std::uint64_t most = (std::uint64_t{1} << 7U * number.length) - 1;
    number.unknown = (number.value & most) == most;
    if (marker == Marker::removed) number.value &= most;
    return number;
}

std::optional<std::int64_t> matroska_bytes(std::string_view head) {
    constexpr std::uint64_t segment = 0x18538067;
    std::size_t at = 0;
    while (at < head.size()) {
        const auto id = ebml_number(head.substr(at), Marker::kept);
        if (!id) return std::nullopt;
        const auto size = ebml_number(head.substr(at + id->length), Marker::removed);
        if (!size || size->unknown || size->value > std::numeric_limits<std::int64_t>::max() / 2) return std::nullopt;
        const std::size_t content = at + id->length + size->length;
        if (id->value == segment) return static_cast<std::int64_t>(content + size->value);
        if (size->value > head.size()) return std::nullopt;
        at = content + size->value;
    }
    return std::nullopt;
}

std::optional<std::int64_t> riff_bytes(std::string_view head) {
    const std::uint64_t size = number_from(head.substr(4, 4), ByteOrder::little_endian);
    if (size == 0 || size == std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::int64_t>(8 + size);
}

}  // namespace

std::optional<std::int64_t> declared_bytes(const std::filesystem::path& file) {
    const std::string head = first_bytes(file, head_bytes);
    if (head.starts_with("\x1a\x45\xdf\xa3")) return matroska_bytes(head);
    if (head.size() >= 12 && head.starts_with("RIFF")) return riff_bytes(head);
    return std::nullopt;
}

std::string cut_off_words(const std::filesystem::path& file, std::int64_t bytes) {
    const auto declared = declared_bytes(file);
    if (!declared || *declared <= bytes) return "";
    return "it is cut off: it has " + std::to_string(bytes) + " of " + std::to_string(*declared) + " bytes";
}

}  // namespace storage
