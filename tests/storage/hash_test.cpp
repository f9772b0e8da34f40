#include "storage/hash.h"

#include <doctest/doctest.h>

#include "storage/read_error.h"
#include "tests/support/temporary_folder.h"

using namespace storage;

TEST_CASE("SHA-256 of the empty text and of 'abc' are those of FIPS 180-4") {
    CHECK(sha256_of(std::string_view()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a hash of pieces is the hash of the whole, and a finished hasher starts afresh") {
    Sha256 hash;
    hash.add("a");
    hash.add("");
    hash.add("bc");
    CHECK(hash.finish() == sha256_of("abc"));
    hash.add("abc");
    CHECK(hash.finish() == sha256_of("abc"));
}

TEST_CASE("a file of several pieces has the hash of its bytes") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    std::string bytes((std::size_t{1} << 20U) * 2 + 17, 'x');
    bytes[12345] = '\0';
    CHECK(sha256_of_file(folder.file("large", bytes)) == sha256_of(bytes));
    CHECK(sha256_of_file(folder.file("empty", "")) == sha256_of(""));
}

TEST_CASE("a file that is missing, or a folder, is an error with its path") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const auto missing = folder.path() / "missing";
    CHECK_THROWS_WITH_AS(sha256_of_file(missing),
                         (missing.string() + ": could not be read: No such file or directory").c_str(), ReadError);
    CHECK_THROWS_AS(sha256_of_file(folder.path()), ReadError);
}
