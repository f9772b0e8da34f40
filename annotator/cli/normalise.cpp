#include "annotator/workflows/normalise.h"

#include <memory>

#include "annotator/cli/frame_rate_argument.h"
#include "annotator/cli/verbs.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, out, size = "720p", rate = "30", preset, author;
    bool enlarge = false;
};

int lines_from(const std::string& size) {
    const std::string digits = size.ends_with("p") ? size.substr(0, size.size() - 1) : size;
    const auto lines = storage::integer_from(digits);
    if (!lines || *lines < 16 || *lines > 8640)
        throw CLI::ValidationError("--size", "'" + size + "' is no size such as 720p, between 16p and 8640p");
    return static_cast<int>(*lines);
}

json json_of(const NormaliseResult& result) {
    json videos = json::array(), left_out = json::array(), dropped = json::array();
    for (const NormalisedVideo& video : result.videos)
        videos.push_back({{"take", video.take},
                          {"source", video.source},
                          {"path", video.path},
                          {"frame_map", video.frame_map},
                          {"width", video.size.width},
                          {"height", video.size.height},
                          {"frames", video.frames},
                          {"duplicated", video.duplicated},
                          {"dropped", video.dropped},
                          {"undecodable", video.undecodable},
                          {"sound_problem", video.sound_problem.empty() ? json(nullptr) : json(video.sound_problem)}});
    for (const LeftOut& entry : result.left_out) left_out.push_back({{"path", entry.path}, {"reason", entry.reason}});
    for (const DroppedLabel& entry : result.labels.dropped)
        dropped.push_back(
            {{"label", entry.label}, {"span", {entry.span.begin, entry.span.end}}, {"reason", entry.reason}});
    return {{"takes", result.takes},
            {"videos", videos},
            {"labels", result.labels.segments()},
            {"key_poses", result.labels.key_poses.size()},
            {"dropped", dropped},
            {"left_out", left_out}};
}

std::string text_of(const NormaliseResult& result, const std::string& out) {
    std::string text = std::to_string(result.videos.size()) + " videos of " + std::to_string(result.takes) +
                       " takes, with " + std::to_string(result.labels.segments()) + " labels and " +
                       std::to_string(result.labels.key_poses.size()) + " key poses, are in " + out + "\n";
    for (const NormalisedVideo& video : result.videos)
        text += "  " + video.path + ": " + std::to_string(video.size.width) + "x" + std::to_string(video.size.height) +
                ", " + std::to_string(video.frames) + " frames, " + std::to_string(video.duplicated) +
                " shown again, " + std::to_string(video.dropped) + " of the source left out" +
                (video.undecodable.empty()
                     ? ""
                     : ", " + std::to_string(video.undecodable.size()) + " did not decode and show the one before") +
                (video.sound_problem.empty() ? "" : "; its sound is missing: " + video.sound_problem) + "\n";
    if (!result.left_out.empty() || !result.labels.dropped.empty()) text += "Left out:\n";
    for (const LeftOut& entry : result.left_out) text += "  " + entry.path + ": " + entry.reason + "\n";
    for (const DroppedLabel& entry : result.labels.dropped)
        text += "  " + entry.label + ", frames [" + std::to_string(entry.span.begin) + ", " +
                std::to_string(entry.span.end) + "), " + entry.reason + "\n";
    return text;
}

ExitCode run(const Options& options, Console& console) {
    NormaliseOptions wanted;
    wanted.out = options.out;
    wanted.lines = lines_from(options.size);
    wanted.rate = rate_from(options.rate);
    wanted.enlarge = options.enlarge ? Enlarge::allowed : Enlarge::never;
    wanted.preset = options.preset;
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    reading.author = {options.author, schemas::AuthorKind::import};
    ProjectSession session(options.project, std::move(reading));
    const auto result = normalise(session, wanted, console.job());
    if (!result) {
        console.note("Stopped. Nothing was written.");
        return ExitCode::failed;
    }
    console.result(json_of(*result), text_of(*result, options.out));
    return result->left_out.empty() && result->labels.dropped.empty() ? ExitCode::done : ExitCode::in_part;
}

}  // namespace

void add_normalise(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("normalise", "Copy a project with all videos as H.264 of one size and rate",
                              [options](Console& console) { return run(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("out", options->out, "the new project's folder, missing or empty")->required();
    verb->add_option("--size", options->size, "pixels of the shorter side: 720p")->capture_default_str();
    verb->add_option("--fps", options->rate, "frames a second: 30 or 30000/1001")->capture_default_str();
    verb->add_flag("--enlarge", options->enlarge, "enlarge videos that are smaller");
    verb->add_option("--preset", options->preset, "of the encoder x264: ultrafast … veryslow; medium unless given");
    verb->add_option("--author", options->author, "who does it; the user of this machine unless given");
}

}  // namespace annotator
