#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/skeleton/hdf5_bytes.h"

// Groups and object headers of an HDF5 file ("HDF5 File Format Specification", version 3, II to IV). All throw
// Hdf5Damaged.
namespace storage {

struct Hdf5Message {
    enum Kind : std::uint16_t {
        dataspace = 0x01,
        datatype = 0x03,
        link = 0x06,
        external_files = 0x07,
        layout = 0x08,
        filters = 0x0B,
        attribute = 0x0C,
        continuation = 0x10,
        symbol_table = 0x11
    };
    std::uint16_t kind = 0;
    Hdf5Bytes body;
};

// The address of the root group's header.
std::uint64_t hdf5_root(const Hdf5Bytes& file);

std::vector<Hdf5Message> hdf5_messages(const Hdf5Bytes& file, std::uint64_t header);
// nullptr where there is none of that kind.
const Hdf5Message* message_of(const std::vector<Hdf5Message>& messages, Hdf5Message::Kind kind);

// The header of what a group holds by that name in this file; links to elsewhere do not count.
std::optional<std::uint64_t> hdf5_child(const Hdf5Bytes& file, std::uint64_t group, std::string_view name);

}  // namespace storage
