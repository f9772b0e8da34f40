#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "schemas/picture.h"
#include "storage/media/video_index.h"
#include "storage/media/video_reader.h"

// Videos of every kind that a frame number can go wrong in. The synthetic dancer is in them, and
// every frame has its number painted in.
namespace tests {

struct VideoFixture {
    std::string name;  // "h264 with open groups": a plain phrase for messages
    std::filesystem::path file;
    // The frames that are shown, and what number is painted into each.
    std::vector<int> numbers;
    // When each is shown, in seconds x time_base_denominator / time_base_numerator.
    std::vector<std::int64_t> pts;
    std::int64_t time_base_numerator = 1;
    std::int64_t time_base_denominator = 1;
    // What was written. Of cut-off files only some of the first frames are left, and AVI tells times
    // from the first frame on only.
    enum class End { whole, cut_off } end = End::whole;
    enum class Times { exact, from_the_first_on } times = Times::exact;
    int group_length = 0;
    bool sound = false;
};

// All of them, written when they are first asked for, gone at the end of the run.
const std::vector<VideoFixture>& video_fixtures();
const VideoFixture& video_fixture(const std::string& name);

storage::VideoIndex index_of(const std::filesystem::path& file);

// The number painted into a frame; -1 where it cannot be read.
int painted_number(const storage::VideoFrame& frame);
int painted_number(const schemas::Picture& picture);

}  // namespace tests
