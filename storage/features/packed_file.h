#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// Values in files that only this program on this machine reads: caches.
namespace storage {

// Values one after the other, in the machine's own byte order.
class Packer {
public:
    template <class Value>
    void value(Value value) {
        static_assert(std::is_trivially_copyable_v<Value>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(std::string_view text) {
        value(static_cast<std::uint64_t>(text.size()));
        bytes_.append(text);
    }
    template <class Value>
    void array(const std::vector<Value>& values) {
        value(static_cast<std::uint64_t>(values.size()));
        bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

// What was packed is cut off or altered.
struct DamagedPack {};

// The reverse; throws DamagedPack rather than reading past the end.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

    template <class Value>
    Value value() {
        Value value{};
        const std::string_view bytes = take(sizeof value);
        // A truth value has only two ways to be.
        if (std::is_same_v<Value, bool> && static_cast<unsigned char>(bytes.front()) > 1) throw DamagedPack();
        std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::string text() { return std::string(take(count(1))); }
    template <class Value>
    std::vector<Value> array() {
        const std::size_t size = count(sizeof(Value));
        std::vector<Value> values(size);
        const std::string_view bytes = take(size * sizeof(Value));
        if (size != 0) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
    // A number of things of at least so many bytes each, so that no count asks for more memory
    // than the file has.
    std::size_t count(std::size_t bytes_each) {
        const auto number = value<std::uint64_t>();
        if (number > rest_.size() / bytes_each) throw DamagedPack();
        return static_cast<std::size_t>(number);
    }

private:
    std::string_view take(std::size_t bytes) {
        if (bytes > rest_.size()) throw DamagedPack();
        const std::string_view taken = rest_.substr(0, bytes);
        rest_.remove_prefix(bytes);
        return taken;
    }

    std::string_view rest_;
};

// What begins a file, so that one of another kind or version is told from it.
struct PackedKind {
    std::string_view magic;
    std::uint32_t version = 1;
};

// The content of a file of that kind, checked against the hash in it; nullopt where there is none, where it is
// damaged or was written by another version. Never throws for what a file is or holds.
std::optional<std::string> read_packed_file(const std::filesystem::path& file, const PackedKind& kind);

// The file, and the folders on the way, appear whole, by renaming; what cannot be written is not kept.
//
// Thread: any; of two writers the last one wins.
void write_packed_file(const std::filesystem::path& file, const PackedKind& kind, std::string_view content);

}  // namespace storage
