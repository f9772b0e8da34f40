#include <memory>
#include <optional>

#include "annotator/cli/verbs.h"
#include "storage/media/depth_colour.h"
#include "storage/media/depth_range.h"
#include "storage/media/depth_reader.h"
#include "storage/media/png_picture.h"
#include "storage/media/video_reader.h"
#include "storage/read_error.h"

namespace annotator {

namespace {

struct Options {
    std::string path;
    schemas::FrameIndex index = 0;
    std::string output;
    std::optional<int> stream;
};

struct Shown {
    schemas::Picture picture;
    std::optional<std::int64_t> pts;
};

void require_frame(const Options& options, schemas::FrameIndex frames) {
    if (options.index < 0 || options.index >= frames)
        throw storage::ReadError(options.path + ": there is no frame " + std::to_string(options.index) + "; it has " +
                                 std::to_string(frames) + ", counted from 0.");
}

Shown depth_picture(storage::DepthReader& depth, const Options& options) {
    require_frame(options, depth.frames());
    const storage::DepthFrame frame = depth.frame(options.index);
    const storage::DepthRange range = storage::depth_range(frame);
    storage::DepthShading shading;
    shading.map = storage::ColourMap::grey;
    shading.nearest = range.smallest;
    shading.farthest = range.largest;
    return {storage::picture_from(frame, shading), std::nullopt};
}

// nullopt when stopped.
std::optional<Shown> video_picture(const Options& options, const JobContext& job) {
    storage::ScanOptions scan;
    scan.stream = options.stream;
    auto index = storage::scan_video(
        options.path, scan,
        [&](double share) {
            job.report({"Reading frames", share, 1});
        },
        job.stop);
    if (!index) return std::nullopt;
    require_frame(options, index->size());
    const std::int64_t pts = index->frames[static_cast<std::size_t>(options.index)].pts;
    storage::VideoReader reader(options.path, std::make_shared<const storage::VideoIndex>(std::move(*index)));
    const auto frame = reader.frame(options.index, job.stop);
    if (!frame) return std::nullopt;
    return Shown{frame->picture(), pts};
}

ExitCode write_frame(const Options& options, Console& console) {
    const storage::DepthFormat* depth = storage::depth_format_of(options.path);
    const auto shown = depth != nullptr && !options.stream
                           ? std::optional(depth_picture(*depth->open(options.path), options))
                           : video_picture(options, console.job());
    if (!shown) {
        console.note("Stopped; nothing was written.");
        return ExitCode::failed;
    }
    storage::write_png(shown->picture, options.output);
    console.result(
        {{"path", options.path},
         {"index", options.index},
         {"pts", shown->pts ? nlohmann::json(*shown->pts) : nlohmann::json()},
         {"width", shown->picture.width},
         {"height", shown->picture.height},
         {"output", options.output}},
        "Frame " + std::to_string(options.index) + " of " + options.path + " is in " + options.output + ".\n");
    return ExitCode::done;
}

}  // namespace

void add_frame(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("frame", "Write exactly one frame of a recording as a PNG picture",
                              [options](Console& console) { return write_frame(*options, console); });
    verb->add_option("recording", options->path, "a video, or a depth recording")->required();
    verb->add_option("index", options->index, "which frame, counted from 0")->required();
    verb->add_option("output", options->output, "the PNG file to write")->required();
    verb->add_option("--stream", options->stream, "which one, where a file has several videos; counted from 0");
}

}  // namespace annotator
