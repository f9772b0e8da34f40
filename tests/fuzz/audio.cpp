#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "storage/media/audio_reader.h"
#include "storage/media/waveform.h"
#include "storage/read_error.h"
#include "tests/support/file_in_memory.h"

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
