#include "storage/formats/safetensors.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "storage/skeleton/estimated_keypoints.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    const std::string header = R"({"__metadata__":{"kinetograph":"estimated-keypoints 1","layout":"coco17"},)"
                               R"("points":{"dtype":"F32","shape":[1,17,2],"data_offsets":[0,136]},)"
                               R"("scores":{"dtype":"F32","shape":[1,17],"data_offsets":[136,204]}})";
    std::string bytes(8, '\0');
    bytes[0] = static_cast<char>(header.size());
    tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, "points", bytes + header + std::string(204, '\0'));
    return 0;
}

// Reads tensors, and key-points that are kept as such.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size, ".safetensors");
    try {
        (void)storage::read_safetensors(file.path());
    } catch (const storage::ReadError&) {
    }
    if (!storage::is_estimated_keypoints(file.path())) return 0;
    try {
        (void)storage::read_estimated_keypoints(file.path());
    } catch (const storage::ReadError&) {
    }
    return 0;
}
