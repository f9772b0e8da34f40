#include "storage/media/declared_length.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/temporary_folder.h"

using storage::cut_off_words;
using storage::declared_bytes;
using tests::Place;
using tests::TemporaryFolder;
using namespace std::string_literals;

namespace {

// A head of Matroska with an EBML header of three bytes, a void element and a segment of `size`.
std::string matroska(const std::string& size) {
    return "\x1a\x45\xdf\xa3\x83"s + "abc" + "\xec\x82zz" + "\x18\x53\x80\x67" + size + "content";
}

}  // namespace

TEST_CASE("Matroska says how long its segment is") {
    const TemporaryFolder folder(Place::memory);
    CHECK(declared_bytes(folder.file("a.mkv", matroska("\x87"))) == 24);
    CHECK(declared_bytes(folder.file("b.mkv", matroska("\x01\0\0\0\0\0\0\x09"s))) == 33);
}

TEST_CASE("a segment of unknown size says nothing, and so does a head that is damaged") {
    const TemporaryFolder folder(Place::memory);
    CHECK(!declared_bytes(folder.file("live.mkv", matroska("\xff"))));
    CHECK(!declared_bytes(folder.file("live8.mkv", matroska("\x01\xff\xff\xff\xff\xff\xff\xff"))));
    CHECK(!declared_bytes(folder.file("huge.mkv", "\x1a\x45\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xfe")));
    CHECK(!declared_bytes(folder.file("zero.mkv", "\x1a\x45\xdf\xa3\0\0\0"s)));
    CHECK(!declared_bytes(folder.file("short.mkv", "\x1a\x45\xdf\xa3")));
    CHECK(!declared_bytes(folder.file("text.txt", "a text that is long enough")));
    CHECK(!declared_bytes(folder.path() / "absent.mkv"));
}

TEST_CASE("RIFF says how long its form is, unless it was streamed") {
    const TemporaryFolder folder(Place::memory);
    CHECK(declared_bytes(folder.file("a.avi", "RIFF\x10\x01\0\0AVI LIST"s)) == 0x118);
    CHECK(!declared_bytes(folder.file("b.wav", "RIFF\xff\xff\xff\xffWAVEfmt "s)));
    CHECK(!declared_bytes(folder.file("c.wav", "RIFF\0\0\0\0WAVEfmt "s)));
}

TEST_CASE("a file that is shorter than it says is cut off") {
    const TemporaryFolder folder(Place::memory);
    const auto file = folder.file("a.mkv", matroska("\x87"));
    CHECK(cut_off_words(file, 24).empty());
    CHECK(cut_off_words(file, 30).empty());
    CHECK(cut_off_words(file, 20) == "it is cut off: it has 20 of 24 bytes");
}
