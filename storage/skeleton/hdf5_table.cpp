#include "storage/skeleton/hdf5_table.h"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "storage/skeleton/hdf5_object.h"

namespace storage {

namespace {

constexpr std::uint64_t best_deflation = 1032;  // https://zlib.net/zlib_tech.html
constexpr std::uint64_t most_bytes = std::uint64_t{3} << 30U;
constexpr std::uint64_t largest_chunk = std::uint64_t{256} << 20U;
constexpr std::size_t most_nodes = 1'000'000;

enum class Filter : std::uint16_t { deflate = 1, shuffle = 2, fletcher32 = 3 };
enum StoredLayout : std::uint8_t { compact = 0, contiguous = 1, chunked = 2 };

std::vector<Filter> filters_from(const Hdf5Bytes& message) {
    const std::uint64_t version = message.number(0, 1), count = message.number(1, 1);
    std::uint64_t at = version == 1 ? 8 : 2;
    std::vector<Filter> filters;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t id = message.number(at, 2);
        if (id < 1 || id > 3 || version < 1 || version > 2) throw Hdf5Damaged();
        filters.push_back(static_cast<Filter>(id));
        const std::uint64_t name = version == 1 ? message.number(at + 2, 2) : 0;
        const std::uint64_t values = message.number(at + (version == 1 ? 6 : 4), 2);
        at += (version == 1 ? 8 + padded_to_8(name) : 6) + 4 * values;
        if (version == 1 && values % 2 == 1) at += 4;
    }
    return filters;
}

std::string inflated(const std::string& packed, std::uint64_t bytes) {
    std::string unpacked(static_cast<std::size_t>(bytes), '\0');
    auto length = static_cast<uLongf>(bytes);
    if (uncompress(reinterpret_cast<Bytef*>(unpacked.data()), &length, reinterpret_cast<const Bytef*>(packed.data()),
                   static_cast<uLong>(packed.size())) != Z_OK ||
        length != bytes)
        throw Hdf5Damaged();
    return unpacked;
}

// Undoes HDF5's order of all first bytes, all second bytes …; what does not make a whole value stays at the end.
std::string unshuffled(const std::string& shuffled, std::uint64_t value_bytes) {
    const std::size_t values = shuffled.size() / value_bytes;
    std::string plain = shuffled;
    for (std::size_t byte = 0; byte < value_bytes; ++byte)
        for (std::size_t value = 0; value < values; ++value)
            plain[value * value_bytes + byte] = shuffled[byte * values + value];
    return plain;
}

struct Chunk {
    std::uint64_t first_row, at, bytes, filter_mask;
};

// The chunks of a dataset of one dimension, whose tree's nodes have keys of that dimension and one of the
// value's bytes. They come in order and none twice, or a small file could ask for endless work.
class ChunkTree {
public:
    explicit ChunkTree(const Hdf5Bytes& file) : file_(file) {}

    std::vector<Chunk> chunks(std::uint64_t root) {
        if (root != hdf5_nowhere) walk(root, 0);
        return std::move(chunks_);
    }

private:
    void walk(std::uint64_t node, int depth) {
        constexpr std::uint64_t key = 8 + 2 * 8, entry = key + 8;
        if (depth > 8 || ++nodes_ > most_nodes) throw Hdf5Damaged();
        file_.require(node, std::string_view("TREE\1", 5));
        const std::uint64_t level = file_.number(node + 5, 1), entries = file_.number(node + 6, 2);
        for (std::uint64_t i = 0; i < entries; ++i) {
            const std::uint64_t at = node + 24 + entry * i;
            const std::uint64_t child = file_.number(at + key, 8);
            if (level > 0)
                walk(child, depth + 1);
            else
                add({file_.number(at + 8, 8), child, file_.number(at, 4), file_.number(at + 4, 4)});
        }
    }

    void add(const Chunk& chunk) {
        if (!chunks_.empty() && chunk.first_row <= chunks_.back().first_row) throw Hdf5Damaged();
        chunks_.push_back(chunk);
    }

    const Hdf5Bytes& file_;
    std::size_t nodes_ = 0;
    std::vector<Chunk> chunks_;
};

class DatasetReader {
public:
    DatasetReader(const Hdf5Bytes& file, std::uint64_t header) : file_(file), messages_(hdf5_messages(file, header)) {
        if (message_of(messages_, Hdf5Message::external_files) != nullptr) throw Hdf5Damaged();
        rows_.type = hdf5_type(required(Hdf5Message::datatype));
        rows_.count = hdf5_extent(required(Hdf5Message::dataspace));
        if (const Hdf5Message* message = message_of(messages_, Hdf5Message::filters))
            filters_ = filters_from(message->body);
        const std::uint64_t most = std::min(most_bytes, file.size() * (filters_.empty() ? 1 : best_deflation));
        if (rows_.count > most / rows_.type.bytes) throw Hdf5Damaged();
    }

    Hdf5Rows read() {
        const Hdf5Bytes& layout = required(Hdf5Message::layout);
        if (layout.number(0, 1) != 3) throw Hdf5Damaged();
        const std::uint64_t bytes = rows_.count * rows_.type.bytes;
        switch (layout.number(1, 1)) {
            case compact:
                rows_.bytes = layout.text(4, bytes);
                break;
            case contiguous:
                rows_.bytes = bytes == 0 ? std::string_view() : file_.text(layout.number(2, 8), bytes);
                break;
            case chunked:
                read_chunks(layout);
                break;
            default:
                throw Hdf5Damaged();
        }
        return std::move(rows_);
    }

private:
    [[nodiscard]] const Hdf5Bytes& required(Hdf5Message::Kind kind) const {
        const Hdf5Message* const message = message_of(messages_, kind);
        if (message == nullptr) throw Hdf5Damaged();
        return message->body;
    }

    void read_chunks(const Hdf5Bytes& layout) {
        const std::uint64_t chunk_rows = layout.number(11, 4), row = rows_.type.bytes;
        if (layout.number(2, 1) != 2 || layout.number(15, 4) != row) throw Hdf5Damaged();
        if (chunk_rows == 0 || chunk_rows > largest_chunk / row) throw Hdf5Damaged();
        rows_.bytes.assign(static_cast<std::size_t>(rows_.count * row), '\0');
        for (const Chunk& chunk : ChunkTree(file_).chunks(layout.number(3, 8))) {
            if (chunk.first_row % chunk_rows != 0) throw Hdf5Damaged();
            if (chunk.first_row >= rows_.count) continue;
            const std::string plain = unpacked(chunk, chunk_rows * row);
            const std::uint64_t count = std::min(chunk_rows, rows_.count - chunk.first_row);
            std::copy_n(plain.begin(), count * row,
                        rows_.bytes.begin() + static_cast<std::ptrdiff_t>(chunk.first_row * row));
        }
    }

    // Filters are undone from the last to the first.
    [[nodiscard]] std::string unpacked(const Chunk& chunk, std::uint64_t bytes) const {
        std::string content(file_.text(chunk.at, chunk.bytes));
        for (std::size_t filter = filters_.size(); filter-- > 0;) {
            if ((chunk.filter_mask >> filter & 1U) != 0) continue;
            if (filters_[filter] == Filter::deflate) content = inflated(content, bytes);
            if (filters_[filter] == Filter::shuffle) content = unshuffled(content, rows_.type.bytes);
            if (filters_[filter] == Filter::fletcher32)
                content.resize(content.size() - std::min<std::size_t>(4, content.size()));
        }
        if (content.size() != bytes) throw Hdf5Damaged();
        return content;
    }

    const Hdf5Bytes& file_;
    std::vector<Hdf5Message> messages_;
    std::vector<Filter> filters_;
    Hdf5Rows rows_;
};

}  // namespace

Hdf5Rows hdf5_rows(const Hdf5Bytes& file, std::uint64_t dataset) { return DatasetReader(file, dataset).read(); }

std::uint64_t hdf5_extent(const Hdf5Bytes& dataspace) {
    const std::uint64_t version = dataspace.number(0, 1), rank = dataspace.number(1, 1);
    if (version < 1 || version > 2 || rank > 1) throw Hdf5Damaged();
    return rank == 0 ? 1 : dataspace.number(version == 1 ? 8 : 4, 8);
}

}  // namespace storage
