#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace tests {

// Bytes as a file that is never on a disk, for readers that take a path.
class FileInMemory {
public:
    FileInMemory(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("fuzz", 0)) {
        for (std::size_t written = 0; written < size;) {
            const ssize_t more = ::write(descriptor_, data + written, size - written);
            if (more <= 0) throw std::runtime_error("a file in memory cannot be written");
            written += static_cast<std::size_t>(more);
        }
    }
    FileInMemory(const FileInMemory&) = delete;
    FileInMemory& operator=(const FileInMemory&) = delete;
    ~FileInMemory() { ::close(descriptor_); }

    [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

}  // namespace tests
