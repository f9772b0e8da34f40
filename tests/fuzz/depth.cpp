#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/media/matlab_depth.h"
#include "storage/media/msr_depth_bin.h"
#include "storage/skeleton/matlab_keypoints.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"

namespace {

std::string words(const std::vector<std::uint32_t>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(std::uint32_t)};
}

// MATLAB's element of that type, on a little-endian machine.
std::string element(std::uint32_t type, std::string_view content) {
    return words({type, static_cast<std::uint32_t>(content.size())}) + std::string(content) +
           std::string((8 - content.size() % 8) % 8, '\0');
}

std::string matrix(std::uint32_t matrix_class, std::uint32_t number, std::string_view name,
                   const std::vector<std::uint32_t>& dimensions, std::size_t bytes) {
    return element(14, element(6, words({matrix_class, 0})) + element(5, words(dimensions)) + element(1, name) +
                           element(number, std::string(bytes, '\1')));
}

std::string packed(const std::string& bytes) {
    std::string result(compressBound(bytes.size()), '\0');
    uLongf length = result.size();
    compress(reinterpret_cast<Bytef*>(result.data()), &length, reinterpret_cast<const Bytef*>(bytes.data()),
             bytes.size());
    result.resize(length);
    return words({15, static_cast<std::uint32_t>(length)}) + result;
}

const std::string preamble = std::string(124, ' ') + std::string("\0\1IM", 4);

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

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    const std::span<char* const> given(*arguments, static_cast<std::size_t>(*count));
    const std::string depth = matrix(11, 4, "depth", {32, 32, 1}, 2048);
    const std::string points = matrix(6, 9, "points", {2, 17, 2}, 544) + matrix(6, 9, "scores", {2, 17}, 272);
    tests::add_seed(given, "bin", words({2, 4, 3}) + std::string(2 * 4 * 3 * 4, '\0'));
    tests::add_seed(given, "plain", preamble + depth);
    tests::add_seed(given, "packed", preamble + packed(depth));
    tests::add_seed(given, "points", preamble + points);
    return 0;
}

// The same bytes for every reader of depth in one file, and for key-points in MATLAB files, which share its walker.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tests::FileInMemory file(data, size);
    unless_refused([&] { read_all(*storage::open_msr_depth_bin(file.path())); });
    unless_refused([&] { read_all(*storage::open_matlab_depth(file.path())); });
    unless_refused([&] { (void)storage::read_matlab_keypoints(file.path()); });
    return 0;
}
