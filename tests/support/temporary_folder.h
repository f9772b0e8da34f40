#pragma once

#include <filesystem>

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

private:
    std::filesystem::path path_;
};

}  // namespace tests
