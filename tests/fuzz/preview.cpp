#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/features/packed_file.h"
#include "storage/media/scrub_proxy.h"
#include "tests/support/file_in_memory.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_film.h"

namespace {

constexpr int film_frames = 3;

// The index that a proxy is opened for, of so many frames.
storage::VideoIndex index_of(std::size_t frames) {
    storage::VideoIndex index;
    index.sha256 = std::string(64, 'a');
    index.frames.resize(frames);
    return index;
}

// The proxy of a small film, which claims to be that of index_of().
std::string whole_proxy() {
    const tests::TemporaryFolder folder(tests::Place::memory);
    const std::filesystem::path film = folder.path() / "film.mkv", proxy = folder.path() / "film.proxy";
    tests::write_tiny_film(film, {.codec = "ffv1", .frames = film_frames});
    auto index = storage::scan_video(film, {}, [](double) {}, {});
    index->sha256 = index_of(0).sha256;
    storage::make_proxy(film, std::make_shared<const storage::VideoIndex>(*index), proxy, {}, [](double) {}, {});
    return tests::text_in(proxy);
}

// A proxy whose table fits its pictures, which are taken to begin as JPEG does.
std::string proxy_of(std::string_view jpegs, std::size_t& frames) {
    std::vector<std::uint64_t> begins{0};
    for (std::size_t at = jpegs.find("\xFF\xD8", 1); at != std::string_view::npos; at = jpegs.find("\xFF\xD8", at + 1))
        begins.push_back(at);
    begins.push_back(jpegs.size());
    frames = begins.size() - 1;
    storage::Packer table;
    table.text(index_of(0).sha256);
    table.value(std::int64_t{0});
    table.array(begins);
    storage::Packer bytes;
    bytes.value(static_cast<std::uint64_t>(table.bytes().size()));
    return std::string(jpegs) + table.bytes() + bytes.bytes() + "KVPROXY1";
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    const std::string proxy = whole_proxy();
    const std::span<char* const> given(*arguments, static_cast<std::size_t>(*count));
    tests::add_seed(given, "proxy", "p" + proxy);
    tests::add_seed(given, "pictures", "j" + proxy.substr(0, proxy.find(std::string(64, 'a')) - sizeof(std::uint64_t)));
    return 0;
}

// After 'j' pictures, which a fitting table is added to, else a whole proxy. Nothing in either may throw.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::size_t frames = film_frames;
    const std::string bytes = data[0] == 'j' ? proxy_of(rest, frames) : std::string(rest);
    const tests::FileInMemory file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    auto proxy = storage::ScrubProxy::open(file.path(), index_of(frames));
    if (!proxy) return 0;
    const auto last = static_cast<schemas::FrameIndex>(frames) - 1;
    for (const schemas::FrameIndex frame : {last, schemas::FrameIndex{0}, last / 2, last}) (void)proxy->preview(frame);
    return 0;
}
