#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/retrain.h"
#include "inference/families.h"

namespace annotator {

void add_promote(CommandLine& line) {
    struct Options {
        std::string project, model;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("promote", "Make a model the one that pre-labels; a person decides", [options](Console& console) {
            ProjectSession session(options->project, {});
            const schemas::ModelVersion model = promote(session, options->model);
            console.result({{"model", std::to_string(static_cast<std::int64_t>(model.id))},
                            {"name", model.name},
                            {"track", learnt_track(model)}},
                           model.name +
                               (inference::is_stream_family(model.family) ? " cuts the streams of track '"
                                                                          : " pre-labels track '") +
                               learnt_track(model) + "' from now on");
            return ExitCode::done;
        });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("model", options->model, "a model's id or name; of several of one name the newest")->required();
}

}  // namespace annotator
