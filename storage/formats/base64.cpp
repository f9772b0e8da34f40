#include "storage/formats/base64.h"

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>

namespace storage {

namespace {

int length_for_openssl(std::size_t length) {
    if (length > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2)
        throw std::invalid_argument("a packed list is too long for base64");
    return static_cast<int>(length);
}

}  // namespace

std::string base64_from(std::span<const std::byte> bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    const int written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), length_for_openssl(bytes.size()));
    text.resize(static_cast<std::size_t>(written));
    return text;
}

std::vector<std::byte> bytes_from_base64(std::string_view text) {
    if (text.empty()) return {};
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    std::vector<std::byte> bytes(text.size() / 4 * 3);
    const int written = text.size() % 4 != 0 ? -1
                                             : EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                                               reinterpret_cast<const unsigned char*>(text.data()),
                                                               length_for_openssl(text.size()));
    bytes.resize(written < 0 ? 0 : static_cast<std::size_t>(written) - padding);  // OpenSSL counts it as zeros
    // OpenSSL takes blanks around it, and padding where there is nothing.
    if (base64_from(bytes) != text) throw std::invalid_argument("a packed list is no base64");
    return bytes;
}

}  // namespace storage
