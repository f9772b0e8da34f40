#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

// The little of HDF5 that key-point files need: attributes of a group and tables of numbers. What a
// hostile file could ask of the library is refused first: data in other files, filters that are plug-ins,
// sizes that the file cannot hold.
namespace storage {

enum class Hdf5Number { float64, float32, int64, uint64, uint32, uint8 };

// Where the column of that name goes in a row.
struct Hdf5Column {
    const char* name;
    std::size_t offset;
    Hdf5Number number;
};

// An open file. Says nothing on standard error. Throws ReadError naming the file.
//
// Thread: one at a time.
class Hdf5File {
public:
    explicit Hdf5File(const std::filesystem::path& file);
    ~Hdf5File();
    Hdf5File(const Hdf5File&) = delete;
    Hdf5File& operator=(const Hdf5File&) = delete;

    // nullopt where the group or attribute is not there or of another type.
    [[nodiscard]] std::optional<std::string> text(const char* group, const char* attribute) const;
    [[nodiscard]] std::optional<double> number(const char* group, const char* attribute) const;

    // A table with at least those columns; integers, floats and enumerations are converted.
    template <class Row>
    [[nodiscard]] std::vector<Row> table(const char* dataset, std::span<const Hdf5Column> columns) const {
        const Table table = open_table(dataset, columns, sizeof(Row));
        std::vector<Row> rows(table.rows);
        read(table, rows.data());
        return rows;
    }

private:
    // Of HDF5's own identifiers, which are integers.
    using Id = std::int64_t;
    struct Table {
        std::string name;
        std::size_t rows;
        Id dataset, row_type;

        Table(std::string called, std::size_t count, Id data, Id type)
            : name(std::move(called)), rows(count), dataset(data), row_type(type) {}
        Table(const Table&) = delete;
        Table& operator=(const Table&) = delete;
        ~Table();
    };

    [[nodiscard]] Table open_table(const char* dataset, std::span<const Hdf5Column> columns,
                                   std::size_t row_bytes) const;
    void read(const Table& table, void* rows) const;
    [[noreturn]] void fail(const std::string& what) const;

    std::string name_;
    std::uint64_t file_bytes_ = 0;
    Id file_ = -1;
};

}  // namespace storage
