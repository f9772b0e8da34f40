#include "storage/skeleton/hdf5_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "storage/media/file_probe.h"
#include "storage/read_error.h"
#include "storage/skeleton/hdf5_object.h"

namespace storage {

namespace {

constexpr std::string_view signature = "\x89HDF\r\n\x1A\n";
constexpr std::uintmax_t largest_file = std::uintmax_t{1} << 30U;
constexpr std::uint64_t most_bytes = std::uint64_t{3} << 30U;

template <class Number>
Number nearest(const Hdf5Value& value) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (value.kind == Hdf5Value::Kind::real) return static_cast<Number>(value.real);
        return value.kind == Hdf5Value::Kind::signed_integer
                   ? static_cast<Number>(static_cast<std::int64_t>(value.integer))
                   : static_cast<Number>(value.integer);
    } else {
        constexpr Number least = std::numeric_limits<Number>::min(), most = std::numeric_limits<Number>::max();
        if (value.kind == Hdf5Value::Kind::real) {
            if (!(value.real >= static_cast<double>(least))) return least;
            return value.real < static_cast<double>(most) ? static_cast<Number>(value.real) : most;
        }
        const auto as_signed = static_cast<std::int64_t>(value.integer);
        if (value.kind == Hdf5Value::Kind::signed_integer && as_signed < 0)
            return std::cmp_less(as_signed, least) ? least : static_cast<Number>(as_signed);
        return std::cmp_greater(value.integer, most) ? most : static_cast<Number>(value.integer);
    }
}

template <class Number>
void store(const Hdf5Value& value, char* to) {
    const auto number = nearest<Number>(value);
    std::memcpy(to, &number, sizeof number);
}

using Store = void (*)(const Hdf5Value&, char*);

Store store_of(Hdf5Number number) {
    switch (number) {
        case Hdf5Number::float64:
            return store<double>;
        case Hdf5Number::float32:
            return store<float>;
        case Hdf5Number::int64:
            return store<std::int64_t>;
        case Hdf5Number::uint64:
            return store<std::uint64_t>;
        case Hdf5Number::uint32:
            return store<std::uint32_t>;
        case Hdf5Number::uint8:
            return store<std::uint8_t>;
    }
    throw Hdf5Damaged();
}

// A text of any length lies in a heap: its length, the heap's address and its number there.
std::string_view heap_text(const Hdf5Bytes& file, const Hdf5Bytes& reference) {
    const std::uint64_t length = reference.number(0, 4), wanted = reference.number(12, 4);
    const std::uint64_t start = reference.number(4, 8);
    file.require(start, "GCOL");
    const Hdf5Bytes heap = file.part(start, file.number(start + 8, 8));
    for (std::uint64_t at = 16;;) {
        const std::uint64_t index = heap.number(at, 2), bytes = heap.number(at + 8, 8);
        if (index == wanted) return heap.part(at + 16, bytes).text(0, length);
        if (index == 0 || bytes > heap.size()) throw Hdf5Damaged();
        at += 16 + padded_to_8(bytes);
    }
}

bool is_number(const Hdf5Type& type) {
    return type.kind == Hdf5Type::Kind::integer || type.kind == Hdf5Type::Kind::real;
}

const Hdf5Type::Member* member_named(const Hdf5Type& type, const char* name) {
    const auto found = std::ranges::find(type.members, name, &Hdf5Type::Member::name);
    return found == type.members.end() || !is_number(found->type) ? nullptr : &*found;
}

}  // namespace

Hdf5File::Hdf5File(const std::filesystem::path& file) : name_(file.filename().string()) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error || first_bytes(file, signature.size()) != signature) throw ReadError(name_ + ": this is no HDF5 file.");
    if (size > largest_file) throw ReadError(name_ + ": expected key-points of at most 1 GiB.");
    content_ = first_bytes(file, static_cast<std::size_t>(size));
    file_ = Hdf5Bytes(content_);
    try {
        root_ = hdf5_root(file_);
        (void)hdf5_messages(file_, root_);
    } catch (const Hdf5Damaged&) {
        throw ReadError(name_ + ": the HDF5 file is damaged, cut off or of a kind that is not read.");
    }
}

std::optional<Hdf5File::Attribute> Hdf5File::attribute_of(const char* group, const char* attribute) const {
    const auto header = hdf5_child(file_, root_, group);
    if (!header) return std::nullopt;
    for (const Hdf5Message& message : hdf5_messages(file_, *header)) {
        if (message.kind != Hdf5Message::attribute) continue;
        const Hdf5Bytes& body = message.body;
        const std::uint64_t version = body.number(0, 1);
        const auto length = [&](std::uint64_t at) {
            return version == 1 ? padded_to_8(body.number(at, 2)) : body.number(at, 2);
        };
        const std::uint64_t name = version == 3 ? 9 : 8, type = name + length(2), space = type + length(4);
        if (version < 1 || version > 3 || body.name(name) != attribute) continue;
        if (hdf5_extent(body.from(space)) != 1) return std::nullopt;
        const Hdf5Type found = hdf5_type(body.from(type));
        return Attribute{found, body.part(space + length(6), found.bytes)};
    }
    return std::nullopt;
}

std::optional<std::string> Hdf5File::text(const char* group, const char* attribute) const try {
    const auto found = attribute_of(group, attribute);
    if (!found) return std::nullopt;
    const bool here = found->type.kind == Hdf5Type::Kind::text;
    if (!here && found->type.kind != Hdf5Type::Kind::text_elsewhere) return std::nullopt;
    const std::string_view text = here ? found->data.text(0, found->data.size()) : heap_text(file_, found->data);
    return std::string(text.substr(0, text.find('\0')));
} catch (const Hdf5Damaged&) {
    return std::nullopt;
}

std::optional<double> Hdf5File::number(const char* group, const char* attribute) const try {
    const auto found = attribute_of(group, attribute);
    if (!found || !is_number(found->type)) return std::nullopt;
    return nearest<double>(hdf5_value(found->data, 0, found->type));
} catch (const Hdf5Damaged&) {
    return std::nullopt;
}

Hdf5Rows Hdf5File::rows_of(const char* dataset, std::span<const Hdf5Column> columns, std::size_t row_bytes) const {
    const std::string what = name_ + ": its table '" + dataset + "' ";
    try {
        const auto header = hdf5_child(file_, root_, dataset);
        if (!header) throw ReadError(what + "is missing.");
        Hdf5Rows rows = hdf5_rows(file_, *header);
        for (const Hdf5Column& column : columns)
            if (member_named(rows.type, column.name) == nullptr)
                throw ReadError(what + "has no column of numbers '" + column.name + "'.");
        if (rows.count > most_bytes / row_bytes) throw Hdf5Damaged();
        return rows;
    } catch (const Hdf5Damaged&) {
        throw ReadError(what + "is damaged, or stored in a way that is not read.");
    }
}

void Hdf5File::fill(const Hdf5Rows& stored, const Hdf5Column& column, char* rows, std::size_t row_bytes) {
    const Hdf5Type::Member& member = *member_named(stored.type, column.name);
    const Store store_number = store_of(column.number);
    const Hdf5Bytes bytes(stored.bytes);
    for (std::uint64_t row = 0; row < stored.count; ++row)
        store_number(hdf5_value(bytes, row * stored.type.bytes + member.offset, member.type),
                     rows + row * row_bytes + column.offset);
}

}  // namespace storage
