#pragma once

#include <filesystem>
#include <memory>

#include "storage/media/audio_index.h"
#include "storage/media/video_index.h"
#include "tests/support/temporary_folder.h"

// Videos whose pictures say their number, for tests of playing.
namespace annotator_tests {

struct NumberedVideo {
    std::filesystem::path file;
    std::shared_ptr<const storage::VideoIndex> video;
    std::shared_ptr<const storage::AudioIndex> sound;  // of one tone
};

struct NumberedVideoOptions {
    const char* name = "numbered.mp4";
    int frames = 100;
    int width = 160;
    int height = 96;
    int frames_a_second = 25;
};

NumberedVideo numbered_video(const tests::TemporaryFolder& folder, const NumberedVideoOptions& options = {});

}  // namespace annotator_tests
