#include <iostream>
#include <memory>
#include <sstream>

#include "annotator/cli/pool_arguments.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/retrain.h"
#include "inference/families.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::string family = "tcn_clip", name, device = "automatic", weights;
    std::uint64_t seed = 0;
    int steps = 1800, epochs = 0, batch = 16, threads = 0;
    double keep_seconds = 20;
    bool no_validation = false, supervised = false, no_promote = false, fresh = false, distributed = false,
         weights_partly = false;
    std::vector<std::string> settings;
    PoolArguments pool;
};

std::map<std::string, double> overrides_from(const std::vector<std::string>& settings) {
    std::map<std::string, double> overrides;
    for (const std::string& setting : settings) {
        const auto equals = setting.find('=');
        try {
            if (equals == std::string::npos) throw std::invalid_argument("no '='");
            overrides[setting.substr(0, equals)] = std::stod(setting.substr(equals + 1));
        } catch (const std::logic_error&) {
            throw CLI::ValidationError("--set", "'" + setting + "' is no NAME=NUMBER");
        }
    }
    return overrides;
}

RetrainOptions wanted_from(const Options& options) {
    RetrainOptions wanted;
    wanted.family = options.family;
    wanted.name = options.name;
    wanted.pool = options.pool.pool();
    wanted.training.seed = options.seed;
    wanted.training.steps = options.steps;
    wanted.training.batch = options.batch;
    wanted.epochs = options.epochs;
    wanted.training.threads = options.threads;
    wanted.training.semi_supervised = !options.supervised;
    wanted.training.overrides = overrides_from(options.settings);
    wanted.training.device = options.device == "cuda"  ? inference::Device::cuda
                             : options.device == "cpu" ? inference::Device::cpu
                                                       : inference::Device::automatic;
    if (options.no_validation) wanted.validation = RetrainOptions::Validation::skip;
    wanted.keep_seconds = options.keep_seconds;
    if (options.fresh) wanted.start = RetrainOptions::Start::fresh;
    if (options.weights_partly && options.weights.empty())
        throw CLI::ValidationError("--weights-partly", "speaks of the file of --weights; name one");
    if (!options.weights.empty())
        wanted.weights = read_weights(options.weights, options.weights_partly ? inference::StartingWeights::Fit::partly
                                                                              : inference::StartingWeights::Fit::whole);
    if (options.no_promote) wanted.promotion = RetrainOptions::Promotion::never;
    return wanted;
}

std::string text_of(const RetrainResult& result) {
    std::ostringstream text;
    text << result.version.name << ": " << result.version.parameters << " parameters, trained in "
         << static_cast<int>(result.seconds + 0.5) << " s on " << result.metrics.at("labelled") << " labelled of "
         << result.metrics.at("samples") << " samples\n";
    if (const auto& validation = result.metrics.at("validation"); validation.is_object()) {
        text.precision(3);
        text << "  without the validation part, on it: accuracy " << validation.at("accuracy").get<double>()
             << ", macro F1 " << validation.at("macro_f1").get<double>() << " (n = " << validation.at("samples")
             << ")\n";
    }
    text << (result.promoted ? "  it pre-labels from now on\n" : "");
    for (const std::string& note : result.notes) text << "  " << note << "\n";
    return text.str();
}

// A line of progress that has the figures of the moment, for curves.
void print_point(const std::string& run, const inference::TrainProgress& progress) {
    const nlohmann::json line{{"progress", {{"doing", run}, {"done", progress.step}, {"total", progress.steps}}},
                              {"curve", progress.losses}};
    std::cerr << line.dump() + "\n";
}

ExitCode train(const Options& options, Console& console) {
    const JobContext job = console.job();
    RetrainOptions wanted = wanted_from(options);
    SessionOptions access;
    if (options.distributed) {
        const inference::World world = inference::world_of_environment();
        wanted.training.group = inference::engine().join(world);
        // One of them stores.
        if (world.rank > 0) access.access = storage::Access::read_only;
    }
    ProjectSession session(options.project, access);
    if (console.json()) wanted.curve = print_point;
    for (const std::string& warning : inference::engine().warnings()) console.note(warning);
    const auto result = retrain(session, wanted, job);
    if (!result) {
        console.note("Stopped; no model was stored.");
        return ExitCode::failed;
    }
    const auto& version = result->version;
    if (wanted.training.group != nullptr && wanted.training.group->rank() > 0) {
        const inference::ProcessGroup& group = *wanted.training.group;
        console.result(
            {{"rank", group.rank()}, {"processes", group.size()}, {"seconds", result->seconds}},
            "trained along with the first of " + std::to_string(group.size()) + " processes, which stores the model\n");
        return ExitCode::done;
    }
    console.result({{"model", std::to_string(static_cast<std::int64_t>(version.id))},
                    {"name", version.name},
                    {"family", version.family},
                    {"parameters", version.parameters},
                    {"snapshot", version.snapshot},
                    {"seconds", result->seconds},
                    {"epochs", result->curve},
                    {"metrics", result->metrics},
                    {"promoted", result->promoted},
                    {"notes", result->notes}},
                   text_of(*result));
    return ExitCode::done;
}

}  // namespace

void add_train(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("train", "One training run on a frozen snapshot of the labels",
                              [options](Console& console) { return train(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--model", options->family, "the model family: " + inference::family_names())
        ->capture_default_str();
    verb->add_option("--name", options->name, "what to call the model");
    verb->add_option("--seed", options->seed, "the same seed, snapshot and threads give the same model")
        ->capture_default_str();
    verb->add_option("--steps", options->steps, "how many batches")->check(CLI::PositiveNumber)->capture_default_str();
    verb->add_option("--epochs", options->epochs, "passes over the labelled samples, instead of --steps")
        ->check(CLI::PositiveNumber);
    verb->add_option("--batch", options->batch, "labelled samples in a batch")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--threads", options->threads, "0: as many as there are cores")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->add_option("--device", options->device, "where to train")
        ->check(CLI::IsMember({"automatic", "cpu", "cuda"}))
        ->capture_default_str();
    verb->add_option("--set", options->settings, "further options of the family, NAME=NUMBER")->delimiter(',');
    verb->add_flag("--supervised", options->supervised, "learn from the labelled part alone");
    verb->add_flag("--no-validation", options->no_validation, "skip the first run that measures how good it is");
    verb->add_flag(
        "--no-promote", options->no_promote,
        "leave it to 'kinetograph promote' whether it pre-labels; else it does unless an earlier one is better");
    verb->add_flag("--fresh", options->fresh, "begin anew where a training of these labels had been interrupted");
    verb->add_option("--keep-every", options->keep_seconds,
                     "seconds between two times that it is kept for the case that it is interrupted")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->add_option("--weights", options->weights,
                     "a .safetensors file whose weights every network begins with, instead of random ones");
    verb->add_flag("--weights-partly", options->weights_partly, "begin with what of them fits, and list what does not");
    verb->add_flag("--distributed", options->distributed,
                   "train together with the other processes that torchrun, mpirun or srun started");
    options->pool.add_to(*verb);
}

}  // namespace annotator
