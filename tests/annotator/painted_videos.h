#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "annotator/document/commands.h"
#include "annotator/session/project_session.h"
#include "storage/media/video_writer.h"
#include "tests/support/temporary_folder.h"

// Videos whose every frame has its number painted in, and labels on them.
namespace tests {

std::vector<int> numbers_from(int begin, int end, int step = 1);

struct PaintedVideo {
    std::vector<int> numbers;
    storage::VideoWriterOptions options;  // size and time base filled in where they are 0
    std::vector<std::int64_t> pts;        // empty: 0, 1, 2 …
    int brightness = 0;                   // levels added, as another encoder might
    // Another place and another dance.
    enum class Scene { stage, street } scene = Scene::stage;
};

// 160 x 120, 30 frames a second, H.264. With options.sound a hum lies under it.
PaintedVideo painted(std::vector<int> numbers);
// The extension says the container.
std::filesystem::path write_video(const TemporaryFolder& folder, const std::string& name, const PaintedVideo& video);

// What is painted into each frame of a video; -1 where nothing can be read.
std::vector<int> painted_numbers(const std::filesystem::path& video);

// Labels a span of a clip on the category track as the author of the session.
void draw(annotator::ProjectSession& session, const std::string& clip, schemas::FrameSpan span,
          const std::string& label);
// The spans of a clip's labels, by label.
std::map<std::string, schemas::FrameSpan> label_spans(const annotator::Document& document, const std::string& clip);

}  // namespace tests
