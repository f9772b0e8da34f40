#include "storage/export/atomic_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

#include "tests/storage/export/small_disk.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;

namespace {

std::ptrdiff_t entries_in(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), {}); }

}  // namespace

TEST_CASE("an atomic file replaces the old one and leaves nothing beside it") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path file = folder.file("labels.json", "old");
    write_file_atomically(file, "new");
    CHECK(tests::text_in(file) == "new");
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("an atomic file that is not committed leaves the old one") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path file = folder.file("labels.json", "old");
    { AtomicFile(file).write("half"); }
    CHECK(tests::text_in(file) == "old");
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a replaced file keeps its permissions, and a link stays a link") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path file = folder.file("labels.json", "old"), link = folder.path() / "link";
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink(file, link);
    write_file_atomically(link, "new");
    CHECK(fs::is_symlink(link));
    CHECK(tests::text_in(file) == "new");
    CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a name of the greatest length can be written") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path file = folder.path() / std::string(255, 'n');
    write_file_atomically(file, "x");
    CHECK(tests::text_in(file) == "x");
}

TEST_CASE("a target that cannot be written names its path and the reason") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path missing = folder.path() / "no" / "labels.json";
    CHECK_THROWS_WITH_AS(write_file_atomically(missing, "x"),
                         doctest::Contains(": could not be written: No such file or directory"), WriteError);
    CHECK_THROWS_WITH_AS(write_file_atomically(folder.path(), "x"), doctest::Contains("Is a directory"), WriteError);
}

TEST_CASE("a full disk keeps the old file and says so") {
    const tests::SmallDisk disk;
    if (!disk.mounted()) {
        MESSAGE("no small file system can be mounted here: skipped");
        return;
    }
    const fs::path file = disk.path() / "labels.json";
    write_file_atomically(file, "old");
    CHECK_THROWS_WITH_AS(write_file_atomically(file, std::string(200'000, 'x')),
                         doctest::Contains("No space left on device"), WriteError);
    CHECK(tests::text_in(file) == "old");
    CHECK(entries_in(disk.path()) == 1);
}
