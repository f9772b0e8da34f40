#include <cstddef>
#include <cstdint>
#include <string>

#include "storage/read_error.h"
#include "storage/skeleton/sleap_keypoints.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/sleap_file.h"
#include "tests/support/temporary_folder.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    tests::SleapContents contents;
    contents.nodes = {"hip", "knee"};
    contents.edges = {{0, 1}};
    contents.frames = {{0, 0}, {1, 2}};
    contents.instances = {{.frame_id = 0, .points = {{1, 2}, {3, 4}}},
                          {.type = tests::SleapInstance::placed, .frame_id = 1, .points = {{1, 2}, {3, 4}}}};
    const tests::TemporaryFolder folder(tests::Place::memory);
    for (const auto storage :
         {tests::SleapStorage::chunks, tests::SleapStorage::packed_chunks, tests::SleapStorage::contiguous}) {
        contents.storage = storage;
        tests::write_sleap(folder.path() / "seed.slp", contents);
        tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, std::to_string(static_cast<int>(storage)),
                        tests::text_in(folder.path() / "seed.slp"));
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    try {
        (void)storage::read_sleap_keypoints(file.path());
    } catch (const storage::ReadError&) {
    }
    return 0;
}
