#include "annotator/workflows/frame_map.h"

#include <cstddef>
#include <cstdint>

#include "storage/read_error.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"

namespace {

constexpr schemas::FrameIndex source_frames = 100;

schemas::FrameTable table_of(std::size_t frames) {
    schemas::FrameTable table;
    for (std::size_t frame = 0; frame < frames; ++frame) {
        table.seconds.push_back(0.04 * static_cast<double>(frame));
        table.ticks.push_back(static_cast<std::int64_t>(frame));
    }
    return table;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    const annotator::FrameMap map{{{3}, {4}, {4}, {9}, {99}}, source_frames};
    tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, "map",
                    annotator::csv_from(map, table_of(map.frames.size()), table_of(source_frames)));
    return 0;
}

// Reads a frame map, carries spans and frames over by it and writes it again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    try {
        const annotator::FrameMapper mapper(annotator::read_frame_map(file.path(), source_frames));
        for (schemas::FrameIndex frame = -1; frame <= source_frames; frame += 7) {
            (void)mapper.span({frame, frame + 5});
            (void)mapper.frame(frame);
        }
        (void)annotator::csv_from(mapper.map(), table_of(mapper.map().frames.size()), table_of(source_frames));
    } catch (const storage::ReadError&) {
    }
    return 0;
}
