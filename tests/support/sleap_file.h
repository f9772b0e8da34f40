#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace tests {

// What a small SLEAP file holds, as its tables have it.
struct SleapPoint {
    double x = 0, y = 0;
    bool visible = true;
    double score = 1;  // of predicted ones
};

struct SleapInstance {
    enum Type : std::uint8_t { placed = 0, predicted = 1 } type = predicted;
    std::uint64_t frame_id = 0;
    std::int32_t track = 0;
    float score = 1;
    std::vector<SleapPoint> points;
};

struct SleapFrame {
    std::uint64_t id = 0, index = 0;
    std::uint32_t video = 0;
};

// How the tables lie in the file.
enum class SleapStorage { chunks, packed_chunks, contiguous };

struct SleapContents {
    SleapStorage storage = SleapStorage::chunks;
    double format_id = 1.1;
    std::vector<std::string> nodes;
    std::vector<std::pair<int, int>> edges;  // of node to node
    std::vector<SleapFrame> frames;
    std::vector<SleapInstance> instances;
};

void write_sleap(const std::filesystem::path& file, const SleapContents& contents);

}  // namespace tests
