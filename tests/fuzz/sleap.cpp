#include <cstddef>
#include <cstdint>

#include "storage/read_error.h"
#include "storage/skeleton/sleap_keypoints.h"
#include "tests/support/file_in_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    try {
        (void)storage::read_sleap_keypoints(file.path());
    } catch (const storage::ReadError&) {
    }
    return 0;
}
