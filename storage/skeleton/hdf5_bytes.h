#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "storage/byte_order.h"

namespace storage {

// Thrown where a file says what cannot be, and turned into a ReadError by whoever knows its name.
struct Hdf5Damaged {};

inline std::uint64_t padded_to_8(std::uint64_t count) { return (count + 7) / 8 * 8; }

inline constexpr std::uint64_t hdf5_nowhere = std::numeric_limits<std::uint64_t>::max();

// Bytes of which none beyond the end is ever read: every member throws Hdf5Damaged instead. Numbers are
// little-endian unless told otherwise, as in all of HDF5's own structures.
class Hdf5Bytes {
public:
    explicit Hdf5Bytes(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
    [[nodiscard]] std::string_view text(std::uint64_t at, std::uint64_t count) const {
        if (at > bytes_.size() || count > bytes_.size() - at) throw Hdf5Damaged();
        return bytes_.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(count));
    }
    [[nodiscard]] Hdf5Bytes part(std::uint64_t at, std::uint64_t count) const { return Hdf5Bytes(text(at, count)); }
    [[nodiscard]] Hdf5Bytes from(std::uint64_t at) const {
        if (at > size()) throw Hdf5Damaged();
        return part(at, size() - at);
    }
    // Of 1 to 8 bytes.
    [[nodiscard]] std::uint64_t number(std::uint64_t at, std::uint64_t bytes,
                                       ByteOrder order = ByteOrder::little_endian) const {
        return number_from(text(at, bytes), order);
    }
    // Up to the zero byte that must follow.
    [[nodiscard]] std::string_view name(std::uint64_t at) const {
        const std::string_view rest = from(at).bytes_;
        const std::size_t end = rest.find('\0');
        if (end == std::string_view::npos) throw Hdf5Damaged();
        return rest.substr(0, end);
    }
    void require(std::uint64_t at, std::string_view signature) const {
        if (text(at, signature.size()) != signature) throw Hdf5Damaged();
    }

private:
    std::string_view bytes_;
};

}  // namespace storage
