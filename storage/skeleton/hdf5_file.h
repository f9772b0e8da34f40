#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/skeleton/hdf5_table.h"

// The little of HDF5 that key-point files need: attributes of a group and tables of numbers, by our own walker, since
// the library crashes on files that are damaged (docs/decisions/0013-hdf5-by-our-own-walker.md).
namespace storage {

enum class Hdf5Number { float64, float32, int64, uint64, uint32, uint8 };

// Where the column of that name goes in a row.
struct Hdf5Column {
    const char* name;
    std::size_t offset;
    Hdf5Number number;
};

// A file that was read whole. Files of more than 1 GiB are refused. Throws ReadError naming the file.
//
// Thread: any, once it is made.
class Hdf5File {
public:
    explicit Hdf5File(const std::filesystem::path& file);
    Hdf5File(const Hdf5File&) = delete;
    Hdf5File& operator=(const Hdf5File&) = delete;

    // nullopt where the group or attribute is not there or of another type.
    [[nodiscard]] std::optional<std::string> text(const char* group, const char* attribute) const;
    [[nodiscard]] std::optional<double> number(const char* group, const char* attribute) const;

    // A table with at least those columns, of the root group. Numbers are converted; what does not fit becomes
    // the nearest number that does.
    template <class Row>
    [[nodiscard]] std::vector<Row> table(const char* dataset, std::span<const Hdf5Column> columns) const {
        const Hdf5Rows stored = rows_of(dataset, columns, sizeof(Row));
        std::vector<Row> rows(static_cast<std::size_t>(stored.count));
        for (const Hdf5Column& column : columns)
            fill(stored, column, reinterpret_cast<char*>(rows.data()), sizeof(Row));
        return rows;
    }

private:
    struct Attribute {
        Hdf5Type type;
        Hdf5Bytes data;
    };

    [[nodiscard]] std::optional<Attribute> attribute_of(const char* group, const char* attribute) const;
    [[nodiscard]] Hdf5Rows rows_of(const char* dataset, std::span<const Hdf5Column> columns,
                                   std::size_t row_bytes) const;
    static void fill(const Hdf5Rows& stored, const Hdf5Column& column, char* rows, std::size_t row_bytes);

    std::string name_, content_;
    Hdf5Bytes file_{{}};
    std::uint64_t root_ = 0;
};

}  // namespace storage
