#include "storage/export/atomic_folder.h"

#include <doctest/doctest.h>

#include "tests/storage/export/small_disk.h"
#include "tests/support/temporary_folder.h"

using namespace storage;
namespace fs = std::filesystem;

namespace {

std::optional<std::string> ours(const fs::path& folder) {
    if (fs::exists(folder / "export.json")) return std::nullopt;
    return "is not ours.";
}

void write_export(const fs::path& target, const std::string& text) {
    AtomicFolder folder(target, ours);
    folder.write("export.json", text);
    folder.write("frames/a.csv", "1");
    folder.commit();
}

std::ptrdiff_t entries_in(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), {}); }

}  // namespace

TEST_CASE("a folder appears whole, also in place of an empty one and with a slash at the end") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    fs::create_directory(folder.path() / "empty");
    for (const char* name : {"new", "empty", "slash/", "deep/in/there"}) {
        write_export(folder.path() / name, "1");
        CHECK(tests::text_in(folder.path() / name / "frames/a.csv") == "1");
        CHECK(entries_in(folder.path() / name) == 2);
    }
    CHECK(entries_in(folder.path()) == 4);
}

TEST_CASE("an earlier export is replaced and its old files are gone") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    write_export(folder.path() / "out", "1");
    folder.file("out/old.txt", "old");
    write_export(folder.path() / "out", "2");
    CHECK(tests::text_in(folder.path() / "out/export.json") == "2");
    CHECK_FALSE(fs::exists(folder.path() / "out/old.txt"));
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a folder that is none of ours, and a file, are refused and stay") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const fs::path photo = folder.file("out/photo.jpg", "x");
    CHECK_THROWS_WITH_AS(write_export(folder.path() / "out", "1"),
                         doctest::Contains("is not ours. Nothing was changed"), WriteError);
    CHECK_THROWS_WITH_AS(write_export(photo, "1"), doctest::Contains("is a file"), WriteError);
    CHECK(tests::text_in(photo) == "x");
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("a folder that is not committed leaves the earlier one and no trace") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    write_export(folder.path() / "out", "1");
    {
        AtomicFolder unfinished(folder.path() / "out", ours);
        unfinished.write("export.json", "2");
    }
    CHECK(tests::text_in(folder.path() / "out/export.json") == "1");
    CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("what appears at the target while an export runs is not replaced") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    AtomicFolder unfinished(folder.path() / "out", ours);
    unfinished.write("export.json", "2");
    folder.file("out/photo.jpg", "x");
    CHECK_THROWS_AS(unfinished.commit(), WriteError);
    CHECK(tests::text_in(folder.path() / "out/photo.jpg") == "x");
}

TEST_CASE("partial folders of the dead are removed, those of the living and of strangers are not") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    folder.file("out.partial-1/.kinetograph-partial", "");
    folder.file("out.partial-1/frames/a.csv", "x");
    folder.file("out.partial-2/photo.jpg", "x");
    folder.file("out.partial-mine/.kinetograph-partial", "x");
    AtomicFolder living(folder.path() / "out", ours);
    CHECK_THROWS_WITH_AS(write_export(folder.path() / "out", "1"),
                         doctest::Contains("another export into the same folder is running"), WriteError);
    CHECK_FALSE(fs::exists(folder.path() / "out.partial-1"));
    CHECK(fs::exists(folder.path() / "out.partial-2/photo.jpg"));
    CHECK(fs::exists(folder.path() / "out.partial-mine"));
    living.write("export.json", "1");
    living.commit();
}

TEST_CASE("a path that leaves the folder or comes twice is refused") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    AtomicFolder out(folder.path() / "out", ours);
    for (const char* path : {"../x", "/tmp/x", "a/../../x", "", "."})
        CHECK_THROWS_AS(out.write(path, "x"), std::logic_error);
    out.write("a", "x");
    CHECK_THROWS_AS(out.write("a", "y"), std::logic_error);
}

TEST_CASE("a disk that is full in the middle of an export keeps the earlier one") {
    const tests::SmallDisk disk;
    if (!disk.mounted()) {
        MESSAGE("no small file system can be mounted here: skipped");
        return;
    }
    write_export(disk.path() / "out", "1");
    CHECK_THROWS_WITH_AS(write_export(disk.path() / "out", std::string(200'000, 'x')),
                         doctest::Contains("No space left on device"), WriteError);
    CHECK(tests::text_in(disk.path() / "out/export.json") == "1");
    CHECK(entries_in(disk.path()) == 1);
}
