#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/skeleton/hdf5_bytes.h"

namespace storage {

// What a value of a file is, as far as key-point files go ("HDF5 File Format Specification", version 3, IV.A.2.d).
struct Hdf5Type {
    enum class Kind { integer, real, text, text_elsewhere, compound, other } kind = Kind::other;
    struct Member;

    std::uint64_t bytes = 0;
    ByteOrder order = ByteOrder::little_endian;
    bool is_signed = false;
    std::vector<Member> members;      // of a compound, each within it
    std::uint64_t message_bytes = 0;  // how long its description is
};

struct Hdf5Type::Member {
    std::string name;
    std::uint64_t offset = 0;
    Hdf5Type type;
};

// Throws Hdf5Damaged. An enumeration is its integers.
Hdf5Type hdf5_type(const Hdf5Bytes& description);

// A number as it is stored; of integers all 64 bits count.
struct Hdf5Value {
    enum class Kind { unsigned_integer, signed_integer, real } kind = Kind::real;
    std::uint64_t integer = 0;
    double real = 0;
};

// `type` must be integer or real.
Hdf5Value hdf5_value(const Hdf5Bytes& bytes, std::uint64_t at, const Hdf5Type& type);

}  // namespace storage
