#include "annotator/workflows/retrain.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <stdexcept>

#include "inference/metrics.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using inference::Sample;
using nlohmann::json;

// A new model may be this much worse on its validation part, which is within the noise of so few samples.
constexpr double tolerated_loss = 0.02;

// Of the validation part, so that a person can look at what a cell of the confusion matrix holds.
constexpr std::size_t most_examples = 5000;

// Each track has its own pre-labeller.
std::string promoted_setting(const std::string& track) { return "prelabeller/" + track; }

std::string id_text(schemas::ModelId id) { return std::to_string(static_cast<std::int64_t>(id)); }

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

json confusion_json(const inference::ConfusionMatrix& confusion) {
    json rows = json::array();
    for (int truth = 0; truth < confusion.classes; ++truth) {
        json row = json::array();
        for (int predicted = 0; predicted < confusion.classes; ++predicted)
            row.push_back(confusion.at(truth, predicted));
        rows.push_back(std::move(row));
    }
    return rows;
}

json report_of(inference::Model& model, const TrainingSnapshot& snapshot, const std::set<std::size_t>& part,
               const JobContext& job) {
    std::vector<Sample> samples;
    std::vector<int> truth, predicted, groups;
    for (const std::size_t i : part) {
        samples.push_back(snapshot.samples[i]);
        truth.push_back(snapshot.samples[i].label);
    }
    const auto prediction = model.predict(samples, inference::Hardness::skip, job.stop);
    if (!prediction) return nullptr;
    std::vector<float> confidence;
    std::vector<std::uint8_t> correct;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto row = prediction->row(i);
        const auto best = std::ranges::max_element(row);
        predicted.push_back(static_cast<int>(best - row.begin()));
        confidence.push_back(*best);
        correct.push_back(predicted.back() == truth[i] ? 1 : 0);
    }
    const int classes = static_cast<int>(snapshot.labels.size());
    const auto report = inference::classification_report(truth, predicted, classes);
    json examples = json::array();
    for (std::size_t i = 0; const std::size_t sample : part) {
        const SampleOrigin& origin = snapshot.origins[sample];
        if (examples.size() < most_examples)
            examples.push_back({{"clip", std::to_string(static_cast<std::int64_t>(origin.clip))},
                                {"span", {origin.span.begin, origin.span.end}},
                                {"truth", truth[i]},
                                {"predicted", predicted[i]},
                                {"confidence", confidence[i]}});
        ++i;
    }
    return {{"samples", report.samples},
            {"accuracy", report.accuracy},
            {"top5", inference::top_k_accuracy(prediction->probabilities, truth, classes, 5)},
            {"macro_f1", report.macro.f1},
            {"calibration_error", inference::expected_calibration_error(confidence, correct)},
            {"labels", snapshot.labels},
            {"confusion", confusion_json(report.confusion)},
            {"examples", examples}};
}

json options_json(const RetrainOptions& options, const TrainingSnapshot& snapshot) {
    json all{{"steps", options.training.steps},
             {"batch", options.training.batch},
             {"threads", options.training.threads},
             {"track", options.pool.track},
             {"unit", std::string(schemas::to_text(snapshot.unit))},
             {"semi_supervised", options.training.semi_supervised},
             {"overrides", options.training.overrides}};
    if (const auto& given = options.weights)
        all["weights"] = {{"file", given->file},
                          {"sha256", given->sha256},
                          {"partly", given->weights->fit == inference::StartingWeights::Fit::partly}};
    return all;
}

class Run {
public:
    Run(ProjectSession& session, const RetrainOptions& options, const JobContext& job)
        : session_(session), options_(options), job_(job), family_(inference::engine().family(options.family)) {}

    std::optional<inference::TrainResult> train(const std::vector<Sample>& samples, const TrainingSnapshot& snapshot,
                                                const std::string& doing, std::vector<Sample> watched = {}) {
        inference::TrainOptions training = training_for(samples);
        training.watched = std::move(watched);
        training.interruption = interruption(snapshot, training, doing);
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

    // What is kept for the case of an interruption has done its duty, or nobody wants it.
    void forget() const {
        std::error_code ignored;
        for (const auto& file : kept_) std::filesystem::remove(file, ignored);
    }

    // The metrics of a model that did not see the validation part; null when there are too
    // few labels to spare any, or when stopped.
    json validate(const TrainingSnapshot& snapshot) {
        const auto part = validation_part(session_.document(), snapshot);
        std::vector<Sample> samples = snapshot.samples;
        std::vector<Sample> watched;
        for (const std::size_t i : part) {
            watched.push_back(samples[i]);
            samples[i].label = -1;
        }
        const bool something_left =
            std::ranges::any_of(samples, [](const Sample& sample) { return sample.label >= 0; });
        if (part.empty() || !something_left) return nullptr;
        const auto result = train(samples, snapshot, "Training on a part, for validation", std::move(watched));
        if (!result) return nullptr;
        for (const inference::TrainProgress& progress : result->curve)
            if (const auto share = progress.losses.find("validation_accuracy"); share != progress.losses.end())
                shares_right_[progress.step] = share->second;
        return report_of(*result->model, snapshot, part, job_);
    }

    [[nodiscard]] json curve_json(const std::vector<inference::TrainProgress>& curve) const {
        json list = json::array();
        for (const auto& entry : curve) {
            list.push_back({{"step", entry.step}, {"losses", entry.losses}});
            if (const auto share = shares_right_.find(entry.step); share != shares_right_.end())
                list.back()["losses"]["validation_accuracy"] = share->second;
        }
        return list;
    }

private:
    void take_notes(const inference::TrainResult& result, const TrainingSnapshot& snapshot, const std::string& doing) {
        const auto note = [&](const std::string& text) { notes_.push_back(doing + ": " + text); };
        if (result.went_on_from > 0)
            note("it had been interrupted and went on from step " + std::to_string(result.went_on_from));
        if (!result.problem.empty()) note(result.problem);
        for (const std::string& left : result.start_notes) note("of the weights to begin with, " + left);
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
                       {"options", options_json(options_, snapshot)},
                       {"steps", training.steps},
                       {"seed", training.seed},
                       {"format", 1}};
        const std::string fingerprint = storage::sha256_of(all.dump());
        const auto file = session_.store().folder() / "models" / ("unfinished-" + fingerprint.substr(0, 16) + ".pt");
        kept_.push_back(file);
        std::error_code ignored;
        if (options_.start == RetrainOptions::Start::fresh) std::filesystem::remove(file, ignored);
        return {file, fingerprint, options_.keep_seconds};
    }

    [[nodiscard]] inference::TrainOptions training_for(const std::vector<Sample>& samples) const {
        inference::TrainOptions training = options_.training;
        if (options_.weights) training.start = options_.weights->weights;
        if (options_.epochs == 0) return training;
        const auto labelled = std::ranges::count_if(samples, [](const Sample& sample) { return sample.label >= 0; });
        training.steps = std::max(1, static_cast<int>(options_.epochs * labelled / training.batch));
        return training;
    }

    ProjectSession& session_;
    const RetrainOptions& options_;
    const JobContext& job_;
    inference::ModelFamily& family_;
    std::vector<std::filesystem::path> kept_;
    std::vector<std::string> notes_;
    std::map<int, double> shares_right_;  // of the validation part, by step
};

std::optional<double> validated_f1(const schemas::ModelVersion& model) {
    const json metrics = json::parse(model.metrics);
    const auto found = metrics.find("validation");
    if (found == metrics.end() || !found->is_object()) return std::nullopt;
    return found->at("macro_f1").get<double>();
}

// Whether the new model may pre-label: it is the first, or did as well as the present one.
bool earns_promotion(ProjectSession& session, const schemas::ModelVersion& fresh, const std::string& track,
                     std::vector<std::string>& notes) {
    const auto present = model_to_use(session, "", track);
    if (!present) return true;
    const auto before = validated_f1(*present), now = validated_f1(fresh);
    if (!before || (now && *now >= *before - tolerated_loss)) return true;
    if (!now) {
        notes.push_back("it was not validated and " + present->name +
                        " was, which goes on pre-labelling; name the new one with --model to use it");
        return false;
    }
    notes.push_back("it did worse on its validation part than " + present->name +
                    ", which goes on pre-labelling; name the new one with --model to use it");
    return false;
}

}  // namespace

std::optional<schemas::ModelVersion> model_to_use(ProjectSession& session, const std::string& id_or_name,
                                                  const std::string& track) {
    const auto models = session.store().models();
    const std::string wanted =
        id_or_name.empty() ? session.store().setting(promoted_setting(track)).value_or("") : id_or_name;
    for (auto model = models.rbegin(); model != models.rend(); ++model) {
        if (id_text(model->id) != wanted && model->name != wanted) continue;
        const std::string learnt = json::parse(model->options).value("track", track);
        if (learnt != track)
            throw std::invalid_argument("model '" + model->name + "' learnt track '" + learnt + "', not '" + track +
                                        "'; name the track with --track");
        return *model;
    }
    if (!id_or_name.empty())
        throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
    return std::nullopt;
}

std::string learnt_track(const schemas::ModelVersion& model) { return json::parse(model.options).value("track", ""); }

schemas::ModelVersion promote(ProjectSession& session, const std::string& id_or_name) {
    for (const schemas::ModelVersion& model : session.store().models() | std::views::reverse) {
        if (id_text(model.id) != id_or_name && model.name != id_or_name) continue;
        if (model.checkpoint.empty())
            throw std::invalid_argument("model '" + model.name + "' names no labels, so it cannot be promoted");
        session.store().set_setting(promoted_setting(learnt_track(model)), id_text(model.id));
        return model;
    }
    throw std::invalid_argument("there is no model '" + id_or_name + "'; 'kinetograph status' lists them");
}

std::map<schemas::TrackId, schemas::ModelId> promoted_models(ProjectSession& session) {
    std::map<schemas::TrackId, schemas::ModelId> promoted;
    const auto models = session.store().models();
    for (const auto& [id, track] : session.document().rows<schemas::Track>()) {
        const auto wanted = session.store().setting(promoted_setting(track.name));
        for (const schemas::ModelVersion& model : models)
            if (wanted == id_text(model.id)) promoted[id] = model.id;
    }
    return promoted;
}

std::optional<RetrainResult> retrain(ProjectSession& session, const RetrainOptions& options, const JobContext& job) {
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    const auto snapshot = training_snapshot(session, *motions, options.pool, job);
    if (!snapshot) return std::nullopt;
    const auto labelled = snapshot->labelled();
    if (labelled.empty())
        throw std::invalid_argument("track '" + options.pool.track +
                                    "' has no label to learn from; label what 'kinetograph queue' asks for first");

    Run run(session, options, job);
    RetrainResult result;
    result.notes = snapshot->notes;
    json validation = nullptr;
    if (options.validation == RetrainOptions::Validation::measure) validation = run.validate(*snapshot);
    std::optional<inference::TrainResult> trained;
    if (!job.stop.stop_requested()) trained = run.train(snapshot->samples, *snapshot, "Training");
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
    version.checkpoint = "models/" + id_text(version.id) + ".pt";
    version.options = options_json(options, *snapshot).dump();
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
    if (result.promoted) session.store().set_setting(promoted_setting(options.pool.track), id_text(version.id));
    return result;
}

}  // namespace annotator
