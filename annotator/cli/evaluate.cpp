#include "annotator/workflows/evaluate.h"

#include <memory>
#include <sstream>

#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    EvaluateOptions evaluate;
    std::vector<std::string> clips;
};

std::string text_of(const nlohmann::json& result) {
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << result.at("layer").get<std::string>() << " against "
         << result.at("against").get<std::string>() << ", track " << result.at("track").get<std::string>() << ": "
         << result.at("segments") << " segments of " << result.at("clips") << " clips\n";
    const auto row = [&](const std::string& name, double share) {
        text << "  " << name << std::string(28 - name.size(), ' ') << 100 * share << " %\n";
    };
    row("accuracy", result.at("accuracy"));
    row("macro F1", result.at("macro_f1"));
    row("frame accuracy", result.at("frame_accuracy"));
    row("edit", result.at("edit"));
    for (const char* overlap : {"10", "25", "50"})
        row(std::string("segmental F1@") + overlap, result.at(std::string("f1_") + overlap));
    for (const auto& [window, f1] : result.at("boundary_f1").items()) row("boundary F1 within " + window, f1);
    if (result.contains("boundary_f1_tolerance"))
        row("boundary F1 as tolerated", result.at("boundary_f1_tolerance").at("f1"));
    return text.str();
}

}  // namespace

void add_evaluate(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("evaluate", "All metrics between two layers", [options](Console& console) {
        SessionOptions reading;
        reading.access = storage::Access::read_only;
        ProjectSession session(options->project, std::move(reading));
        EvaluateOptions wanted = options->evaluate;
        wanted.clips.insert(options->clips.begin(), options->clips.end());
        const nlohmann::json result = evaluate(session, wanted);
        console.result(result, text_of(result));
        return ExitCode::done;
    });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--layer", options->evaluate.layer, "the layer to judge, or 'proposals'")->required();
    verb->add_option("--against", options->evaluate.against, "the layer that counts as true")->required();
    verb->add_option("--track", options->evaluate.track, "the track to compare")->capture_default_str();
    verb->add_option("--beside", options->evaluate.beside, "judge only what this layer has not labelled");
    verb->add_option("--clips", options->clips, "only these clips")->delimiter(',');
}

}  // namespace annotator
