#include "annotator/workflows/overlay.h"

#include <memory>

#include "annotator/cli/verbs.h"
#include "storage/media/png_picture.h"

namespace annotator {

namespace {

struct Options {
    std::string recording, picture, map = "viridis";
    schemas::FrameIndex frame = 0;
    std::vector<std::string> skeletons;
    std::vector<std::uint16_t> range;
    int stream = -1, scale = 1;
};

ExitCode draw(const Options& options, Console& console) {
    OverlayRequest wanted;
    wanted.recording = options.recording;
    wanted.frame = options.frame;
    wanted.skeletons.assign(options.skeletons.begin(), options.skeletons.end());
    if (options.stream >= 0) wanted.stream = options.stream;
    wanted.map = options.map == "grey" ? storage::ColourMap::grey : storage::ColourMap::viridis;
    if (options.range.size() == 2) wanted.range = {options.range[0], options.range[1]};
    wanted.scale = options.scale;
    const std::optional<Overlay> drawn = overlay(wanted, console.job());
    if (!drawn) {
        console.note("Stopped; no picture was written.");
        return ExitCode::failed;
    }
    storage::write_png(drawn->picture, options.picture);
    std::string text = options.picture + ": frame " + std::to_string(options.frame) + " with " +
                       std::to_string(drawn->joints) + " joints";
    for (const std::string& file : drawn->without_skeleton) text += "\n  " + file + " has no skeleton at this frame";
    console.result({{"picture", options.picture},
                    {"frame", options.frame},
                    {"width", drawn->picture.width},
                    {"height", drawn->picture.height},
                    {"joints", drawn->joints},
                    {"without_skeleton", drawn->without_skeleton}},
                   text);
    return ExitCode::done;
}

}  // namespace

void add_overlay(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("overlay", "Draw the skeleton of a frame over its picture or depth",
                              [options](Console& console) { return draw(*options, console); });
    verb->add_option("recording", options->recording, "a video or depth recording")->required();
    verb->add_option("frame", options->frame, "which frame, from 0")->required()->check(CLI::NonNegativeNumber);
    verb->add_option("picture", options->picture, "the PNG file to write")->required();
    verb->add_option("--skeleton", options->skeletons, "recordings of skeletons or key-points of the same frames")
        ->required();
    verb->add_option("--stream", options->stream, "the video stream of the container, as ffprobe counts")
        ->check(CLI::NonNegativeNumber);
    verb->add_option("--map", options->map, "the colours of depth")
        ->check(CLI::IsMember({"viridis", "grey"}))
        ->capture_default_str();
    verb->add_option("--range", options->range, "nearest and farthest value of depth; by the frame unless given")
        ->expected(2)
        ->delimiter(',');
    verb->add_option("--scale", options->scale, "pixels for each pixel, each way")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
}

}  // namespace annotator
