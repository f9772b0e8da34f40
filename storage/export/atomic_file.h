#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace storage {

// A file or folder that could not be written. The message puts the path first, then the reason:
// "dance/labels.json: could not be written: No space left on device. The old file is unchanged."
class WriteError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    [[nodiscard]] int number() const { return number_; }
    // 0, or the errno of a failed close, by which some file systems report a full disk.
    int close();

private:
    int number_;
};

// Writes all bytes, also over interrupted and partial writes. Returns 0 or an errno.
int write_fully(int descriptor, std::string_view bytes);

// Makes the names in a folder last through a power cut. Returns 0 or an errno.
int sync_folder(const std::filesystem::path& folder);

// Replaces a file as a whole or not at all: the bytes go to a hidden file beside the target, reach
// the disk, and take the target's name in one step. Whatever fails on the way (full disk,
// read-only folder, a crash), the old file stays as it was. A target that is a symbolic link
// keeps being one; a replaced file keeps its permissions.
//
// Thread: one. Every member throws WriteError.
class AtomicFile {
public:
    explicit AtomicFile(const std::filesystem::path& target);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile();  // without commit(), removes what was written

    void write(std::string_view bytes);
    void commit();

private:
    void require(int error) const;

    std::filesystem::path target_, partial_;
    Descriptor descriptor_;
};

void write_file_atomically(const std::filesystem::path& target, std::string_view bytes);

}  // namespace storage
