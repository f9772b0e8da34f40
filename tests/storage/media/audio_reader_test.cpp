#include "storage/media/audio_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <random>

#include "storage/read_error.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/sound_films.h"

namespace storage {
namespace {

using doctest::Approx;
using tests::SoundFilm;
using tests::TemporaryFolder;

std::shared_ptr<const AudioIndex> scanned(const std::filesystem::path& file, std::optional<int> stream = {}) {
    auto index = scan_audio(
        file, {stream}, [](auto, int, int) {}, [](double) {}, {});
    REQUIRE(index);
    return std::make_shared<const AudioIndex>(std::move(*index));
}

std::vector<float> all_of(const std::filesystem::path& file, const std::shared_ptr<const AudioIndex>& index) {
    auto samples = AudioReader(file, index).read(0, index->samples);
    REQUIRE(samples);
    return *samples;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
    REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(double{a[i]} - double{b[i]}));
    return largest;
}

// Where the first burst begins, in samples; -1 if all is quiet.
std::int64_t first_loud(const std::vector<float>& samples, std::size_t from = 0) {
    for (std::size_t i = from; i < samples.size(); ++i)
        if (std::abs(samples[i]) > 0.2) return static_cast<std::int64_t>(i);
    return -1;
}

std::string refusal(const std::filesystem::path& file, std::optional<int> stream = {}) {
    try {
        scanned(file, stream);
    } catch (const ReadError& error) {
        return error.what();
    }
    return "";
}

bool says(const std::string& message, const std::string& part) { return message.find(part) != std::string::npos; }

struct Kept {
    const char* name;
    const char* codec;
    const char* video_codec;
    double tolerance;  // of samples after a seek
};
const std::vector<Kept> kept{
    {"a.avi", "pcm_s16le", "mjpeg", 0}, {"a.mov", "pcm_s16le", "mjpeg", 0}, {"a.mkv", "pcm_s16le", "mjpeg", 0},
    {"b.mkv", "flac", "mjpeg", 0},      {"a.mp4", "aac", "h264", 1e-3},     {"c.mkv", "aac", "mjpeg", 1e-3},
    {"a.webm", "opus", "vp8", 1e-4},    {"d.mkv", "opus", "mjpeg", 1e-4},   {"a.ts", "aac", "h264", 1e-3}};

}  // namespace

TEST_CASE("sound that is stored without loss comes back sample for sample") {
    const TemporaryFolder folder;
    for (const Kept& film : kept) {
        if (film.tolerance != 0) continue;
        CAPTURE(film.name);
        const auto samples = tests::unlike_sound(3.3, 44100, 2);
        const auto file = write_sound_film(folder, {film.name, film.codec, 44100, 2, 0, film.video_codec}, samples);
        const auto index = scanned(file);
        CHECK(index->sample_rate == 44100);
        CHECK(index->channels == 2);
        CHECK(index->codec == film.codec);
        CHECK(index->samples == static_cast<std::int64_t>(samples.size() / 2));
        CHECK(index->start_seconds == Approx(0));
        CHECK(index->problems.empty());
        CHECK(all_of(file, index) == samples);
    }
}

TEST_CASE("what an encoder puts before the sound is no part of it") {
    const TemporaryFolder folder;
    for (const Kept& film : kept) {
        CAPTURE(film.name);
        const auto samples = tests::bursts(3, 48000, {1, 2.25});
        const auto file = write_sound_film(folder, {film.name, film.codec, 48000, 1, 0, film.video_codec}, samples);
        const auto index = scanned(file);
        const auto heard = all_of(file, index);
        const double first = index->start_seconds + static_cast<double>(first_loud(heard)) / 48000;
        // Matroska rounds times to milliseconds, and FFmpeg 5.1 puts Opus into it 6.5 ms early.
        CHECK(std::abs(first - 1) < 0.008);
        CHECK(std::abs(static_cast<double>(first_loud(heard, 60000)) / 48000 - (first - index->start_seconds) - 1.25) <
              0.0005);
        CHECK(index->duration_seconds() == Approx(3).epsilon(0.02));
    }
}

TEST_CASE("samples are the same from wherever reading begins") {
    const TemporaryFolder folder;
    std::mt19937 engine(1);
    for (const Kept& film : kept) {
        CAPTURE(film.name);
        // AAC draws noise anew after a seek.
        const auto samples = tests::unlike_sound(12, 48000, 2, std::string(film.codec) == "aac" ? 0 : 0.05);
        const auto file = write_sound_film(folder, {film.name, film.codec, 48000, 2, 0, film.video_codec}, samples);
        const auto index = scanned(file);
        const auto whole = all_of(file, index);
        AudioReader reader(file, index);
        for (int i = 0; i < 40; ++i) {
            const auto begin = static_cast<std::int64_t>(engine() % static_cast<unsigned>(index->samples - 5000));
            const auto count = static_cast<std::int64_t>(1 + engine() % 5000);
            CAPTURE(begin);
            const auto part = reader.read(begin, count);
            REQUIRE(part);
            const std::vector<float> expected(whole.begin() + 2 * begin, whole.begin() + 2 * (begin + count));
            CHECK(largest_difference(*part, expected) <= film.tolerance);
        }
    }
}

TEST_CASE("reading on never seeks, and a jump seeks once") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {.name = "a.mp4", .codec = "aac", .video_codec = "h264"},
                                       tests::unlike_sound(20, 48000, 1));
    const auto index = scanned(file);
    AudioReader reader(file, index);
    for (std::int64_t at = 0; at < 5 * 48000; at += 1000) REQUIRE(reader.read(at, 1000));
    CHECK(reader.stats().seeks == 0);
    const std::int64_t packets = reader.stats().packets;
    REQUIRE(reader.read(15 * 48000, 1000));
    CHECK(reader.stats().seeks == 1);
    CHECK(reader.stats().packets - packets < 60);  // one second and a little
    REQUIRE(reader.read(15 * 48000 + 1000, 48000));
    CHECK(reader.stats().seeks == 1);
}

TEST_CASE("before and after a sound there is silence") {
    const TemporaryFolder folder;
    const auto samples = tests::unlike_sound(1, 8000, 1);
    const auto file = write_sound_film(folder, {.codec = "flac", .sample_rate = 8000}, samples);
    AudioReader reader(file, scanned(file));
    const auto part = reader.read(-100, 8200);
    REQUIRE(part);
    CHECK(std::all_of(part->begin(), part->begin() + 100, [](float value) { return value == 0; }));
    CHECK(std::equal(samples.begin(), samples.end(), part->begin() + 100));
    CHECK(std::all_of(part->begin() + 8100, part->end(), [](float value) { return value == 0; }));
    CHECK(reader.read(100000, 10) == std::vector<float>(10));
    CHECK(reader.read(5, 0) == std::vector<float>());
    CHECK_THROWS_AS((void)reader.read(0, -1), std::invalid_argument);
}

TEST_CASE("sound that begins late says when, on the clock of the pictures") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {.name = "late.mkv", .codec = "pcm_s16le", .start_seconds = 5},
                                       tests::unlike_sound(2, 48000, 1));
    const auto index = scanned(file);
    CHECK(index->start_seconds == Approx(5).epsilon(0.001));
    CHECK(index->samples == 96000);
}

TEST_CASE("what does not decode is silence, and the rest stays in its place") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {.name = "damaged.mp4", .codec = "aac", .video_codec = "h264"},
                                       tests::bursts(6, 48000, {1, 5}));
    const auto whole = scanned(file);
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        for (std::size_t packet = 120; packet < 140; ++packet) {
            bytes.seekp(whole->packets[packet].position);
            bytes << std::string(static_cast<std::size_t>(whole->packets[packet].size), '\xFF');
        }
    }
    const auto damaged = scanned(file);
    CHECK(damaged->samples == whole->samples);
    REQUIRE(damaged->problems.size() >= 1);
    CHECK(says(damaged->problems.front(), "cannot be decoded from 2.5"));
    const auto heard = all_of(file, damaged);
    CHECK(std::abs(first_loud(heard) - 48000) < 100);
    CHECK(std::abs(first_loud(heard, 100000) - 5 * 48000) < 100);
}

TEST_CASE("a gap between time stamps is silence") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {.name = "cut.ts", .codec = "aac", .video_codec = "h264"},
                                       tests::bursts(20, 48000, {1, 18}));
    std::string bytes = tests::bytes_of(file);
    const std::size_t packets = bytes.size() / 188;
    bytes.erase(188 * (packets / 3), 188 * (packets / 3));
    const auto cut = tests::write_file(folder, "cut2.ts", bytes);
    const auto index = scanned(cut);
    CHECK(index->duration_seconds() == Approx(20).epsilon(0.02));
    REQUIRE_FALSE(index->problems.empty());
    const auto heard = all_of(cut, index);
    const double first = static_cast<double>(first_loud(heard)) / 48000;
    CHECK(static_cast<double>(first_loud(heard, 5 * 48000)) / 48000 - first == Approx(17).epsilon(0.001));
}

TEST_CASE("what holds no sound is refused with the reason") {
    const TemporaryFolder folder;
    CHECK(says(refusal(tests::write_file(folder, "empty.mp4", "")), "empty.mp4: the file is empty"));
    CHECK(says(refusal(tests::write_file(folder, "text.wav", "no sound at all")), "text.wav: "));
    CHECK(says(refusal(folder.path()), "folder"));
    CHECK(says(refusal(folder.path() / "gone.mp4"), "gone.mp4: "));
    const auto film = write_sound_film(folder, {.name = "a.mkv", .codec = "flac"}, tests::unlike_sound(1, 48000, 1));
    CHECK(says(refusal(film, 0), "a.mkv: stream 0 is no sound"));
    CHECK(says(refusal(film, 7), "a.mkv: there is no stream 7"));
    CHECK(says(refusal(film, -1), "a.mkv: there is no stream -1"));
}

TEST_CASE("a file that is cut off anywhere gives what it holds or a reason") {
    const TemporaryFolder folder;
    for (const Kept& film : {kept[3], kept[4], kept[6], kept[8]}) {
        const auto file = write_sound_film(folder, {film.name, film.codec, 48000, 1, 0, film.video_codec},
                                           tests::unlike_sound(2, 48000, 1));
        const std::string bytes = tests::bytes_of(file);
        for (std::size_t part = 1; part < 32; ++part) {
            CAPTURE(film.name);
            CAPTURE(part);
            const auto cut =
                tests::write_file(folder, std::string("cut") + film.name, bytes.substr(0, bytes.size() * part / 32));
            try {
                const auto index = scanned(cut);
                CHECK(index->duration_seconds() < 2.2);
                CHECK(all_of(cut, index).size() == static_cast<std::size_t>(index->samples));
            } catch (const ReadError& error) {
                CHECK(says(error.what(), film.name));
            }
        }
    }
}

TEST_CASE("a file that has changed since it was scanned is refused") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {}, tests::unlike_sound(4, 48000, 1));
    const auto index = scanned(file);
    write_sound_film(folder, {}, tests::bursts(1, 48000, {0.5}));
    AudioReader reader(file, index);
    CHECK_THROWS_AS((void)reader.read(0, index->samples), ReadError);
}

TEST_CASE("scanning and reading sound stop when asked to") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {}, tests::unlike_sound(4, 48000, 1));
    const auto index = scanned(file);
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(scan_audio(
        file, {}, [](auto, int, int) {}, [](double) {}, stop.get_token()));
    AudioReader reader(file, index);
    const auto before = reader.read(100000, 1000);
    CHECK_FALSE(reader.read(0, 1000, stop.get_token()));
    CHECK_FALSE(reader.read(150000, 1000, stop.get_token()));
    CHECK(reader.read(100000, 1000) == before);
}

TEST_CASE("what a scan hears on the way is what is read later") {
    const TemporaryFolder folder;
    const auto file = write_sound_film(folder, {.name = "a.webm", .codec = "opus", .channels = 2, .video_codec = "vp8"},
                                       tests::unlike_sound(3, 48000, 2));
    std::vector<float> heard;
    const auto index = scan_audio(
        file, {},
        [&](std::span<const float> samples, int rate, int channels) {
            CHECK(rate == 48000);
            CHECK(channels == 2);
            heard.insert(heard.end(), samples.begin(), samples.end());
        },
        [](double) {}, {});
    REQUIRE(index);
    CHECK(heard == all_of(file, std::make_shared<const AudioIndex>(*index)));
}

TEST_CASE("resampled to one channel, a sound keeps its times") {
    const TemporaryFolder folder;
    const auto mono = tests::bursts(3, 44100, {1, 2.5});
    const auto file = write_sound_film(folder, {.codec = "flac", .sample_rate = 44100}, mono);
    std::vector<float> resampled;
    REQUIRE(read_mono(file, scanned(file), 16000, [&](std::span<const float> piece) {
        resampled.insert(resampled.end(), piece.begin(), piece.end());
    }));
    CHECK(std::abs(std::ssize(resampled) - 48000) < 10);
    CHECK(std::abs(first_loud(resampled) - 16000) < 8);
    CHECK(std::abs(first_loud(resampled, 20000) - 40000) < 8);
}

TEST_CASE("sound that other tools fail on is read to its end") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (folder.empty()) return tests::no_recordings();
    const auto index = scanned(folder / "video_with_failing_audio.mp4");
    CHECK(index->sample_rate == 44100);
    CHECK(index->channels == 2);
    CHECK(index->duration_seconds() == Approx(11.2).epsilon(0.01));
    CHECK(all_of(folder / "video_with_failing_audio.mp4", index).size() ==
          static_cast<std::size_t>(2 * index->samples));
}

TEST_CASE("every awkward recording gives its sound or the reason why not") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (folder.empty()) return tests::no_recordings();
    const std::map<std::string, double> seconds{{"flipping_a_pancake.mkv", 15},
                                                {"no_duration.webm", 3},
                                                {"transparent.webm", 2},
                                                {"nasa_13013.mp4", 13},
                                                {"video_with_failing_audio.mp4", 11.2}};
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        const std::string reason = refusal(entry.path());
        if (seconds.contains(name))
            CHECK(reason == "");
        else
            CHECK(says(reason, name + ": "));
    }
}

TEST_CASE("both sounds of a recording with several are read") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (folder.empty()) return tests::no_recordings();
    CHECK(scanned(folder / "nasa_13013.mp4", 1)->sample_rate == 8000);
    CHECK(scanned(folder / "nasa_13013.mp4", 4)->sample_rate == 16000);
}

TEST_CASE("real sound is the same from wherever reading begins") {
    const auto awkward = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    const auto steps = tests::recordings(KINETOGRAPH_SOURCE_DIR, "steps_clip");
    if (awkward.empty() || steps.empty()) return tests::no_recordings();
    std::mt19937 engine(2);
    for (const auto& file : {steps / "steps.webm", awkward / "flipping_a_pancake.mkv", awkward / "transparent.webm",
                             awkward / "nasa_13013.mp4", awkward / "video_with_failing_audio.mp4"}) {
        CAPTURE(file.filename());
        const auto index = scanned(file);
        const auto whole = all_of(file, index);
        AudioReader reader(file, index);
        for (int i = 0; i < 20; ++i) {
            const auto begin = static_cast<std::int64_t>(engine() % static_cast<unsigned>(index->samples - 1000));
            const auto part = reader.read(begin, 1000);
            REQUIRE(part);
            const auto from = whole.begin() + begin * index->channels;
            CHECK(largest_difference(*part, {from, from + 1000 * index->channels}) < 1e-4);
        }
    }
}

}  // namespace storage
