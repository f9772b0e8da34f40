#include "storage/skeleton/hdf5_file.h"

#include <hdf5.h>

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <utility>

#include "storage/media/file_probe.h"
#include "storage/read_error.h"

namespace storage {

namespace {

static_assert(std::is_same_v<hid_t, std::int64_t>);

constexpr std::string_view signature = "\x89HDF\r\n\x1A\n";
constexpr std::uint64_t best_deflation = 1032;           // https://zlib.net/zlib_tech.html
constexpr std::uint64_t largest_text = 64U << 20U;       // of an attribute
constexpr std::uint64_t largest_chunk = 256U << 20U;     // of a table, unpacked
constexpr std::uint64_t most_table_bytes = 3ULL << 30U;  // in memory

// One of HDF5's identifiers, closed by the function that it belongs to.
template <herr_t (*Close)(hid_t)>
class Handle {
public:
    explicit Handle(hid_t id) : id_(id) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (id_ >= 0) Close(id_);
    }
    [[nodiscard]] hid_t id() const { return id_; }
    [[nodiscard]] bool is_open() const { return id_ >= 0; }
    hid_t release() { return std::exchange(id_, -1); }

private:
    hid_t id_;
};

using Attribute = Handle<H5Aclose>;
using Dataset = Handle<H5Dclose>;
using Group = Handle<H5Gclose>;
using Properties = Handle<H5Pclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;

// Once in a process: no messages on standard error, and no code that a file names.
void set_up_library() {
    static const bool done = [] {
        H5open();
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
        H5PLset_loading_state(0);
        return true;
    }();
    (void)done;
}

hid_t native_type(Hdf5Number number) {
    switch (number) {
        case Hdf5Number::float64:
            return H5T_NATIVE_DOUBLE;
        case Hdf5Number::float32:
            return H5T_NATIVE_FLOAT;
        case Hdf5Number::int64:
            return H5T_NATIVE_INT64;
        case Hdf5Number::uint64:
            return H5T_NATIVE_UINT64;
        case Hdf5Number::uint32:
            return H5T_NATIVE_UINT32;
        case Hdf5Number::uint8:
            return H5T_NATIVE_UINT8;
    }
    return -1;
}

bool is_number(hid_t type) {
    const H5T_class_t kind = H5Tget_class(type);
    return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

// Whether the name leads to an object of this very file.
bool is_own(hid_t file, const char* name) {
    H5L_info_t info;
    return H5Lget_info(file, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}

// Whether all values of a dataset lie in this file, packed by nothing but what HDF5 itself brings.
bool is_plain(hid_t properties) {
    const H5D_layout_t layout = H5Pget_layout(properties);
    if (layout != H5D_CHUNKED && layout != H5D_CONTIGUOUS && layout != H5D_COMPACT) return false;
    if (H5Pget_external_count(properties) != 0) return false;
    const int filters = H5Pget_nfilters(properties);
    if (filters < 0) return false;
    for (int filter = 0; filter < filters; ++filter) {
        std::size_t values = 0;
        unsigned flags = 0;
        const H5Z_filter_t kind =
            H5Pget_filter2(properties, static_cast<unsigned>(filter), &flags, &values, nullptr, 0, nullptr, nullptr);
        if (kind != H5Z_FILTER_DEFLATE && kind != H5Z_FILTER_SHUFFLE && kind != H5Z_FILTER_FLETCHER32) return false;
    }
    return true;
}

std::uint64_t chunk_rows(hid_t properties) {
    hsize_t rows = 1;
    if (H5Pget_layout(properties) == H5D_CHUNKED && H5Pget_chunk(properties, 1, &rows) != 1) return 0;
    return rows;
}

}  // namespace

Hdf5File::Table::~Table() {
    H5Tclose(row_type);
    H5Dclose(dataset);
}

Hdf5File::Hdf5File(const std::filesystem::path& file) : name_(file.filename().string()) {
    std::error_code error;
    file_bytes_ = std::filesystem::file_size(file, error);
    if (error || first_bytes(file, signature.size()) != signature) fail("this is no HDF5 file");
    set_up_library();
    const Properties access(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG);
    file_ = H5Fopen(file.string().c_str(), H5F_ACC_RDONLY, access.id());
    if (file_ < 0) fail("the HDF5 file is damaged or cut off");
}

Hdf5File::~Hdf5File() { H5Fclose(file_); }

void Hdf5File::fail(const std::string& what) const { throw ReadError(name_ + ": " + what + "."); }

std::optional<std::string> Hdf5File::text(const char* group, const char* attribute) const {
    if (!is_own(file_, group)) return std::nullopt;
    const Group opened(H5Gopen2(file_, group, H5P_DEFAULT));
    const Attribute found(opened.is_open() ? H5Aopen(opened.id(), attribute, H5P_DEFAULT) : -1);
    if (!found.is_open()) return std::nullopt;
    const Type type(H5Aget_type(found.id()));
    const Space space(H5Aget_space(found.id()));
    if (H5Tget_class(type.id()) != H5T_STRING || H5Sget_simple_extent_npoints(space.id()) != 1) return std::nullopt;
    if (H5Tis_variable_str(type.id()) > 0) {
        char* text = nullptr;
        if (H5Aread(found.id(), type.id(), static_cast<void*>(&text)) < 0 || text == nullptr) return std::nullopt;
        std::string copy(text);
        H5free_memory(text);
        return copy;
    }
    const std::size_t bytes = H5Tget_size(type.id());
    if (bytes == 0 || bytes > std::min(file_bytes_, largest_text)) return std::nullopt;
    std::string text(bytes, '\0');
    if (H5Aread(found.id(), type.id(), text.data()) < 0) return std::nullopt;
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

std::optional<double> Hdf5File::number(const char* group, const char* attribute) const {
    if (!is_own(file_, group)) return std::nullopt;
    const Group opened(H5Gopen2(file_, group, H5P_DEFAULT));
    const Attribute found(opened.is_open() ? H5Aopen(opened.id(), attribute, H5P_DEFAULT) : -1);
    if (!found.is_open()) return std::nullopt;
    const Type type(H5Aget_type(found.id()));
    const Space space(H5Aget_space(found.id()));
    double value = 0;
    if (!is_number(type.id()) || H5Sget_simple_extent_npoints(space.id()) != 1) return std::nullopt;
    if (H5Aread(found.id(), H5T_NATIVE_DOUBLE, &value) < 0) return std::nullopt;
    return value;
}

Hdf5File::Table Hdf5File::open_table(const char* dataset, std::span<const Hdf5Column> columns,
                                     std::size_t row_bytes) const {
    const std::string what = std::string("its table '") + dataset + "' ";
    Dataset opened(is_own(file_, dataset) ? H5Dopen2(file_, dataset, H5P_DEFAULT) : -1);
    if (!opened.is_open()) fail(what + "is missing or damaged");
    const Type stored(H5Dget_type(opened.id()));
    const Space space(H5Dget_space(opened.id()));
    const Properties properties(H5Dget_create_plist(opened.id()));
    if (H5Tget_class(stored.id()) != H5T_COMPOUND || H5Sget_simple_extent_ndims(space.id()) != 1)
        fail(what + "is no table");
    if (!is_plain(properties.id())) fail(what + "is stored in a way that is not read");

    Type row(H5Tcreate(H5T_COMPOUND, row_bytes));
    for (const Hdf5Column& column : columns) {
        const int index = H5Tget_member_index(stored.id(), column.name);
        const Type type(index < 0 ? -1 : H5Tget_member_type(stored.id(), static_cast<unsigned>(index)));
        if (!type.is_open() || !is_number(type.id()))
            fail(what + "has no column of numbers '" + std::string(column.name) + "'");
        H5Tinsert(row.id(), column.name, column.offset, native_type(column.number));
    }

    const hssize_t rows = H5Sget_simple_extent_npoints(space.id());
    const std::uint64_t stored_row = H5Tget_size(stored.id());
    const std::uint64_t packed = H5Pget_nfilters(properties.id()) > 0 ? best_deflation : 1;
    const std::uint64_t most = std::min(file_bytes_ * packed / std::max<std::uint64_t>(stored_row, 1),
                                        most_table_bytes / std::max(stored_row, std::uint64_t{row_bytes}));
    if (rows < 0 || static_cast<std::uint64_t>(rows) > most)
        fail(what + "declares " + std::to_string(rows) + " rows, more than the file can hold");
    const std::uint64_t chunk = chunk_rows(properties.id());
    if (chunk == 0 || chunk > largest_chunk / stored_row) fail(what + "is stored in pieces of no ordinary size");

    return Table(dataset, static_cast<std::size_t>(rows), opened.release(), row.release());
}

void Hdf5File::read(const Table& table, void* rows) const {
    if (table.rows != 0 && H5Dread(table.dataset, table.row_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) < 0)
        fail("its table '" + table.name + "' is damaged");
}

}  // namespace storage
