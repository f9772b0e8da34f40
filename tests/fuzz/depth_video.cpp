#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "storage/media/depth_tags.h"
#include "storage/media/video_depth.h"
#include "storage/media/video_writer.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/temporary_folder.h"

namespace {

// A video of depth as write_depth_video makes it, but smaller than any camera's.
std::string video(const std::string& extension) {
    const tests::TemporaryFolder folder(tests::Place::memory);
    storage::VideoWriterOptions options;
    options.codec = "ffv1";
    options.pixel_format = "gray16le";
    options.width = 8;
    options.height = 6;
    options.group_length = 1;
    options.declared_rate = schemas::FrameRate{25, 1};
    options.time_base_denominator = extension == ".avi" ? 25 : 1000;
    options.tags = storage::depth_tags({0.005, "told"}, storage::DepthRange{1, 9, 1, 9, 100, 44});
    const std::filesystem::path file = folder.path() / ("depth" + extension);
    storage::VideoWriter writer(file, options);
    for (std::uint16_t frame = 0; frame < 3; ++frame)
        writer.add(storage::DepthFrame{8, 6, std::vector<std::uint16_t>(48, frame)},
                   frame * options.time_base_denominator / 25);
    writer.close();
    return tests::text_in(file);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (const std::string extension : {".mkv", ".avi"})
        tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, extension.substr(1), video(extension));
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    if (!storage::is_depth_video(file.path())) return 0;
    try {
        const auto recording = storage::open_depth_video(file.path());
        (void)recording->unit();
        (void)recording->declared_range();
        (void)recording->times();
        const schemas::FrameIndex last = recording->frames() - 1;
        for (const schemas::FrameIndex frame : {last, schemas::FrameIndex{0}, last / 2}) (void)recording->frame(frame);
    } catch (const storage::ReadError&) {
    }
    return 0;
}
