#include "storage/features/packed_file.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <system_error>

namespace storage {

namespace {

using Digest = std::array<unsigned char, 32>;

Digest digest_of(std::string_view bytes) {
    Digest digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return digest;
}

std::string contents(const std::filesystem::path& file) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) return {};
    std::string bytes(static_cast<std::size_t>(size), '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return stream ? bytes : std::string();
}

// Unlike any other writer's, of this process or another.
std::filesystem::path partial_name(std::filesystem::path file) {
    static std::atomic<int> writes = 0;
    return file += "." + std::to_string(::getpid()) + "." + std::to_string(writes++) + ".part";
}

}  // namespace

std::optional<std::string> read_packed_file(const std::filesystem::path& file, const PackedKind& kind) {
    std::string bytes = contents(file);
    const std::size_t head = kind.magic.size() + sizeof kind.version + sizeof(Digest);
    if (bytes.size() < head || !bytes.starts_with(kind.magic)) return std::nullopt;
    Unpacker in(std::string_view(bytes).substr(kind.magic.size()));
    if (in.value<std::uint32_t>() != kind.version) return std::nullopt;
    const auto digest = in.value<Digest>();
    bytes.erase(0, head);
    if (digest_of(bytes) != digest) return std::nullopt;
    return bytes;
}

void write_packed_file(const std::filesystem::path& file, const PackedKind& kind, std::string_view content) {
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    if (error) return;
    Packer head;
    head.value(kind.version);
    head.value(digest_of(content));
    const std::filesystem::path partial = partial_name(file);
    std::ofstream stream(partial, std::ios::binary);
    stream << kind.magic << head.bytes() << content;
    stream.close();
    if (stream) std::filesystem::rename(partial, file, error);
    if (!stream || error) std::filesystem::remove(partial, error);
}

}  // namespace storage
