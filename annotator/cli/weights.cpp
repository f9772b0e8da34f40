#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/weights_file.h"

namespace annotator {

void add_weights(CommandLine& line) {
    struct Options {
        std::string project, model, file;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("weights", "Write the weights of a model as safetensors, for other programs and for 'train --weights'",
                 [options](Console& console) {
                     SessionOptions access;
                     access.access = storage::Access::read_only;
                     ProjectSession session(options->project, access);
                     const WrittenWeights written = write_weights(session, options->model, options->file);
                     console.result({{"model", std::to_string(static_cast<std::int64_t>(written.model.id))},
                                     {"name", written.model.name},
                                     {"family", written.model.family},
                                     {"file", options->file},
                                     {"tensors", written.tensors},
                                     {"numbers", written.numbers}},
                                    options->file + ": " + std::to_string(written.tensors) + " tensors of " +
                                        written.model.name + ", " + std::to_string(written.numbers) + " numbers");
                     return ExitCode::done;
                 });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("model", options->model, "a model's id or name; of several of one name the newest")->required();
    verb->add_option("file", options->file, "the .safetensors file to write")->required();
}

}  // namespace annotator
