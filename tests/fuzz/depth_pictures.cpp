#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/byte_order.h"
#include "storage/media/png_depth.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/temporary_folder.h"

namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view signature = "\x89PNG\r\n\x1A\n"sv;
constexpr std::size_t most_pictures = 4;

std::string big_endian(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFFU);
    return bytes;
}

std::string checksum_of(std::string_view bytes) {
    return big_endian(static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()))));
}

std::string chunk(std::string_view type, std::string_view content) {
    const std::string named = std::string(type) + std::string(content);
    return big_endian(static_cast<std::uint32_t>(content.size())) + named + checksum_of(named);
}

// A grey picture whose values are all alike.
std::string picture(std::uint32_t width, std::uint32_t height, char bits) {
    const std::string rows(height * (1 + width * static_cast<std::uint32_t>(bits) / 8), '\1');
    std::string packed(compressBound(rows.size()), '\0');
    uLongf length = packed.size();
    compress(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(rows.data()),
             rows.size());
    packed.resize(length);
    const std::string head = big_endian(width) + big_endian(height) + bits + std::string(4, '\0');
    return std::string(signature) + chunk("IHDR", head) + chunk("IDAT", packed) + chunk("IEND", "");
}

// Makes the checksums of all chunks right, so that what is in them is read.
void mend_checksums(std::string& png) {
    for (std::size_t at = signature.size(); at + 12 <= png.size();) {
        const std::size_t length =
            storage::number_from(std::string_view(png).substr(at, 4), storage::ByteOrder::big_endian);
        if (length > png.size() - at - 12) return;
        png.replace(at + 8 + length, 4, checksum_of(std::string_view(png).substr(at + 4, 4 + length)));
        at += 12 + length;
    }
}

// Each begins as PNG does, but perhaps the first.
std::vector<std::string> pictures_in(std::string_view bytes) {
    std::vector<std::string> pictures;
    while (!bytes.empty() && pictures.size() < most_pictures) {
        const std::size_t end = std::min(bytes.find(signature, 1), bytes.size());
        pictures.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(end);
    }
    return pictures;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, "pictures",
                    "m" + picture(5, 3, 16) + picture(5, 3, 16) + picture(4, 3, 16) + picture(5, 3, 8));
    return 0;
}

// A folder of pictures one after the other; behind 'm' their checksums are mended.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::vector<std::string> pictures = pictures_in({reinterpret_cast<const char*>(data) + 1, size - 1});
    if (data[0] == 'm') std::ranges::for_each(pictures, mend_checksums);
    const tests::TemporaryFolder folder(tests::Place::memory);
    for (std::size_t i = 0; i < pictures.size(); ++i)
        (void)folder.file("depth" + std::to_string(i + 8) + ".png", pictures[i]);
    (void)storage::is_png_depth(folder.path());
    try {
        const auto recording = storage::open_png_depth(folder.path());
        for (schemas::FrameIndex frame = recording->frames(); frame-- > 0;) try {
                (void)recording->frame(frame);
            } catch (const storage::ReadError&) {
            }
    } catch (const storage::ReadError&) {
    }
    return 0;
}
