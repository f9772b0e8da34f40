#include "storage/media/recording_clock.h"

#include <doctest/doctest.h>

#include "storage/media/video_writer.h"
#include "tests/support/recording_files.h"

namespace storage {
namespace {

using schemas::RecordingClock;
using tests::TemporaryFolder;

std::filesystem::path film(const TemporaryFolder& folder, const std::string& name) {
    VideoWriterOptions options;
    options.codec = "mpeg4";
    options.width = 64;
    options.height = 48;
    const auto file = folder.path() / name;
    VideoWriter writer(file, options);
    for (int i = 0; i < 5; ++i) writer.add(schemas::blank_picture(64, 48), 40 * i);
    writer.close();
    return file;
}

// The film with the time, in seconds since 1904, at which it says that it was made.
std::filesystem::path made_at(const TemporaryFolder& folder, std::uint32_t seconds) {
    std::string bytes = tests::bytes_of(film(folder, "silent.mp4"));
    const std::size_t at = bytes.find("mvhd") + 8;
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(seconds >> (24 - 8 * i));
    return tests::write_file(folder, "dated.mp4", bytes);
}

}  // namespace

TEST_CASE("a file that says when it was made gives the time of its frames") {
    const TemporaryFolder folder;
    constexpr std::int64_t from_1904_to_1970 = 2'082'844'800;
    const auto file = made_at(folder, static_cast<std::uint32_t>(from_1904_to_1970 + 1'600'000'000));
    CHECK(recorded_at(file, 0, 0.5) == RecordedAt{RecordingClock::creation_time, 1'600'000'000'500'000});
}

TEST_CASE("presentation times that count from 1970 are the time of day") {
    const TemporaryFolder folder;
    CHECK(recorded_at(film(folder, "a.mkv"), 0, 1.7e9) ==
          RecordedAt{RecordingClock::time_stamps, 1'700'000'000'000'000});
}

TEST_CASE("a file that says nothing, a stream that it lacks and no media give no time") {
    const TemporaryFolder folder;
    CHECK_FALSE(recorded_at(film(folder, "a.mkv"), 0, 0));
    CHECK_FALSE(recorded_at(made_at(folder, 4'000'000'000), 7, 0));
    CHECK_FALSE(recorded_at(tests::write_file(folder, "a.txt", "no film"), 0, 0));
    CHECK_FALSE(recorded_at(folder.path() / "nowhere.mp4", 0, 0));
}

}  // namespace storage
