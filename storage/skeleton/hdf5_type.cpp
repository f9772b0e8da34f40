#include "storage/skeleton/hdf5_type.h"

#include <algorithm>
#include <bit>

namespace storage {

namespace {

using Kind = Hdf5Type::Kind;

constexpr std::uint64_t head_bytes = 8;
constexpr std::uint64_t most_members = 256;

enum StoredClass : std::uint8_t {
    fixed_point = 0,
    floating_point = 1,
    string = 3,
    reference = 7,
    compound = 6,
    enumeration = 8,
    variable_length = 9
};

// The bytes of an offset within something of that size, since version 3.
std::uint64_t offset_bytes(std::uint64_t size) {
    std::uint64_t bytes = 1;
    for (; size > 0xFF; size >>= 8U) ++bytes;
    return bytes;
}

ByteOrder order_from(std::uint64_t bits) { return (bits & 1U) != 0 ? ByteOrder::big_endian : ByteOrder::little_endian; }

Hdf5Type type_at(const Hdf5Bytes& description, int depth);

// Where the member's own description begins; its name and offset are read on the way.
std::uint64_t read_member_head(const Hdf5Bytes& description, std::uint64_t at, std::uint64_t version,
                               std::uint64_t whole, Hdf5Type::Member& member) {
    member.name = description.name(at);
    const std::uint64_t name = member.name.size() + 1;
    at += version == 3 ? name : padded_to_8(name);
    const std::uint64_t bytes = version == 3 ? offset_bytes(whole) : 4;
    member.offset = description.number(at, bytes);
    at += bytes;
    if (version != 1) return at;
    if (description.number(at, 1) != 0) throw Hdf5Damaged();  // arrays are not read
    return at + 28;
}

void read_members(Hdf5Type& type, const Hdf5Bytes& description, std::uint64_t version, std::uint64_t count, int depth) {
    if (count == 0 || count > most_members) throw Hdf5Damaged();
    for (std::uint64_t i = 0; i < count; ++i) {
        Hdf5Type::Member member;
        const std::uint64_t at = read_member_head(description, type.message_bytes, version, type.bytes, member);
        member.type = type_at(description.from(at), depth + 1);
        if (member.offset > type.bytes || member.type.bytes > type.bytes - member.offset) throw Hdf5Damaged();
        type.message_bytes = at + member.type.message_bytes;
        type.members.push_back(std::move(member));
    }
}

// The names and values that follow the integer are passed over.
void read_enumeration(Hdf5Type& type, const Hdf5Bytes& description, std::uint64_t version, std::uint64_t count,
                      int depth) {
    const Hdf5Type base = type_at(description.from(head_bytes), depth + 1);
    if (base.kind != Kind::integer || base.bytes != type.bytes) throw Hdf5Damaged();
    std::uint64_t at = head_bytes + base.message_bytes;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t name = description.name(at).size() + 1;
        at += version == 3 ? name : padded_to_8(name);
    }
    type.kind = base.kind;
    type.order = base.order;
    type.is_signed = base.is_signed;
    type.message_bytes = at + count * base.bytes;
}

Hdf5Type type_at(const Hdf5Bytes& description, int depth) {
    if (depth > 2) throw Hdf5Damaged();
    const std::uint64_t version = description.number(0, 1) >> 4U;
    const std::uint64_t bits = description.number(1, 3);
    if (version < 1 || version > 3) throw Hdf5Damaged();
    Hdf5Type type;
    type.bytes = description.number(4, 4);
    type.message_bytes = head_bytes;
    if (type.bytes == 0) throw Hdf5Damaged();
    switch (description.number(0, 1) & 0xFU) {
        case fixed_point:
            type.kind = std::has_single_bit(type.bytes) && type.bytes <= 8 ? Kind::integer : Kind::other;
            type.order = order_from(bits);
            type.is_signed = (bits & 8U) != 0;
            type.message_bytes += 4;
            break;
        case floating_point:
            type.kind = type.bytes == 4 || type.bytes == 8 ? Kind::real : Kind::other;
            type.order = order_from(bits);
            type.message_bytes += 12;
            break;
        case string:
            type.kind = Kind::text;
            break;
        case reference:
            break;
        case compound:
            type.kind = Kind::compound;
            read_members(type, description, version, bits & 0xFFFFU, depth);
            break;
        case enumeration:
            read_enumeration(type, description, version, bits & 0xFFFFU, depth);
            break;
        case variable_length:
            if ((bits & 0xFU) == 1) type.kind = Kind::text_elsewhere;
            type.message_bytes += type_at(description.from(head_bytes), depth + 1).message_bytes;
            break;
        default:
            throw Hdf5Damaged();
    }
    return type;
}

}  // namespace

Hdf5Type hdf5_type(const Hdf5Bytes& description) { return type_at(description, 0); }

Hdf5Value hdf5_value(const Hdf5Bytes& bytes, std::uint64_t at, const Hdf5Type& type) {
    const std::uint64_t bits = bytes.number(at, type.bytes, type.order);
    const auto unused = static_cast<unsigned>(64 - 8 * type.bytes);
    if (type.kind == Kind::real)
        return {Hdf5Value::Kind::real, 0,
                type.bytes == 4 ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                                : std::bit_cast<double>(bits)};
    if (!type.is_signed) return {Hdf5Value::Kind::unsigned_integer, bits, 0};
    const std::int64_t extended = static_cast<std::int64_t>(bits << unused) >> unused;
    return {Hdf5Value::Kind::signed_integer, static_cast<std::uint64_t>(extended), 0};
}

}  // namespace storage
