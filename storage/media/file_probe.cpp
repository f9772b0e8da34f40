#include "storage/media/file_probe.h"

#include <algorithm>
#include <fstream>
#include <system_error>

namespace storage {

namespace {

enum class End { first, last };

std::string bytes_at(const std::filesystem::path& file, std::size_t count, End where) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return {};
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (error) return {};
    std::string bytes(static_cast<std::size_t>(std::min<std::uintmax_t>(count, size)), '\0');
    std::ifstream stream(file, std::ios::binary);
    if (where == End::last) stream.seekg(-static_cast<std::streamoff>(bytes.size()), std::ios::end);
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    return bytes;
}

}  // namespace

std::string first_bytes(const std::filesystem::path& file, std::size_t count) {
    return bytes_at(file, count, End::first);
}

std::string last_bytes(const std::filesystem::path& file, std::size_t count) {
    return bytes_at(file, count, End::last);
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if ('A' <= c && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

bool has_extension(const std::filesystem::path& file, std::string_view lower_case_extension) {
    return lower_case(file.extension().string()) == lower_case_extension;
}

}  // namespace storage
