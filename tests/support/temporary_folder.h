#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tests {

// disk: where files usually go. memory: where there is no waiting for a disk, for tests that
// write very often and are not about what a crash leaves.
enum class Place { disk, memory };

// A fresh folder that is gone, with all that is in it, at the end of the test.
class TemporaryFolder {
public:
    explicit TemporaryFolder(Place place = Place::disk);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // A file in it, with the folders on the way to it.
    std::filesystem::path file(const std::string& name, std::string_view bytes) const;

private:
    std::filesystem::path path_;
};

// The bytes of a file; none when it cannot be read.
std::string text_in(const std::filesystem::path& file);

}  // namespace tests
