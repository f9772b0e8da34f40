#include <memory>
#include <sstream>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/estimate_poses.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, estimator, card, video, device = "automatic", author;
    std::vector<std::string> takes;
    int batch = 1, threads = 0;
    bool replace = false;
};

json json_of(const EstimateResult& result, const PoseEstimator& estimator, const std::vector<std::string>& warnings) {
    json videos = json::array(), left_out = json::array();
    for (const EstimatedVideo& video : result.videos) {
        json undecodable = json::array();
        for (const schemas::FrameSpan span : video.undecodable) undecodable.push_back({span.begin, span.end});
        videos.push_back({{"take", video.take},
                          {"video", video.video},
                          {"stream", std::to_string(static_cast<std::int64_t>(video.stream))},
                          {"file", video.file},
                          {"frames", video.frames},
                          {"frames_with_joints", video.seen},
                          {"mean_score", video.mean_score},
                          {"undecodable", undecodable}});
    }
    for (const LeftOut& entry : result.left_out)
        left_out.push_back({{"take", entry.path},
                            {"reason", entry.reason},
                            {"severity", entry.severity == LeftOut::Severity::error ? "error" : "passed over"}});
    return {{"estimator",
             {{"name", estimator.card.name},
              {"file", estimator.source.estimator},
              {"sha256", estimator.source.estimator_sha256},
              {"card_sha256", estimator.source.card_sha256},
              {"layout", estimator.card.layout}}},
            {"videos", videos},
            {"left_out", left_out},
            {"seconds", result.seconds},
            {"warnings", warnings}};
}

std::string text_of(const EstimateResult& result, const PoseEstimator& estimator) {
    std::ostringstream text;
    schemas::FrameIndex frames = 0;
    for (const EstimatedVideo& video : result.videos) frames += video.frames;
    text << "key-points of " << frames << " frames in " << result.videos.size() << " videos by " << estimator.card.name
         << " in " << static_cast<int>(result.seconds + 0.5) << " s\n";
    text.precision(3);
    for (const EstimatedVideo& video : result.videos) {
        text << "  " << video.take << ": " << video.frames << " frames, " << video.seen << " with joints, mean score "
             << video.mean_score << ", in " << video.file << "\n";
        for (const schemas::FrameSpan span : video.undecodable)
            text << "    frames " << span.begin << " to " << span.end - 1 << " of the video do not decode\n";
    }
    if (!result.left_out.empty()) text << result.left_out.size() << " left out:\n";
    for (const LeftOut& entry : result.left_out) text << "  " << entry.path << ": " << entry.reason << "\n";
    return text.str();
}

ExitCode estimate(const Options& options, Console& console) {
    const JobContext job = console.job();
    EstimatorFiles files{options.estimator, options.card, inference::Device::automatic, options.threads};
    if (options.device != "automatic")
        files.device = options.device == "cuda" ? inference::Device::cuda : inference::Device::cpu;
    EstimateOptions wanted;
    wanted.takes = options.takes;
    wanted.video = options.video;
    wanted.batch = options.batch;
    if (options.replace) wanted.earlier = EstimateOptions::Earlier::replace;
    SessionOptions who;
    who.author = {options.author, schemas::AuthorKind::import};
    ProjectSession session(options.project, std::move(who));
    std::vector<std::string> warnings;
    PoseEstimator estimator = open_estimator(files, [&](const std::string& warning) {
        console.note(warning);
        warnings.push_back(warning);
    });
    const auto result = estimate_poses(session, estimator, wanted, job);
    if (!result) {
        console.note("Stopped; the videos that were finished keep their key-points, and the same call goes on.");
        return ExitCode::failed;
    }
    console.result(json_of(*result, estimator, warnings), text_of(*result, estimator));
    if (!result->in_part()) return ExitCode::done;
    return result->videos.empty() ? ExitCode::failed : ExitCode::in_part;
}

}  // namespace

void add_pose(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("pose", "Turn videos into key-points with a pose estimator that you bring, in TorchScript",
                 [options](Console& console) { return estimate(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--estimator", options->estimator,
                     "the estimator, a TorchScript file. It is a PROGRAM and runs with your rights: trust its source")
        ->required();
    verb->add_option("--card", options->card,
                     "a JSON file that says what it is shown and what it answers (schemas/json/estimator.schema.json)")
        ->required();
    verb->add_option("--takes", options->takes, "only these takes; every one that has a video unless given")
        ->delimiter(',');
    verb->add_option("--video", options->video, "which video of takes that have several");
    verb->add_option("--batch", options->batch, "pictures that the estimator is shown at once")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    verb->add_flag("--replace", options->replace,
                   "put these in the place of what an estimator found before, unless a person has corrected it");
    verb->add_option("--device", options->device, "where to compute")
        ->check(CLI::IsMember({"automatic", "cpu", "cuda"}))
        ->capture_default_str();
    verb->add_option("--threads", options->threads, "0: as many as there are cores")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->add_option("--author", options->author, "who does it; the user of this machine unless given");
}

}  // namespace annotator
