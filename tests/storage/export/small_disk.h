#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace tests {

// A file system of 64 KiB in memory, where the tests run as root and may mount one.
class SmallDisk {
public:
    SmallDisk() : mounted_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=64k") == 0) {}
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() {
        if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }

    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

private:
    TemporaryFolder folder_;
    bool mounted_;
};

}  // namespace tests
