#include "storage/media/mat_file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <type_traits>

#include "storage/read_error.h"

namespace storage {

namespace {

constexpr std::uint64_t preamble_bytes = 128;
constexpr std::uint64_t best_deflation = 1032;  // https://zlib.net/zlib_tech.html
constexpr std::uint32_t compressed_element = 15, matrix_element = 14, flags_element = 6, dimensions_element = 5;
constexpr std::uint32_t most_dimensions = 32, longest_name = 1024;

struct Damaged {};

// The bytes of one variable, unpacked on the way. Throws Damaged when there are no more.
class Body {
public:
    Body(std::ifstream& stream, std::uint64_t at, std::uint64_t bytes, MatPacking packing)
        : stream_(stream), left_(bytes), packing_(packing) {
        stream_.clear();
        stream_.seekg(static_cast<std::streamoff>(at));
        if (packing == MatPacking::zlib && inflateInit(&zlib_) != Z_OK) throw Damaged();
    }
    ~Body() {
        if (packing_ == MatPacking::zlib) inflateEnd(&zlib_);
    }
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;

    void read(char* to, std::size_t count) {
        if (packing_ == MatPacking::plain) {
            if (raw(to, count) != count) throw Damaged();
            return;
        }
        zlib_.next_out = reinterpret_cast<Bytef*>(to);
        zlib_.avail_out = static_cast<uInt>(count);
        while (zlib_.avail_out > 0) unpack();
    }

    void skip(std::uint64_t count) {
        std::array<char, 4096> ignored{};
        for (; count > 0; count -= std::min<std::uint64_t>(count, ignored.size()))
            read(ignored.data(), static_cast<std::size_t>(std::min<std::uint64_t>(count, ignored.size())));
    }

    // Reads on to the checksum at the end of packed bytes.
    void check_end() {
        std::array<char, 64> padding{};
        while (packing_ == MatPacking::zlib && !ended_) {
            zlib_.next_out = reinterpret_cast<Bytef*>(padding.data());
            zlib_.avail_out = padding.size();
            unpack();
        }
    }

private:
    std::size_t raw(char* to, std::size_t count) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, left_));
        stream_.read(to, static_cast<std::streamsize>(wanted));
        const auto got = static_cast<std::size_t>(stream_.gcount());
        left_ -= got;
        return got;
    }

    void unpack() {
        if (ended_) throw Damaged();
        if (zlib_.avail_in == 0) {
            zlib_.avail_in = static_cast<uInt>(raw(packed_.data(), packed_.size()));
            zlib_.next_in = reinterpret_cast<Bytef*>(packed_.data());
            if (zlib_.avail_in == 0) throw Damaged();
        }
        const int result = inflate(&zlib_, Z_NO_FLUSH);
        if (result != Z_OK && result != Z_STREAM_END) throw Damaged();
        ended_ = result == Z_STREAM_END;
    }

    std::ifstream& stream_;
    std::uint64_t left_;
    MatPacking packing_;
    z_stream zlib_{};
    std::array<char, 16384> packed_{};
    bool ended_ = false;
};

std::uint32_t uint32_from(const char* bytes, ByteOrder order) {
    return static_cast<std::uint32_t>(number_from({bytes, 4}, order));
}

// What stands before the content of an element: its type and length. Up to four bytes of
// content fit into the tag itself.
struct Tag {
    std::uint32_t type = 0;
    std::uint32_t bytes = 0;
    std::optional<std::array<char, 4>> small;

    [[nodiscard]] std::uint64_t padded() const { return small ? 0 : (std::uint64_t{bytes} + 7) / 8 * 8; }
};

Tag tag_from(Body& body, ByteOrder order) {
    std::array<char, 8> bytes{};
    body.read(bytes.data(), bytes.size());
    const std::uint32_t type = uint32_from(bytes.data(), order);
    if (type >> 16 == 0) return {type, uint32_from(&bytes[4], order), std::nullopt};
    if (type >> 16 > 4) throw Damaged();
    return {type & 0xFFFF, type >> 16, std::array<char, 4>{bytes[4], bytes[5], bytes[6], bytes[7]}};
}

std::string content(Body& body, const Tag& tag, std::uint32_t most_bytes) {
    if (tag.bytes > most_bytes) throw Damaged();
    if (tag.small) return {tag.small->data(), tag.bytes};
    std::string bytes(static_cast<std::size_t>(tag.padded()), '\0');
    body.read(bytes.data(), bytes.size());
    bytes.resize(tag.bytes);
    return bytes;
}

std::uint64_t size_of(MatNumber number) {
    switch (number) {
        case MatNumber::int8:
        case MatNumber::uint8:
            return 1;
        case MatNumber::int16:
        case MatNumber::uint16:
            return 2;
        case MatNumber::int32:
        case MatNumber::uint32:
        case MatNumber::float32:
            return 4;
        case MatNumber::int64:
        case MatNumber::uint64:
        case MatNumber::float64:
            return 8;
    }
    throw Damaged();
}

// Whether the dimensions multiply to exactly so many values.
bool holds(const std::vector<std::uint64_t>& dimensions, std::uint64_t values) {
    std::uint64_t product = 1;
    for (const std::uint64_t dimension : dimensions) {
        if (dimension != 0 && product > values / dimension) return false;
        product *= dimension;
    }
    return product == values;
}

// Reads the header of the matrix in `body`, which is `bytes` long once unpacked. Nothing
// when it is no real numeric one.
std::optional<MatMatrix> matrix_from(Body& body, std::uint64_t bytes, ByteOrder order) {
    const Tag flags = tag_from(body, order);
    if (flags.type != flags_element || flags.bytes != 8) throw Damaged();
    const std::string flag_bytes = content(body, flags, 8);
    const std::uint32_t kind = uint32_from(flag_bytes.data(), order);
    const std::uint32_t matrix_class = kind & 0xFF;
    if (matrix_class < 6 || matrix_class > 15 || (kind & 0x800) != 0) return std::nullopt;

    const Tag dimensions = tag_from(body, order);
    if (dimensions.type != dimensions_element || dimensions.bytes % 4 != 0) throw Damaged();
    const std::string dimension_bytes = content(body, dimensions, 4 * most_dimensions);
    const Tag name = tag_from(body, order);
    MatMatrix matrix;
    matrix.name = content(body, name, longest_name);
    for (std::size_t at = 0; at < dimension_bytes.size(); at += 4)
        matrix.dimensions.push_back(uint32_from(&dimension_bytes[at], order));

    const Tag data = tag_from(body, order);
    if (data.small) return std::nullopt;  // no matrix that small is of interest
    matrix.number = static_cast<MatNumber>(data.type);
    matrix.data_at = 8 + 8 + 8 + dimensions.padded() + 8 + name.padded() + 8;
    matrix.data_bytes = data.bytes;
    const std::uint64_t each = size_of(matrix.number);
    if (matrix.data_at + data.bytes > bytes || data.bytes % each != 0 || !holds(matrix.dimensions, data.bytes / each))
        throw Damaged();
    return matrix;
}

// The variable that begins at `at` in the file, behind its tag.
std::optional<MatMatrix> variable_at(std::ifstream& stream, std::uint64_t at, const Tag& tag, ByteOrder order) {
    if (tag.type != matrix_element && tag.type != compressed_element) return std::nullopt;
    const MatPacking packing = tag.type == compressed_element ? MatPacking::zlib : MatPacking::plain;
    Body body(stream, at, tag.bytes, packing);
    std::uint64_t unpacked = tag.bytes;
    std::uint64_t inner_tag = 0;
    if (packing == MatPacking::zlib) {
        const Tag inner = tag_from(body, order);
        if (inner.type != matrix_element) return std::nullopt;
        if (inner.bytes > tag.bytes * best_deflation) throw Damaged();
        unpacked = inner.bytes;
        inner_tag = 8;
    }
    std::optional<MatMatrix> matrix = matrix_from(body, unpacked, order);
    if (!matrix) return std::nullopt;
    matrix->packing = packing;
    matrix->order = order;
    matrix->body_at = at;
    matrix->body_bytes = tag.bytes;
    matrix->data_at += inner_tag;
    return matrix;
}

ByteOrder order_of(std::ifstream& stream, const std::string& name) {
    std::string preamble(preamble_bytes, '\0');
    if (!stream.read(preamble.data(), static_cast<std::streamsize>(preamble.size())))
        throw ReadError(name + ": expected a MATLAB header of 128 bytes; the file is missing or shorter.");
    const std::string_view mark = std::string_view(preamble).substr(126);
    if (mark != "IM" && mark != "MI") throw ReadError(name + ": this is no MATLAB file of version 5 or 7.");
    const ByteOrder order = mark == "IM" ? ByteOrder::little_endian : ByteOrder::big_endian;
    const char major = preamble[order == ByteOrder::little_endian ? 125 : 124];
    if (major != 1) throw ReadError(name + ": only MATLAB files of versions 5 to 7.2 are read; save it with '-v7'.");
    return order;
}

constexpr ByteOrder native_order =
    std::endian::native == std::endian::little ? ByteOrder::little_endian : ByteOrder::big_endian;

template <class Stored>
Stored stored_value(const char* bytes, ByteOrder order) {
    std::array<char, sizeof(Stored)> copy{};
    std::memcpy(copy.data(), bytes, copy.size());
    if (order != native_order) std::ranges::reverse(copy);
    return std::bit_cast<Stored>(copy);
}

// Where values go as 16-bit ones.
struct IntoSixteenBits {
    SixteenBitValues result;

    void reserve(std::size_t count) { result.values.reserve(count); }
    template <class Stored>
    void take(Stored value) {
        if constexpr (std::is_same_v<Stored, std::uint16_t> || std::is_same_v<Stored, std::uint8_t>) {
            result.values.push_back(value);
        } else {
            const auto wide = static_cast<double>(value);
            const double kept = std::isnan(wide) ? 0 : std::clamp(std::floor(wide), 0.0, 65535.0);
            if (kept != wide) ++result.changed;
            result.values.push_back(static_cast<std::uint16_t>(kept));
        }
    }
};

struct IntoFloats {
    std::vector<float> values;

    void reserve(std::size_t count) { values.reserve(count); }
    template <class Stored>
    void take(Stored value) {
        values.push_back(static_cast<float>(value));
    }
};

template <class Stored, class Into>
void append(Into& into, const std::vector<char>& bytes, ByteOrder order) {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(Stored))
        into.take(stored_value<Stored>(&bytes[at], order));
}

template <class Into>
using Append = void (*)(Into&, const std::vector<char>&, ByteOrder);

template <class Into>
Append<Into> appender(MatNumber number) {
    switch (number) {
        case MatNumber::int8:
            return append<std::int8_t, Into>;
        case MatNumber::uint8:
            return append<std::uint8_t, Into>;
        case MatNumber::int16:
            return append<std::int16_t, Into>;
        case MatNumber::uint16:
            return append<std::uint16_t, Into>;
        case MatNumber::int32:
            return append<std::int32_t, Into>;
        case MatNumber::uint32:
            return append<std::uint32_t, Into>;
        case MatNumber::float32:
            return append<float, Into>;
        case MatNumber::float64:
            return append<double, Into>;
        case MatNumber::int64:
            return append<std::int64_t, Into>;
        case MatNumber::uint64:
            return append<std::uint64_t, Into>;
    }
    throw Damaged();
}

template <class Into>
Into all_values(const std::filesystem::path& file, const MatMatrix& matrix) {
    constexpr std::uint64_t piece = 65536;
    Into into;
    try {
        std::ifstream stream(file, std::ios::binary);
        Body body(stream, matrix.body_at, matrix.body_bytes, matrix.packing);
        body.skip(matrix.data_at);
        const Append<Into> append_piece = appender<Into>(matrix.number);
        into.reserve(matrix.data_bytes / size_of(matrix.number));
        std::vector<char> bytes;
        for (std::uint64_t left = matrix.data_bytes; left > 0; left -= bytes.size()) {
            bytes.resize(static_cast<std::size_t>(std::min(left, piece)));
            body.read(bytes.data(), bytes.size());
            append_piece(into, bytes, matrix.order);
        }
        body.check_end();
    } catch (const Damaged&) {
        throw ReadError(file.filename().string() + ": its variable " + matrix.name + " is damaged.");
    }
    return into;
}

}  // namespace

std::vector<MatMatrix> matrices_in(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    std::ifstream stream(file, std::ios::binary);
    const ByteOrder order = order_of(stream, name);
    const std::uint64_t length = std::filesystem::file_size(file);
    std::vector<MatMatrix> matrices;
    for (std::uint64_t at = preamble_bytes; at < length;) {
        try {
            const Tag tag = [&] {
                Body body(stream, at, length - at, MatPacking::plain);
                return tag_from(body, order);
            }();
            const std::uint64_t end = at + 8 + (tag.small ? 0 : tag.bytes);
            if (end > length)
                throw ReadError(name + ": the file is cut off: its variable at byte " + std::to_string(at) +
                                " reaches beyond the end.");
            if (auto matrix = variable_at(stream, at + 8, tag, order)) matrices.push_back(std::move(*matrix));
            at = end;
        } catch (const Damaged&) {
            throw ReadError(name + ": its variable at byte " + std::to_string(at) + " is damaged.");
        }
    }
    return matrices;
}

SixteenBitValues read_matrix(const std::filesystem::path& file, const MatMatrix& matrix) {
    return std::move(all_values<IntoSixteenBits>(file, matrix).result);
}

std::vector<float> read_real_matrix(const std::filesystem::path& file, const MatMatrix& matrix) {
    return std::move(all_values<IntoFloats>(file, matrix).values);
}

}  // namespace storage
