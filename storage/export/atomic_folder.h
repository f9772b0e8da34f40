#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "storage/export/atomic_file.h"
#include "storage/export/file_sink.h"

namespace storage {

// Says why a non-empty folder must not be replaced; nullopt where it may be.
using WhyNotReplaceable = std::function<std::optional<std::string>(const std::filesystem::path&)>;

// A folder that appears as a whole or not at all. Files are written into `<target>.partial-<pid>`,
// which takes the target's name when all of them are on the disk. An earlier folder is swapped
// out in the same step and deleted after that, but only if `why_not_replaceable` allows it: when
// the writing starts, and again just before the swap. Without commit(), and after any error, the
// target is as it was.
//
// Partial folders of processes that died are removed on the way. They are told by a lock file
// inside, which the system releases with the process.
//
// Thread: one. Throws WriteError.
class AtomicFolder final : public FileSink {
public:
    AtomicFolder(const std::filesystem::path& target, WhyNotReplaceable why_not_replaceable);
    AtomicFolder(const AtomicFolder&) = delete;
    AtomicFolder& operator=(const AtomicFolder&) = delete;
    ~AtomicFolder() override;

    [[nodiscard]] const std::filesystem::path& target() const { return target_; }
    // Where the files are until commit(), for writers that need a path. It begins with a hidden file in it.
    [[nodiscard]] const std::filesystem::path& partial() const { return partial_; }
    void commit();

private:
    void store(const std::string& path, std::string_view bytes) override;
    void require_replaceable() const;
    void require(const std::filesystem::path& path, int error) const;
    void take_the_target_name();

    std::filesystem::path target_, partial_;
    WhyNotReplaceable why_not_replaceable_;
    Descriptor lock_;
};

// Refuses as AtomicFolder would, without writing anything.
void require_replaceable(const std::filesystem::path& target, const WhyNotReplaceable& why_not_replaceable);

}  // namespace storage
