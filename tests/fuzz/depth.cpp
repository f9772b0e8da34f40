#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "storage/media/matlab_depth.h"
#include "storage/media/msr_depth_bin.h"
#include "storage/skeleton/matlab_keypoints.h"
#include "tests/support/file_in_memory.h"

namespace {

void unless_refused(const std::function<void()>& action) {
    try {
        action();
    } catch (const storage::ReadError&) {
    }
}

void read_all(storage::DepthReader& recording) {
    for (schemas::FrameIndex index = 0; index < std::min<schemas::FrameIndex>(recording.frames(), 3); ++index)
        (void)recording.frame(index);
    (void)recording.unit();
}

}  // namespace

// The same bytes for every reader of depth in one file, and for key-points in MATLAB files, which share its walker.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    unless_refused([&] { read_all(*storage::open_msr_depth_bin(file.path())); });
    unless_refused([&] { read_all(*storage::open_matlab_depth(file.path())); });
    unless_refused([&] { (void)storage::read_matlab_keypoints(file.path()); });
    return 0;
}
