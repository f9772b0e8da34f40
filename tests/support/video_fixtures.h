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
    std::string name;  // "H.264, open groups"
    std::filesystem::path file;
    // The frames that are shown: what number is painted into each, and when it is shown, in ticks.
    std::vector<int> numbers;
    std::vector<std::int64_t> pts;
    std::int64_t time_base_numerator = 1;  // seconds of one tick
    std::int64_t time_base_denominator = 1;
    enum class End { whole, cut_off } end = End::whole;                  // cut_off: some of the last ones are missing
    enum class Times { exact, from_the_first_on } times = Times::exact;  // AVI has no first time
    int group_length = 0;
    bool sound = false;

    // The number of the frame that is shown then; -1 where none is.
    [[nodiscard]] int number_at(const storage::VideoIndex& index, schemas::FrameIndex frame) const;
};

// All of them, written when they are first asked for, gone at the end of the run.
const std::vector<VideoFixture>& video_fixtures();
const VideoFixture& video_fixture(const std::string& name);

storage::VideoIndex index_of(const std::filesystem::path& file);

// The number painted into a frame; -1 where it cannot be read.
int painted_number(const storage::VideoFrame& frame);
int painted_number(const schemas::Picture& picture);

}  // namespace tests
