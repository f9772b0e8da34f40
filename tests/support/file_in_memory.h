#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tests {

// Bytes as a file that never reaches a disk, for readers that take a path. A memfd has no name of its own, which HDF5
// insists on.
class FileInMemory {
public:
    FileInMemory(const std::uint8_t* data, std::size_t size, std::string_view extension = "")
        : path_("/dev/shm/kinetograph-XXXXXX" + std::string(extension)),
          descriptor_(mkstemps(path_.data(), static_cast<int>(extension.size()))) {
        for (std::size_t written = 0; written < size;) {
            const ssize_t more = ::write(descriptor_, data + written, size - written);
            if (more <= 0) throw std::runtime_error(path_ + " cannot be written");
            written += static_cast<std::size_t>(more);
        }
    }
    FileInMemory(const FileInMemory&) = delete;
    FileInMemory& operator=(const FileInMemory&) = delete;
    ~FileInMemory() {
        ::unlink(path_.c_str());
        ::close(descriptor_);
    }

    [[nodiscard]] std::filesystem::path path() const { return path_; }

private:
    std::string path_;
    int descriptor_;
};

}  // namespace tests
