#include "annotator/workflows/retrain.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <stdexcept>

#include "annotator/workflows/classifier_report.h"
#include "annotator/workflows/name_primitives.h"
#include "annotator/workflows/promotion.h"
#include "annotator/workflows/retrain_streams.h"
#include "inference/families.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using inference::Sample;
using nlohmann::json;

// The labelled samples that a first run does without: whole performers where there are enough
// of them, else every fifth sample of each label.
std::set<std::size_t> validation_part(const Document& document, const TrainingSnapshot& snapshot) {
    const auto labelled = snapshot.labelled();
    std::map<std::string, std::vector<std::size_t>> by_performer;
    for (const std::size_t i : labelled) {
        const auto& clip = document.at<schemas::Clip>(snapshot.origins[i].clip);
        by_performer[performer_group(document, clip)].push_back(i);
    }
    std::set<std::size_t> part;
    if (by_performer.size() >= 3) {
        const auto fifth = static_cast<double>(labelled.size()) / 5;
        const auto closest = std::ranges::min_element(by_performer, {}, [&](const auto& group) {
            return std::abs(static_cast<double>(group.second.size()) - fifth);
        });
        part.insert(closest->second.begin(), closest->second.end());
        return part;
    }
    std::map<int, int> seen;
    for (const std::size_t i : labelled)
        if (++seen[snapshot.samples[i].label] % 5 == 0) part.insert(i);
    return part;
}

json options_json(const RetrainOptions& options, const inference::TrainOptions& training,
                  const TrainingSnapshot& snapshot) {
    json all{{"steps", options.training.steps},
             {"batch", training.batch},
             {"threads", training.threads},
             {"track", options.pool.track},
             {"unit", std::string(schemas::to_text(snapshot.unit))},
             {"semi_supervised", training.semi_supervised},
             {"overrides", training.overrides}};
    if (!training.warm.empty()) all["warm"] = training.warm.filename();
    if (training.start != nullptr && options.weights)
        all["weights"] = {{"file", options.weights->file},
                          {"sha256", options.weights->sha256},
                          {"partly", training.start->fit == inference::StartingWeights::Fit::partly}};
    return all;
}

class Run {
public:
    Run(ProjectSession& session, const RetrainOptions& options, const JobContext& job)
        : session_(session), options_(options), job_(job), family_(inference::engine().family(options.family)) {}

    std::optional<inference::TrainResult> train(const std::vector<Sample>& samples, const TrainingSnapshot& snapshot,
                                                const std::string& doing, const inference::TrainOptions& wanted) {
        inference::TrainOptions training = wanted;
        training.mirrored_labels = snapshot.mirrored_labels;
        if (options_.epochs > 0) training.steps = steps_for(samples);
        training.interruption = interruption(snapshot, training, doing);
        last_ = training;
        auto result = family_.train(
            samples, snapshot.labels, training,
            [&](const inference::TrainProgress& progress) {
                job_.report({doing, static_cast<double>(progress.step), static_cast<double>(progress.steps)});
                if (options_.curve) options_.curve(doing, progress);
            },
            job_.stop);
        if (result) take_notes(*result, snapshot, doing);
        return result;
    }

    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
    // The options of the last training, which is that of the model that is kept.
    [[nodiscard]] const inference::TrainOptions& kept_training() const { return last_; }

    // What is kept for the case of an interruption has done its duty, or nobody wants it.
    void forget() const {
        std::error_code ignored;
        for (const auto& file : kept_) std::filesystem::remove(file, ignored);
    }

    // What is kept, of all labels.
    std::optional<inference::TrainResult> train_on_all(const TrainingSnapshot& snapshot) {
        inference::TrainOptions training = options_.training;
        if (!options_.warm.empty()) training.warm = weights_of(session_, options_.warm);
        if (options_.weights) training.start = options_.weights->weights;
        return train(snapshot.samples, snapshot, "Training", training);
    }

    // The metrics of a model that did not see the validation part; null when there are too
    // few labels to spare any, or when stopped.
    json validate(const TrainingSnapshot& snapshot) {
        const auto without = split(snapshot);
        if (!without) return nullptr;
        inference::TrainOptions training = options_.training;
        training.watched = without->watched;
        const auto result = train(without->samples, snapshot, "Training on a part, for validation", training);
        if (!result) return nullptr;
        for (const inference::TrainProgress& progress : result->curve)
            for (const char* const figure : {"validation_accuracy", "validation_macro_f1"})
                if (const auto value = progress.losses.find(figure); value != progress.losses.end())
                    watched_[progress.step][figure] = value->second;
        return classifier_report(*result->model, snapshot, without->part, job_);
    }

    // What is kept, without the validation part, which decides when it stops; its metrics on that are added to
    // `validation`. nullopt when stopped, or when there are too few labels to spare any, which is noted then.
    std::optional<inference::TrainResult> train_watched(const TrainingSnapshot& snapshot, json& validation) {
        const auto without = split(snapshot);
        if (!without) {
            notes_.emplace_back("there are too few labels to stop early by, so it learns from all of them, to the end");
            return std::nullopt;
        }
        inference::TrainOptions training = options_.training;
        training.watched = without->watched;
        training.overrides["patience"] = options_.patience;
        auto result = train(without->samples, snapshot, "Training", training);
        if (!result) return std::nullopt;
        validation = classifier_report(*result->model, snapshot, without->part, job_);
        if (validation.is_null()) return std::nullopt;
        validation["chose_the_model"] = true;
        const auto step = [&](const char* name) { return std::to_string(static_cast<int>(result->metrics.at(name))); };
        const int last = result->curve.empty() ? 0 : result->curve.back().steps;
        const bool early = result->metrics.at("ended_at") < last;
        notes_.push_back(
            (early ? "it stopped early, at step " + step("ended_at") + " of " + std::to_string(last)
                   : "it ran to the end, " + std::to_string(last) + " steps") +
            "; what is kept is as it was after step " + step("best_step") + ", the best on the validation part of " +
            std::to_string(without->part.size()) +
            " labels, from which it did not learn and which makes its figures there look a little too good");
        return result;
    }

    [[nodiscard]] json curve_json(const std::vector<inference::TrainProgress>& curve) const {
        json list = json::array();
        for (const auto& entry : curve) {
            list.push_back({{"step", entry.step}, {"losses", entry.losses}});
            if (const auto seen = watched_.find(entry.step); seen != watched_.end())
                for (const auto& [figure, value] : seen->second) list.back()["losses"][figure] = value;
        }
        return list;
    }

private:
    void take_notes(const inference::TrainResult& result, const TrainingSnapshot& snapshot, const std::string& doing) {
        const auto note = [&](const std::string& text) { notes_.push_back(doing + ": " + text); };
        for (const std::string& text : result.notes) note(text);
        if (result.went_on_from > 0)
            note("it had been interrupted and went on from step " + std::to_string(result.went_on_from));
        if (!result.problem.empty()) note(result.problem);
        if (!result.broken) return;
        const SampleOrigin& origin = snapshot.origins[result.broken->sample];
        note("at step " + std::to_string(result.broken->step) + " the loss was no number any more, with " +
             session_.document().at<schemas::Clip>(origin.clip).name + " " + interval_text(origin.span) +
             " in the batch; what was learnt before is kept. A lower rate may help: --set rate=0.0005");
    }

    // In a file of its own for each of the two trainings of these labels and options.
    inference::Interruption interruption(const TrainingSnapshot& snapshot, const inference::TrainOptions& training,
                                         const std::string& doing) {
        const json all{{"doing", doing},
                       {"family", options_.family},
                       {"snapshot", snapshot.hash},
                       {"options", options_json(options_, training, snapshot)},
                       {"steps", training.steps},
                       {"seed", training.seed},
                       {"format", 2}};
        const std::string fingerprint = storage::sha256_of(all.dump());
        const auto file = session_.store().folder() / "models" / ("unfinished-" + fingerprint.substr(0, 16) + ".pt");
        kept_.push_back(file);
        std::error_code ignored;
        if (options_.start == RetrainOptions::Start::fresh) std::filesystem::remove(file, ignored);
        return {file, fingerprint, options_.keep_seconds};
    }

    [[nodiscard]] int steps_for(const std::vector<Sample>& samples) const {
        const auto labelled = std::ranges::count_if(samples, [](const Sample& sample) { return sample.label >= 0; });
        return std::max(1, static_cast<int>(options_.epochs * labelled / options_.training.batch));
    }

    // The samples, those of the validation part without their labels.
    struct Split {
        std::vector<Sample> samples, watched;
        std::set<std::size_t> part;
    };
    // nullopt where there are too few labels to spare any.
    [[nodiscard]] std::optional<Split> split(const TrainingSnapshot& snapshot) const {
        Split split{snapshot.samples, {}, validation_part(session_.document(), snapshot)};
        for (const std::size_t i : split.part) {
            split.watched.push_back(split.samples[i]);
            split.samples[i].label = -1;
        }
        const bool something_left =
            std::ranges::any_of(split.samples, [](const Sample& sample) { return sample.label >= 0; });
        if (split.part.empty() || !something_left) return std::nullopt;
        return split;
    }

    ProjectSession& session_;
    const RetrainOptions& options_;
    const JobContext& job_;
    inference::ModelFamily& family_;
    inference::TrainOptions last_;
    std::vector<std::filesystem::path> kept_;
    std::vector<std::string> notes_;
    std::map<int, std::map<std::string, double>> watched_;  // figures of the validation part, by step
};

}  // namespace

bool stops_early(const RetrainOptions& options, const TrainingSnapshot& snapshot) {
    using Wanted = RetrainOptions::EarlyStopping;
    if (options.early_stopping == Wanted::on && options.begins_warm())
        throw std::invalid_argument(
            "a model that begins with earlier weights cannot be stopped early: they may have learnt the labels that "
            "would decide it. Leave out one of the two");
    if (options.early_stopping != Wanted::automatic) return options.early_stopping == Wanted::on;
    return !options.begins_warm() && options.validation == RetrainOptions::Validation::measure &&
           snapshot.labels_a_class() >= RetrainOptions::many_labels;
}

std::optional<RetrainResult> retrain(ProjectSession& session, const RetrainOptions& options, const JobContext& job) {
    if (inference::is_stream_family(options.family)) return retrain_streams(session, options, job);
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    const auto snapshot = training_snapshot(session, *motions, options.pool, job);
    if (!snapshot) return std::nullopt;
    const auto labelled = snapshot->labelled();
    if (labelled.empty())
        throw std::invalid_argument("track '" + options.pool.track +
                                    "' has no label to learn from; label what 'kinetograph queue' asks for first");

    if (!options.warm.empty()) (void)weights_of(session, options.warm);  // before anything is trained
    Run run(session, options, job);
    RetrainResult result;
    result.notes = snapshot->notes;
    json validation = nullptr;
    std::optional<inference::TrainResult> trained;
    const bool watched = stops_early(options, *snapshot);
    if (watched) trained = run.train_watched(*snapshot, validation);
    if (!trained && !watched && options.validation == RetrainOptions::Validation::measure)
        validation = run.validate(*snapshot);
    if (!trained && !job.stop.stop_requested()) trained = run.train_on_all(*snapshot);
    if (!trained) {
        run.forget();
        return std::nullopt;
    }
    result.notes.insert(result.notes.end(), run.notes().begin(), run.notes().end());
    json suspected = json::array();
    for (const std::size_t i : trained->suspected_label_errors)
        suspected.push_back({{"clip", session.document().at<schemas::Clip>(snapshot->origins[i].clip).name},
                             {"span", {snapshot->origins[i].span.begin, snapshot->origins[i].span.end}}});
    result.metrics = {{"samples", snapshot->samples.size()},
                      {"labelled", labelled.size()},
                      {"training", trained->metrics},
                      {"validation", validation},
                      {"suspected_label_errors", suspected}};
    result.curve = run.curve_json(trained->curve);
    result.seconds = trained->seconds;

    schemas::ModelVersion& version = result.version;
    version.id = session.ids().fresh<schemas::ModelId>();
    version.family = options.family;
    version.name = options.name.empty() ? options.family + "-" + std::to_string(session.store().models().size() + 1)
                                        : options.name;
    version.snapshot = snapshot->hash;
    version.seed = static_cast<std::int64_t>(options.training.seed);
    version.parameters = trained->model->parameters();
    version.checkpoint = "models/" + std::to_string(static_cast<std::int64_t>(version.id)) + ".pt";
    version.options = options_json(options, run.kept_training(), *snapshot).dump();
    json stored = result.metrics;
    stored["curve"] = result.curve;
    version.metrics = stored.dump();
    version.time = session.now();
    if (options.training.group != nullptr && options.training.group->rank() > 0) return result;
    trained->model->save(session.store().folder() / version.checkpoint);
    result.promoted = options.promotion == RetrainOptions::Promotion::when_it_earns_it &&
                      earns_promotion(session, version, options.pool.track, result.notes);
    session.store().add_model(version);
    run.forget();
    name_after_training(session, version, *trained->model, *snapshot, options.pool.layer, job, result.notes);
    if (result.promoted) promote(session, std::to_string(static_cast<std::int64_t>(version.id)));
    return result;
}

}  // namespace annotator
