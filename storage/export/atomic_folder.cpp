#include "storage/export/atomic_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

namespace storage {
namespace {

namespace fs = std::filesystem;

constexpr const char* lock_name = ".kinetograph-partial";

int error_of(int result) { return result == 0 ? 0 : errno; }

fs::path without_final_slash(const fs::path& path) {
    const fs::path absolute = fs::absolute(path).lexically_normal();
    const fs::path plain = absolute.has_filename() ? absolute : absolute.parent_path();
    std::error_code ignored;
    if (!fs::is_symlink(plain, ignored)) return plain;
    const fs::path resolved = fs::weakly_canonical(plain, ignored);
    return ignored ? plain : resolved;
}

Descriptor open_lock(const fs::path& folder, int flags) {
    Descriptor lock(::open((folder / lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0666));
    if (lock.number() >= 0 && ::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) return Descriptor();
    return lock;
}

// The lock file goes last, so that an interrupted removal is taken up again by the next export.
void remove_partial(const fs::path& folder) {
    std::error_code ignored;
    std::vector<fs::path> entries;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
        if (entry.path().filename() != lock_name) entries.push_back(entry.path());
    for (const fs::path& entry : entries) fs::remove_all(entry, ignored);
    fs::remove_all(folder, ignored);
}

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

void remove_partials_of_the_dead(const fs::path& target) {
    const std::string prefix = target.filename().string() + ".partial-";
    std::error_code ignored;
    std::vector<fs::path> left_over;
    for (const fs::directory_entry& entry : fs::directory_iterator(target.parent_path(), ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && is_number(name.substr(prefix.size())) && !entry.is_symlink(ignored) &&
            entry.is_directory(ignored))
            left_over.push_back(entry.path());
    }
    for (const fs::path& folder : left_over)
        if (const Descriptor lock = open_lock(folder, 0); lock.number() >= 0) remove_partial(folder);
}

}  // namespace

void require_replaceable(const fs::path& target, const WhyNotReplaceable& why_not_replaceable) {
    std::error_code error;
    const fs::file_status status = fs::status(target, error);
    if (!fs::exists(status)) return;
    if (!fs::is_directory(status)) throw WriteError(target.string() + ": is a file; name a folder to export into.");
    if (fs::is_empty(target, error) && !error) return;
    if (error) throw WriteError(target.string() + ": could not be looked into: " + error.message());
    if (const std::optional<std::string> why = why_not_replaceable(target))
        throw WriteError(target.string() + ": " + *why +
                         " Nothing was changed; choose another folder or move this one away.");
}

AtomicFolder::AtomicFolder(const fs::path& target, WhyNotReplaceable why_not_replaceable)
    : target_(without_final_slash(target)), why_not_replaceable_(std::move(why_not_replaceable)) {
    require_replaceable();
    std::error_code error;
    fs::create_directories(target_.parent_path(), error);
    if (error) throw WriteError(target_.parent_path().string() + ": could not be made: " + error.message());
    remove_partials_of_the_dead(target_);

    const fs::path partial = target_.string() + ".partial-" + std::to_string(::getpid());
    if (::mkdir(partial.c_str(), 0777) != 0) {
        if (errno == EEXIST)
            throw WriteError(partial.string() + ": exists; another export into the same folder is running.");
        require(partial, errno);
    }
    partial_ = partial;
    lock_ = open_lock(partial_, O_CREAT);
    if (lock_.number() < 0) {
        const int reason = errno;
        remove_partial(partial_);
        require(partial / lock_name, reason);
    }
}

AtomicFolder::~AtomicFolder() {
    if (!partial_.empty()) remove_partial(partial_);
}

void AtomicFolder::require_replaceable() const { storage::require_replaceable(target_, why_not_replaceable_); }

void AtomicFolder::require(const fs::path& path, int error) const {
    if (error != 0)
        throw WriteError(path.string() + ": could not be written: " + std::generic_category().message(error) + ". " +
                         target_.string() + " is as it was before.");
}

void AtomicFolder::store(const std::string& path, std::string_view bytes) {
    const fs::path file = partial_ / path;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    require(file.parent_path(), error.value());
    Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    require(file, descriptor.number() < 0 ? errno : 0);
    require(file, write_fully(descriptor.number(), bytes));
    require(file, descriptor.close());
}

void AtomicFolder::commit() {
    // One sync of the file system instead of one for each of thousands of files.
    const Descriptor folder(::open(partial_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    require(partial_, folder.number() < 0 ? errno : error_of(::syncfs(folder.number())));
    require_replaceable();
    require(partial_ / lock_name, error_of(::unlink((partial_ / lock_name).c_str())));
    take_the_target_name();
    static_cast<void>(sync_folder(target_.parent_path()));
}

void AtomicFolder::take_the_target_name() {
    std::error_code error;
    if (!fs::exists(target_, error) || fs::is_empty(target_, error)) {
        require(target_, error_of(::rename(partial_.c_str(), target_.c_str())));
        partial_.clear();
        return;
    }
    if (::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) return;
    if (errno != EINVAL && errno != ENOSYS) require(target_, errno);
    // A file system that cannot exchange two names: two steps, the first taken back if the
    // second fails.
    const fs::path old = partial_.string() + ".old";
    require(target_, error_of(::rename(target_.c_str(), old.c_str())));
    if (const int reason = error_of(::rename(partial_.c_str(), target_.c_str())); reason != 0) {
        static_cast<void>(::rename(old.c_str(), target_.c_str()));
        require(target_, reason);
    }
    partial_ = old;
}

}  // namespace storage
