#include "storage/export/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace storage {
namespace {

std::filesystem::path link_target(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_symlink(path, ignored)) return path;
    const std::filesystem::path resolved = std::filesystem::weakly_canonical(path, ignored);
    return ignored ? path : resolved;
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

// Does not grow with the target's name, which may have the greatest length allowed.
std::filesystem::path partial_name() {
    static std::atomic<unsigned> count{0};
    return ".kinetograph-" + std::to_string(::getpid()) + "-" + std::to_string(count++) + ".partial";
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

int Descriptor::close() {
    if (number_ < 0) return 0;
    return ::close(std::exchange(number_, -1)) == 0 ? 0 : errno;
}

int write_fully(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

int sync_folder(const std::filesystem::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.number() < 0) return errno;
    // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do there.
    return ::fsync(descriptor.number()) == 0 || errno == EINVAL ? 0 : errno;
}

AtomicFile::AtomicFile(const std::filesystem::path& target)
    : target_(link_target(target)), partial_(folder_of(target_) / partial_name()) {
    struct stat old {};
    const bool replaces = ::stat(target_.c_str(), &old) == 0;
    if (replaces && !S_ISREG(old.st_mode)) require(S_ISDIR(old.st_mode) ? EISDIR : EINVAL);
    descriptor_ = Descriptor(::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (descriptor_.number() < 0) require(errno);
    // Best effort: a file system without permissions still takes the bytes.
    if (replaces) static_cast<void>(::fchmod(descriptor_.number(), old.st_mode & 07777U));
}

AtomicFile::~AtomicFile() {
    if (!partial_.empty()) ::unlink(partial_.c_str());
}

void AtomicFile::require(int error) const {
    if (error != 0)
        throw WriteError(target_.string() + ": could not be written: " + std::generic_category().message(error) +
                         ". What was there before is unchanged.");
}

void AtomicFile::write(std::string_view bytes) { require(write_fully(descriptor_.number(), bytes)); }

void AtomicFile::commit() {
    require(::fsync(descriptor_.number()) == 0 ? 0 : errno);
    require(descriptor_.close());
    require(::rename(partial_.c_str(), target_.c_str()) == 0 ? 0 : errno);
    partial_.clear();
    // The file is whole under its name by now; a folder that cannot be synced only risks that a
    // power cut brings the old one back.
    static_cast<void>(sync_folder(folder_of(target_)));
}

void write_file_atomically(const std::filesystem::path& target, std::string_view bytes) {
    AtomicFile file(target);
    file.write(bytes);
    file.commit();
}

}  // namespace storage
