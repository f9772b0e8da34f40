#include <cstddef>
#include <cstdint>
#include <string_view>

#include "storage/formats/dataloop_import.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"

namespace {

// A clip of ten frames.
storage::KnownClip known_clip() {
    storage::KnownClip clip{{}, 1};
    for (int frame = 0; frame < 10; ++frame) clip.seconds.push_back(0.1 * frame);
    return clip;
}

void read(const std::filesystem::path& file, const storage::LabelImportOptions& options) {
    try {
        (void)storage::read_dataloop(file, options);
    } catch (const storage::ReadError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, "labels", R"({"name": "walk.webm", "annotations": [
{"label": "step", "metadata": {"system": {"frame": 2, "endFrame": 5, "startTime": 0.4, "endTime": 1.0}}},
{"label": "turn", "metadata": {"system": {"frame": 6, "endFrame": 12}}},
{"label": "turn", "metadata": {"system": {"frame": 6, "endFrame": 12}}}, {"label": ""}, 7]})");
    return 0;
}

// Reads labels for a project that has every clip, and for nobody.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size, ".json");
    (void)storage::looks_like_dataloop(file.path());
    storage::LabelImportOptions options;
    read(file.path(), options);
    options.clip_named = [](std::string_view key) {
        return key.size() % 2 == 0 ? std::optional(known_clip()) : std::nullopt;
    };
    read(file.path(), options);
    return 0;
}
