#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>

#include "annotator/cli/pool_arguments.h"
#include "annotator/cli/text_table.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/cross_validate.h"
#include "annotator/workflows/key_points.h"
#include "annotator/workflows/retrain.h"
#include "inference/families.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::string family = "tcn_clip", name, device = "automatic", warm, weights;
    std::string optimiser, semi_supervised = "two-stages", early_stopping = "automatic";
    std::uint64_t seed = 0;
    int steps = 1800, epochs = 0, batch = 16, threads = 0;
    double keep_seconds = 20;
    int patience = 10, folds = 0;
    bool no_validation = false, supervised = false, no_promote = false, fresh = false, distributed = false;
    bool balanced = false, keep_folds = false, weights_partly = false;
    std::optional<double> metres_per_value;
    std::vector<std::string> settings;
    PoolArguments pool;
    const CLI::App* verb = nullptr;

    [[nodiscard]] bool is_given(const std::string& option) const { return verb->count(option) > 0; }
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

// As the option 'descent' counts them.
const std::vector<std::string> optimisers{"adamw", "adam", "sgd", "rmsprop"};

// Options with a name of their own are overrides of the family, too.
void add_named(const Options& options, inference::TrainOptions& training) {
    training.overrides = overrides_from(options.settings);
    training.semi_supervised = !options.supervised && options.semi_supervised != "off";
    if (options.semi_supervised == "teacher") training.overrides["teacher"] = 1;
    if (options.balanced) training.overrides["balanced"] = 1;
    if (!options.optimiser.empty())
        training.overrides["descent"] =
            static_cast<double>(std::ranges::find(optimisers, options.optimiser) - optimisers.begin());
}

inference::Device device_from(const std::string& name) {
    return name == "cuda"  ? inference::Device::cuda
           : name == "cpu" ? inference::Device::cpu
                           : inference::Device::automatic;
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
    add_named(options, wanted.training);
    wanted.early_stopping = options.early_stopping == "on"    ? RetrainOptions::EarlyStopping::on
                            : options.early_stopping == "off" ? RetrainOptions::EarlyStopping::off
                                                              : RetrainOptions::EarlyStopping::automatic;
    wanted.patience = options.patience;
    wanted.warm = options.warm;
    if (!options.weights.empty())
        wanted.weights = read_weights(options.weights, options.weights_partly ? inference::StartingWeights::Fit::partly
                                                                              : inference::StartingWeights::Fit::whole);
    wanted.training.device = device_from(options.device);
    if (options.no_validation) wanted.validation = RetrainOptions::Validation::skip;
    wanted.keep_seconds = options.keep_seconds;
    if (options.fresh) wanted.start = RetrainOptions::Start::fresh;
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
        text << "  not having learnt from the validation part, on it: accuracy "
             << validation.at("accuracy").get<double>() << ", macro F1 " << validation.at("macro_f1").get<double>()
             << " (n = " << validation.at("samples") << ")\n";
    }
    const bool streams = inference::is_stream_family(result.version.family);
    if (const auto& validation = result.metrics.at("validation"); streams && validation.is_object())
        text << "  frames " << validation.at("frame_accuracy").get<double>() << ", boundaries within 5 frames "
             << validation.at("boundary_f1").at("5").get<double>() << " (F1)\n";
    text << (!result.promoted ? "" : streams ? "  it cuts streams from now on\n" : "  it pre-labels from now on\n");
    for (const std::string& note : result.notes) text << "  " << note << "\n";
    return text.str();
}

// Of a model that was trained, whatever it learnt.
nlohmann::json json_of(const auto& result) {
    return {{"model", std::to_string(static_cast<std::int64_t>(result.version.id))},
            {"name", result.version.name},
            {"family", result.version.family},
            {"parameters", result.version.parameters},
            {"snapshot", result.version.snapshot},
            {"seconds", result.seconds},
            {"epochs", result.curve},
            {"metrics", result.metrics},
            {"notes", result.notes}};
}

// A line of progress that has the figures of the moment, for curves.
void print_point(const std::string& run, const inference::TrainProgress& progress) {
    const nlohmann::json line{{"progress", {{"doing", run}, {"done", progress.step}, {"total", progress.steps}}},
                              {"curve", progress.losses}};
    std::cerr << line.dump() + "\n";
}

std::string text_of(const CrossValidation& all) {
    TextTable table({"fold", "tested", "labels", "accuracy", "macro F1", "model"});
    const auto names = [](const std::vector<std::string>& tested) {
        std::string text;
        for (const std::string& name : tested) text += (text.empty() ? "" : ", ") + name;
        return text;
    };
    for (std::size_t i = 0; i < all.folds.size(); ++i) {
        const Fold& fold = all.folds[i];
        table.add({std::to_string(i + 1), names(fold.tested),
                   std::to_string(fold.training) + " + " + std::to_string(fold.validation) + " / " +
                       std::to_string(fold.test),
                   percent_figure(fold.metrics.at("accuracy")), percent_figure(fold.metrics.at("macro_f1")),
                   fold.model ? fold.model->name : ""});
    }
    const auto figure = [&](const char* name) {
        const auto& entry = all.summary.at(name);
        return percent_figure(entry.at("mean")) + " ± " + percent_figure(entry.at("deviation"));
    };
    table.add({"mean", "", "", figure("accuracy"), figure("macro_f1"), ""});
    std::string text = table.text() + "In %; ± over the folds. Labels: training + validation / test.\n";
    for (const std::string& note : all.notes) text += "  " + note + "\n";
    return text;
}

ExitCode train_folds(const Options& options, Console& console) {
    const JobContext job = console.job();
    CrossValidationOptions wanted;
    wanted.retrain = wanted_from(options);
    wanted.folds = options.folds;
    if (options.keep_folds) wanted.keep = CrossValidationOptions::Keep::models;
    SessionOptions access;
    if (!options.keep_folds) access.access = storage::Access::read_only;
    ProjectSession session(options.project, access);
    if (console.json()) wanted.retrain.curve = print_point;
    const auto all = cross_validate(session, wanted, job);
    if (!all) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    nlohmann::json folds = nlohmann::json::array();
    for (const Fold& fold : all->folds)
        folds.push_back({{"tested", fold.tested},
                         {"training", fold.training},
                         {"validation", fold.validation},
                         {"test", fold.test},
                         {"metrics", fold.metrics},
                         {"model", fold.model ? nlohmann::json(fold.model->name) : nlohmann::json(nullptr)}});
    console.result({{"folds", folds}, {"summary", all->summary}, {"notes", all->notes}}, text_of(*all));
    return ExitCode::done;
}

LearnKeyPointsOptions wanted_key_points(const Options& options) {
    for (const char* option : {"--epochs", "--distributed", "--folds", "--warm", "--weights", "--balanced",
                               "--optimiser", "--semi-supervised", "--early-stopping"})
        if (options.is_given(option))
            throw CLI::ValidationError(option, std::string("is not for models of ") + key_point_family);
    LearnKeyPointsOptions wanted;
    wanted.name = options.name;
    wanted.metres_per_value = options.metres_per_value;
    wanted.training.seed = options.seed;
    if (options.is_given("--steps")) wanted.training.steps = options.steps;
    if (options.is_given("--batch")) wanted.training.batch = options.batch;
    wanted.training.threads = options.threads;
    wanted.training.device = device_from(options.device);
    for (const auto& [name, value] : overrides_from(options.settings))
        inference::set_option(wanted.training, name, value);
    if (options.no_validation) wanted.validation = LearnKeyPointsOptions::Validation::skip;
    return wanted;
}

std::string text_of(const LearntKeyPoints& result) {
    std::ostringstream text;
    text << result.version.name << ": " << result.version.parameters << " parameters, trained in "
         << static_cast<int>(result.seconds + 0.5) << " s on " << result.metrics.at("takes") << " takes, "
         << result.metrics.at("frames") << " frames\n";
    text.precision(3);
    if (const auto& validation = result.metrics.at("key_points"); validation.is_object())
        text << "  without " << validation.at("performer").get<std::string>() << ", on those takes: RMSE_n "
             << validation.at("rmse_n").get<double>() << ", mean error " << validation.at("mpjpe_mm").get<double>()
             << " mm (n = " << validation.at("takes") << " takes)\n";
    for (const std::string& note : result.notes) text << "  " << note << "\n";
    return text.str();
}

ExitCode train_key_points(const Options& options, Console& console) {
    LearnKeyPointsOptions wanted = wanted_key_points(options);
    if (console.json()) wanted.curve = print_point;
    ProjectSession session(options.project, {});
    for (const std::string& warning : inference::engine().warnings()) console.note(warning);
    const auto result = learn_key_points(session, wanted, console.job());
    if (!result) {
        console.note("Stopped; no model was stored.");
        return ExitCode::failed;
    }
    console.result(json_of(*result), text_of(*result));
    return ExitCode::done;
}

ExitCode train(const Options& options, Console& console) {
    if (options.family == key_point_family) return train_key_points(options, console);
    if (options.folds > 0 && inference::is_stream_family(options.family))
        throw CLI::ValidationError("--folds", "is not for " + options.family + ", which reads streams");
    if (options.folds > 0) return train_folds(options, console);
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
    if (wanted.training.group != nullptr && wanted.training.group->rank() > 0) {
        const inference::ProcessGroup& group = *wanted.training.group;
        console.result(
            {{"rank", group.rank()}, {"processes", group.size()}, {"seconds", result->seconds}},
            "trained along with the first of " + std::to_string(group.size()) + " processes, which stores the model\n");
        return ExitCode::done;
    }
    nlohmann::json answer = json_of(*result);
    answer["promoted"] = result->promoted;
    console.result(answer, text_of(*result));
    return ExitCode::done;
}

}  // namespace

void add_train(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("train", "One training run on a frozen snapshot of the labels",
                              [options](Console& console) { return train(*options, console); });
    options->verb = verb;
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--model", options->family,
                     "the model family: " + inference::family_names() +
                         "; of streams: " + inference::stream_family_names() + "; " + key_point_family +
                         " learns to find key-points in depth")
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
    verb->add_option("--optimiser", options->optimiser, "how weights descend; adamw unless given")
        ->check(CLI::IsMember(optimisers));
    verb->add_flag("--balanced", options->balanced, "draw every label as often as any other");
    verb->add_option("--semi-supervised", options->semi_supervised,
                     "how to learn from what nobody has labelled: label it once half-way, or step by step by a teacher")
        ->check(CLI::IsMember({"two-stages", "teacher", "off"}))
        ->capture_default_str();
    verb->add_flag("--supervised", options->supervised, "the same as --semi-supervised off");
    verb->add_option("--early-stopping", options->early_stopping,
                     "stop when macro F1 on a validation part gets no better; automatic: where labels are many")
        ->check(CLI::IsMember({"automatic", "on", "off"}))
        ->capture_default_str();
    verb->add_option("--patience", options->patience, "looks at the validation part that may be in vain")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    CLI::Option* folds =
        verb->add_option("--folds", options->folds,
                         "train and test so often, each time on other performers, and report; stores no model");
    folds->check(CLI::Range(2, 1000));
    verb->add_flag("--keep-folds", options->keep_folds, "store the models of --folds; none is promoted")->needs(folds);
    CLI::Option* warm =
        verb->add_option("--warm", options->warm,
                         "id or name of a model of the same family whose weights to begin with, where they fit");
    CLI::Option* weights = verb->add_option("--weights", options->weights,
                                            "a .safetensors file whose weights to begin with, named as 'kinetograph "
                                            "weights' writes them");
    weights->excludes(warm);
    verb->add_flag("--weights-partly", options->weights_partly, "begin with what of them fits, and list what does not")
        ->needs(weights);
    verb->add_flag("--no-validation", options->no_validation, "skip the first run that measures how good it is");
    verb->add_flag(
        "--no-promote", options->no_promote,
        "leave it to 'kinetograph promote' whether it pre-labels; else it does unless an earlier one is better");
    verb->add_flag("--fresh", options->fresh, "begin anew where a training of these labels had been interrupted");
    verb->add_option("--keep-every", options->keep_seconds,
                     "seconds between two times that it is kept for the case that it is interrupted")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    verb->add_flag("--distributed", options->distributed,
                   "train together with the other processes that torchrun, mpirun or srun started")
        ->excludes(folds);
    verb->add_option("--metres-per-value", options->metres_per_value,
                     std::string(key_point_family) + ": of depth recordings that do not say it")
        ->check(CLI::PositiveNumber);
    options->pool.add_to(*verb);
}

}  // namespace annotator
