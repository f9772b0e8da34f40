#include "storage/skeleton/hdf5_object.h"

#include <algorithm>
#include <cstddef>

namespace storage {

namespace {

constexpr std::size_t most_messages = 10'000;
constexpr std::size_t most_nodes = 10'000;
constexpr std::uint64_t soft_link = 2;  // of a symbol's cache
constexpr std::uint8_t is_shared = 2;   // of a message's flags

struct Block {
    std::uint64_t at, bytes;
};

// Reads headers of either version, which may go on in further blocks.
class HeaderReader {
public:
    explicit HeaderReader(const Hdf5Bytes& file) : file_(file) {}

    std::vector<Hdf5Message> read(std::uint64_t header) {
        if (file_.text(header, 4) == "OHDR")
            begin_second_version(header);
        else
            begin_first_version(header);
        for (std::size_t next = 0; next < blocks_.size(); ++next) read_block(blocks_[next]);
        return std::move(messages_);
    }

private:
    void begin_first_version(std::uint64_t header) {
        if (file_.number(header, 1) != 1) throw Hdf5Damaged();
        blocks_.push_back({header + 16, file_.number(header + 8, 4)});
    }

    void begin_second_version(std::uint64_t header) {
        const std::uint64_t flags = file_.number(header + 5, 1);
        std::uint64_t at = header + 6;
        if ((flags & 0x20U) != 0) at += 16;
        if ((flags & 0x10U) != 0) at += 4;
        const std::uint64_t size_bytes = std::uint64_t{1} << (flags & 3U);
        second_version_ = true;
        order_bytes_ = (flags & 4U) != 0 ? 2 : 0;
        blocks_.push_back({at + size_bytes, file_.number(at, size_bytes)});
    }

    void read_block(const Block& block) {
        const Hdf5Bytes bytes = file_.part(block.at, block.bytes);
        const std::uint64_t head = second_version_ ? 4 + order_bytes_ : 8;
        for (std::uint64_t at = 0; at + head <= bytes.size();) {
            const std::uint64_t kind = bytes.number(at, second_version_ ? 1 : 2);
            const std::uint64_t size = bytes.number(at + (second_version_ ? 1 : 2), 2);
            const std::uint64_t flags = bytes.number(at + (second_version_ ? 3 : 4), 1);
            add(kind, flags, bytes.part(at + head, size));
            at += head + size;
        }
    }

    void add(std::uint64_t kind, std::uint64_t flags, const Hdf5Bytes& body) {
        if (messages_.size() + blocks_.size() > most_messages) throw Hdf5Damaged();
        if (kind == Hdf5Message::continuation) return add_block(body.number(0, 8), body.number(8, 8));
        if ((flags & is_shared) != 0) return;  // stands elsewhere; what needs it will miss it
        messages_.push_back({static_cast<std::uint16_t>(kind), body});
    }

    void add_block(std::uint64_t at, std::uint64_t bytes) {
        if (!second_version_) return blocks_.push_back({at, bytes});
        file_.require(at, "OCHK");
        if (bytes < 8) throw Hdf5Damaged();
        blocks_.push_back({at + 4, bytes - 8});
    }

    const Hdf5Bytes& file_;
    bool second_version_ = false;
    std::uint64_t order_bytes_ = 0;
    std::vector<Block> blocks_;
    std::vector<Hdf5Message> messages_;
};

// Looks through the tree of a group's names.
class SymbolTable {
public:
    SymbolTable(const Hdf5Bytes& file, const Hdf5Bytes& message) : file_(file), tree_(message.number(0, 8)) {
        const std::uint64_t heap = message.number(8, 8);
        file.require(heap, "HEAP");
        names_ = file.part(file.number(heap + 24, 8), file.number(heap + 8, 8));
    }

    std::optional<std::uint64_t> find(std::string_view name) {
        std::vector<std::uint64_t> nodes{tree_};
        for (std::size_t next = 0; next < nodes.size(); ++next) {
            if (nodes.size() > most_nodes) throw Hdf5Damaged();
            const std::uint64_t node = nodes[next];
            if (file_.text(node, 4) == "SNOD") {
                if (const auto found = find_in_leaf(node, name)) return found;
                continue;
            }
            file_.require(node, std::string_view("TREE\0", 5));
            const std::uint64_t entries = file_.number(node + 6, 2);
            for (std::uint64_t entry = 0; entry < entries; ++entry)
                nodes.push_back(file_.number(node + 24 + 16 * entry + 8, 8));
        }
        return std::nullopt;
    }

private:
    std::optional<std::uint64_t> find_in_leaf(std::uint64_t leaf, std::string_view name) const {
        const std::uint64_t symbols = file_.number(leaf + 6, 2);
        for (std::uint64_t symbol = 0; symbol < symbols; ++symbol) {
            const std::uint64_t at = leaf + 8 + 40 * symbol;
            if (names_.name(file_.number(at, 8)) == name && file_.number(at + 16, 4) != soft_link)
                return file_.number(at + 8, 8);
        }
        return std::nullopt;
    }

    const Hdf5Bytes& file_;
    std::uint64_t tree_;
    Hdf5Bytes names_{{}};
};

// The address when the message is a link of that name to an object of this file.
std::optional<std::uint64_t> target_of(const Hdf5Bytes& link, std::string_view name) {
    const std::uint64_t flags = link.number(1, 1);
    std::uint64_t at = 2;
    if ((flags & 8U) != 0 && link.number(at++, 1) != 0) return std::nullopt;
    if ((flags & 4U) != 0) at += 8;
    if ((flags & 0x10U) != 0) at += 1;
    const std::uint64_t length_bytes = std::uint64_t{1} << (flags & 3U);
    const std::uint64_t length = link.number(at, length_bytes);
    at += length_bytes;
    if (link.text(at, length) != name) return std::nullopt;
    return link.number(at + length, 8);
}

}  // namespace

std::uint64_t hdf5_root(const Hdf5Bytes& file) {
    const std::uint64_t version = file.number(8, 1);
    if (version > 3) throw Hdf5Damaged();
    const bool old = version < 2;
    const std::uint64_t sizes = old ? 13 : 9;
    if (file.number(sizes, 1) != 8 || file.number(sizes + 1, 1) != 8) throw Hdf5Damaged();
    const std::uint64_t base = old ? 24 + 4 * version : 12;
    if (file.number(base, 8) != 0 || file.number(base + 16, 8) > file.size()) throw Hdf5Damaged();
    return file.number(old ? base + 40 : base + 24, 8);
}

std::vector<Hdf5Message> hdf5_messages(const Hdf5Bytes& file, std::uint64_t header) {
    return HeaderReader(file).read(header);
}

const Hdf5Message* message_of(const std::vector<Hdf5Message>& messages, Hdf5Message::Kind kind) {
    const auto found = std::ranges::find(messages, kind, &Hdf5Message::kind);
    return found == messages.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> hdf5_child(const Hdf5Bytes& file, std::uint64_t group, std::string_view name) {
    const std::vector<Hdf5Message> messages = hdf5_messages(file, group);
    if (const Hdf5Message* table = message_of(messages, Hdf5Message::symbol_table))
        return SymbolTable(file, table->body).find(name);
    for (const Hdf5Message& message : messages)
        if (message.kind == Hdf5Message::link)
            if (const auto found = target_of(message.body, name)) return found;
    return std::nullopt;
}

}  // namespace storage
