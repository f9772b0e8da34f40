#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "storage/features/audio_index_cache.h"
#include "storage/features/media_measures_cache.h"
#include "storage/features/skeleton_cache.h"
#include "storage/features/video_index_cache.h"
#include "storage/media/waveform.h"
#include "storage/skeleton/layout_registry.h"
#include "tests/support/fuzz_seed.h"
#include "tests/support/temporary_folder.h"

namespace {

namespace fs = std::filesystem;

const std::string key(64, 'a');
const std::vector<std::string> problems{"frame 3: damaged", ""};

void store_video(const fs::path& project) {
    storage::VideoIndex index;
    index.sha256 = key;
    index.properties.container = "matroska,webm";
    index.frames = {{0, 40, 0, true}, {40, 0, 2, false}};
    index.packets = {{48, 0, 0, 900, true, true, true, false}, {}, {}};
    index.undecoded = {{1, std::nullopt, "no key frame comes before it"}, {2, 40, ""}};
    index.problems = problems;
    storage::VideoIndexCache(project).store(index);
}

void use_video(const fs::path& project) {
    if (const auto index = storage::VideoIndexCache(project).load(key, 0))
        storage::VideoIndexCache(project).store(*index);
}

void store_audio(const fs::path& project) {
    storage::AudioIndex index{0, "flac", 48000, 2, 8192, 0.5, problems, {{}, {}}, {{0, 0, 4096}, {4096, 0, 4096}}};
    storage::AudioIndexCache(project).store(key, index);
}

void use_audio(const fs::path& project) {
    if (const auto index = storage::AudioIndexCache(project).load(key, 0)) {
        (void)index->duration_seconds();
        storage::AudioIndexCache(project).store(key, *index);
    }
}

void store_waveform(const fs::path& project) {
    storage::WaveformBuilder builder;
    builder.add(std::vector<float>(300, 0.25F), 1);
    storage::WaveformCache(project).store(key, 0, builder.finish());
}

void use_waveform(const fs::path& project) {
    if (const auto waveform = storage::WaveformCache(project).load(key, 0))
        for (const int count : {0, 1, 1000}) (void)waveform->peaks(-10, waveform->samples, count);
}

void store_measures(const fs::path& project) {
    schemas::MediaMeasures measures;
    measures.frames.resize(2);
    measures.undecodable = {1};
    storage::MediaMeasuresCache(project).store(key, 0, measures);
}

void use_measures(const fs::path& project) {
    if (const auto measures = storage::MediaMeasuresCache(project).load(key, 0))
        storage::MediaMeasuresCache(project).store(key, 0, *measures);
}

void store_skeleton(const fs::path& project) {
    storage::SkeletonRecording recording;
    const auto layout = storage::layout_from_file("bvh", {"Hips", "LeftHand", "RightHand"}, {-1, 0, 0});
    recording.sequence = schemas::SkeletonSequence::empty(layout, 2);
    recording.rate = {30000, 1001};
    recording.seconds = {0, 0.04};
    recording.first_stamp = 7;
    recording.problems = {{"frames", schemas::FrameSpan{0, 1}}, {"of the whole file", std::nullopt}};
    storage::SkeletonCache(project).store(key, recording);
}

void use_skeleton(const fs::path& project) {
    const auto recording = storage::SkeletonCache(project).load(key);
    if (!recording) return;
    (void)schemas::dead_runs(recording->sequence);
    if (recording->sequence.layout->size() < 100) (void)recording->sequence.layout->mirrored();
    storage::SkeletonCache(project).store(key, *recording);
}

struct Cache {
    std::string name;  // the first letter of an input chooses the cache
    void (*store)(const fs::path& project);
    void (*use)(const fs::path& project);
    fs::path file = {};  // where it keeps what belongs to `key`
};

std::array<Cache, 5> caches{{{"video", store_video, use_video},
                             {"audio", store_audio, use_audio},
                             {"waveform", store_waveform, use_waveform},
                             {"measures", store_measures, use_measures},
                             {"skeleton", store_skeleton, use_skeleton}}};

const fs::path& project() {
    static const tests::TemporaryFolder folder(tests::Place::memory);
    return folder.path();
}

fs::path only_file_below(const fs::path& folder) {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) return entry.path();
    throw std::runtime_error(folder.string() + " holds no file");
}

// Makes the hash in the file that of its content (packed_file.cpp), so that what reads the content sees it.
void mend_hash(std::string& bytes) {
    constexpr std::size_t hash_at = 12, content_at = hash_at + SHA256_DIGEST_LENGTH;
    if (bytes.size() < content_at) return;
    SHA256(reinterpret_cast<const unsigned char*>(&bytes[content_at]), bytes.size() - content_at,
           reinterpret_cast<unsigned char*>(&bytes[hash_at]));
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
    for (Cache& cache : caches) {
        const tests::TemporaryFolder scratch(tests::Place::memory);
        cache.store(scratch.path());
        const fs::path file = only_file_below(scratch.path());
        cache.file = project() / fs::relative(file, scratch.path());
        fs::create_directories(cache.file.parent_path());
        tests::add_seed({*arguments, static_cast<std::size_t>(*count)}, cache.name,
                        cache.name.front() + tests::text_in(file));
    }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto chosen =
        std::ranges::find(caches, static_cast<char>(data[0]), [](const Cache& cache) { return cache.name.front(); });
    if (chosen == caches.end()) return 0;
    std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    mend_hash(bytes);
    std::ofstream(chosen->file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    chosen->use(project());
    return 0;
}
