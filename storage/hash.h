#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace storage {

// SHA-256 over what is added piece by piece. Digests are 64 lower-case hexadecimal digits.
//
// Thread: one. Throws std::runtime_error if OpenSSL cannot compute the hash at all.
class Sha256 {
public:
    Sha256();
    void add(std::span<const std::byte> bytes);
    void add(std::string_view bytes);
    // The digest of everything added so far; the next add() starts afresh.
    [[nodiscard]] std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Whether the text is a digest as they are written here.
bool is_sha256(std::string_view text);

std::string sha256_of(std::span<const std::byte> bytes);
std::string sha256_of(std::string_view bytes);

// Reads in pieces of 1 MiB, so the file may be of any size. Throws ReadError if it cannot be read
// to its end.
std::string sha256_of_file(const std::filesystem::path& file);
// `progress` gets the number of bytes of each piece. nullopt when stopped.
std::optional<std::string> sha256_of_file(const std::filesystem::path& file,
                                          const std::function<void(std::uintmax_t)>& progress,
                                          const std::stop_token& stop);

}  // namespace storage
