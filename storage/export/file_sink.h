#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace storage {

struct WrittenFile {
    std::uint64_t bytes = 0;
    std::string sha256;

    bool operator==(const WrittenFile&) const = default;
};

// Where exporters put their files: a folder, or (in a dry run) nowhere. Paths are relative to the
// export's folder, with '/', and each is written once.
//
// Thread: one.
class FileSink {
public:
    virtual ~FileSink() = default;

    // Throws WriteError; std::logic_error for a path that leaves the folder or is written twice.
    void write(const std::string& path, std::string_view bytes);
    // Sorted by path.
    [[nodiscard]] const std::map<std::string, WrittenFile>& files() const { return files_; }

private:
    virtual void store(const std::string& path, std::string_view bytes) = 0;

    std::map<std::string, WrittenFile> files_;
};

// Counts and hashes, and stores nothing.
class DryRunSink final : public FileSink {
    void store(const std::string&, std::string_view) override {}
};

}  // namespace storage
