#include "storage/hash.h"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "storage/read_error.h"

namespace storage {
namespace {

void require(int ok) {
    if (ok != 1) throw std::runtime_error("SHA-256: OpenSSL could not compute it; is its default provider installed?");
}

std::string hex_from(std::span<const unsigned char> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const unsigned byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

ReadError unreadable(const std::filesystem::path& file, int error) {
    return ReadError(file.string() + ": could not be read: " + std::generic_category().message(error));
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    require(context_ != nullptr);
    require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::add(std::span<const std::byte> bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

void Sha256::add(std::string_view bytes) { add(std::as_bytes(std::span(bytes))); }

std::string Sha256::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), &length));
    require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
    return hex_from(std::span(digest).first(length));
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string sha256_of(std::span<const std::byte> bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

std::string sha256_of(std::string_view bytes) { return sha256_of(std::as_bytes(std::span(bytes))); }

std::string sha256_of_file(const std::filesystem::path& file) {
    return sha256_of_file(file, [](std::uintmax_t) {}, {}).value();
}

std::optional<std::string> sha256_of_file(const std::filesystem::path& file,
                                          const std::function<void(std::uintmax_t)>& progress,
                                          const std::stop_token& stop) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(
        std::fopen(file.c_str(), "rb"), [](std::FILE* open) { return open == nullptr ? 0 : std::fclose(open); });
    if (stream == nullptr) throw unreadable(file, errno);
    Sha256 hash;
    std::vector<std::byte> piece(std::size_t{1} << 20U);
    while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), stream.get())) {
        if (stop.stop_requested()) return std::nullopt;
        hash.add(std::span(piece).first(count));
        progress(count);
    }
    if (std::ferror(stream.get()) != 0) throw unreadable(file, errno);
    return hash.finish();
}

}  // namespace storage
