#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>

#include "storage/media/audio_reader.h"
#include "storage/media/waveform.h"
#include "storage/read_error.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/tiny_film.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (const auto& [codec, extension] : std::initializer_list<std::pair<std::string, std::string>>{
             {"aac", ".mp4"}, {"aac", ".ts"}, {"opus", ".mkv"}, {"flac", ".mkv"}, {"pcm_s16le", ".avi"}})
        tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, codec + extension,
                        tests::tiny_film({.codec = "mpeg4",
                                          .extension = extension,
                                          .frames = 3,
                                          .sound = {{.sample_rate = 8000, .channels = 1, .codec = codec}}}));
    return 0;
}

// Scanning a sound as importing does, and reading it from several places.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    try {
        storage::WaveformBuilder waveform;
        auto scanned = storage::scan_audio(
            file.path(), {}, [&](auto samples, int, int channels) { waveform.add(samples, channels); }, [](double) {},
            {});
        const auto index = std::make_shared<const storage::AudioIndex>(std::move(*scanned));
        (void)waveform.finish().peaks(-1000, index->samples + 1000, 100);
        storage::AudioReader reader(file.path(), index);
        for (const std::int64_t begin : {index->samples / 2, index->samples - 500, std::int64_t{-10}})
            (void)reader.read(begin, 1000);
    } catch (const storage::ReadError&) {
    }
    return 0;
}
