#pragma once

#include <cstdint>
#include <string>

#include "storage/skeleton/hdf5_type.h"

namespace storage {

// A one-dimensional dataset, unpacked.
struct Hdf5Rows {
    Hdf5Type type;  // of a row
    std::uint64_t count = 0;
    std::string bytes;  // count x type.bytes
};

// Contiguous, compact or chunked by the tree that HDF5 writes unless told otherwise; packed by deflate, shuffle and
// fletcher32, or not. Takes no more memory than the file's length can stand for. Throws Hdf5Damaged, also for what is
// stored in another way.
Hdf5Rows hdf5_rows(const Hdf5Bytes& file, std::uint64_t dataset);

// How many values a dataspace describes, with one dimension at most.
std::uint64_t hdf5_extent(const Hdf5Bytes& dataspace);

}  // namespace storage
