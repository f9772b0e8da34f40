#include "storage/media/png_depth.h"

#include <doctest/doctest.h>

#include "tests/support/depth_files.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using tests::grey_png;
using tests::TemporaryFolder;
using tests::write_file;

std::string picture(std::uint16_t first) { return grey_png(2, 2, {first, 500, 40000, 65535}); }

}  // namespace

TEST_CASE("a folder of 16-bit pictures is depth in the order of their numbers") {
    const TemporaryFolder folder;
    write_file(folder, "f10.png", picture(10));
    write_file(folder, "f2.png", picture(2));
    write_file(folder, "notes.txt", "hello");
    CHECK(storage::depth_format_of(folder.path())->name == "png-depth");
    const auto reader = storage::open_png_depth(folder.path());
    CHECK(reader->frames() == 2);
    CHECK(reader->width() == 2);
    CHECK(reader->frame(0).values == std::vector<std::uint16_t>{2, 500, 40000, 65535});
    CHECK(reader->frame(1).values[0] == 10);
    CHECK(reader->problems().empty());
    CHECK_THROWS_AS((void)reader->frame(2), storage::ReadError);
}

TEST_CASE("a picture of more values than its bytes can stand for is left out") {
    const TemporaryFolder folder;
    std::string huge = picture(1);
    huge.replace(16, 8, std::string("\0\0\x40\0\0\0\x40\0", 8));  // its head says 16384x16384
    write_file(folder, "1.png", huge);
    write_file(folder, "2.png", picture(2));
    const auto reader = storage::open_png_depth(folder.path());
    CHECK(reader->frames() == 1);
    CHECK(reader->width() == 2);
    CHECK(reader->problems().at(0).what.starts_with("1.png: it is damaged or cut off"));
}

TEST_CASE("pictures that do not fit are left out and named") {
    const TemporaryFolder folder;
    write_file(folder, "1.png", picture(1));
    write_file(folder, "2.png", grey_png(1, 1, {5}));
    write_file(folder, "3.png", grey_png(2, 2, {1, 2, 3, 4}, 8));
    write_file(folder, "4.png", picture(4).substr(0, 50));
    write_file(folder, "5.png", "");
    write_file(folder, "6.png", picture(6));
    const auto reader = storage::open_png_depth(folder.path());
    CHECK(reader->frames() == 2);
    CHECK(reader->frame(1).values[0] == 6);
    REQUIRE(reader->problems().size() == 4);
    CHECK(reader->problems()[0].what == "2.png: expected 2x2 pixels, found 1x1; the picture is left out");
    CHECK(reader->problems()[1].what.starts_with("3.png: it is not 16-bit grey"));
    CHECK(reader->problems()[2].what.starts_with("4.png: it is damaged or cut off"));
}

TEST_CASE("a folder of ordinary pictures or of none is no depth") {
    const TemporaryFolder folder;
    CHECK_FALSE(storage::is_png_depth(folder.path()));
    CHECK_THROWS_AS((void)storage::open_png_depth(folder.path()), storage::ReadError);
    write_file(folder, "1.png", grey_png(2, 2, {1, 2, 3, 4}, 8));
    CHECK_FALSE(storage::is_png_depth(folder.path()));
    CHECK_FALSE(storage::is_png_depth(folder.path() / "1.png"));
}

TEST_CASE("a picture with damaged bytes is an error or another picture, never a crash") {
    const TemporaryFolder folder;
    const std::string sound = picture(3);
    for (std::size_t at = 0; at < sound.size(); ++at) {
        std::string damaged = sound;
        damaged[at] = static_cast<char>(damaged[at] ^ 0xFF);
        write_file(folder, "1.png", damaged);
        try {
            const auto reader = storage::open_png_depth(folder.path());
            (void)reader->frame(0);
        } catch (const storage::ReadError&) {
        }
    }
}

TEST_CASE("every truncation of the only picture is an error") {
    const TemporaryFolder folder;
    const std::string sound = picture(3);
    for (std::size_t cut = 0; cut < sound.size(); ++cut) {
        write_file(folder, "1.png", std::string_view(sound).substr(0, cut));
        CHECK_THROWS_AS((void)storage::open_png_depth(folder.path()), storage::ReadError);
    }
}

TEST_CASE("a picture of hostile size takes no memory") {
    const TemporaryFolder folder;
    std::string hostile = picture(3);
    hostile.replace(16, 8, std::string(8, '\x7F'));
    write_file(folder, "1.png", hostile);
    CHECK_THROWS_AS((void)storage::open_png_depth(folder.path()), storage::ReadError);
}

TEST_CASE("the pictures of a real take are one for each frame of its skeleton") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d");
    if (folder.empty()) return tests::no_recordings();
    const auto reader = storage::open_png_depth(folder / "depth_png/d_a01_s01_e01_sdepth");
    CHECK(reader->frames() == 54);
    CHECK(reader->width() == 160);
    CHECK(reader->height() == 240);
    CHECK(reader->problems().empty());
    CHECK_FALSE(reader->frame(53).values.empty());
}
