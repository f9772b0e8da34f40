#include <sys/mman.h>

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "storage/export/atomic_file.h"
#include "storage/media/frame_cache.h"
#include "storage/media/video_reader.h"
#include "storage/read_error.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/tiny_film.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (const auto& [codec, extension] : std::initializer_list<std::pair<std::string, std::string>>{{"h264", ".mkv"},
                                                                                                     {"h264", ".mp4"},
                                                                                                     {"h264", ".ts"},
                                                                                                     {"mpeg4", ".avi"},
                                                                                                     {"mjpeg", ".mov"},
                                                                                                     {"vp9", ".webm"}})
        tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, codec + extension,
                        tests::tiny_film({.codec = codec, .extension = extension}));
    return 0;
}

// Scans the bytes as a video and shows a few of its frames.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t count) {
    const storage::Descriptor memory(memfd_create("video", MFD_CLOEXEC));
    if (storage::write_fully(memory.number(), {reinterpret_cast<const char*>(bytes), count}) != 0) return 0;
    const std::filesystem::path file = "/proc/self/fd/" + std::to_string(memory.number());
    try {
        storage::ScanOptions options;
        options.most_pixels = 1 << 20;
        auto scanned = storage::scan_video(file, options, [](double) {}, {});
        if (!scanned) return 0;
        const auto index = std::make_shared<const storage::VideoIndex>(std::move(*scanned));
        (void)index->table();
        storage::VideoReader reader(file, index, {std::make_shared<storage::FrameCache>(std::size_t{16} << 20U), 1});
        const schemas::FrameIndex last = index->size() - 1;
        for (const schemas::FrameIndex frame : {last, schemas::FrameIndex{0}, last / 2, last / 2 - 1})
            if (0 <= frame) (void)reader.frame(frame)->picture(64);
    } catch (const storage::ReadError&) {
    }
    return 0;
}
