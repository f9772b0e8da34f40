#include "annotator/workflows/cross_validate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "annotator/workflows/classifier_report.h"
#include "annotator/workflows/split_project.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::Subset;

// The subset of every clip that has a label, fold by fold.
std::vector<std::map<schemas::ClipId, Subset>> folds_of(const Document& document, const TrainingSnapshot& snapshot,
                                                        const CrossValidationOptions& options) {
    std::set<schemas::ClipId> labelled;
    for (const std::size_t i : snapshot.labelled()) labelled.insert(snapshot.origins[i].clip);
    std::vector<storage::SplitItem> items = split_items(document);
    std::erase_if(items, [&](const storage::SplitItem& item) { return !labelled.contains(item.clip); });
    storage::SplitOptions split;
    split.scheme = "kfold:" + std::to_string(options.folds);
    split.group_keys = {"performer", "take"};
    split.stratify_keys = {options.retrain.pool.track};
    split.seed = options.retrain.training.seed;
    const storage::SplitAssignment assignment = storage::assign_split(items, split);
    std::vector<std::map<schemas::ClipId, Subset>> folds(static_cast<std::size_t>(options.folds));
    for (const schemas::SplitMember& member : assignment.members)
        folds[static_cast<std::size_t>(member.fold)][member.clip] = member.subset;
    return folds;
}

json summary_of(const std::vector<Fold>& folds) {
    json summary = json::object();
    for (const char* const figure : {"accuracy", "top5", "macro_f1", "calibration_error"}) {
        double mean = 0, squares = 0;
        const auto count = static_cast<double>(folds.size());
        for (const Fold& fold : folds) mean += fold.metrics.at(figure).get<double>() / count;
        for (const Fold& fold : folds) squares += std::pow(fold.metrics.at(figure).get<double>() - mean, 2);
        summary[figure] = {{"mean", mean}, {"deviation", folds.size() > 1 ? std::sqrt(squares / (count - 1)) : 0}};
    }
    return summary;
}

class CrossValidator {
public:
    CrossValidator(ProjectSession& session, const CrossValidationOptions& options, const JobContext& job,
                   const TrainingSnapshot& snapshot)
        : session_(session), options_(options), job_(job), snapshot_(snapshot) {}

    // nullopt when stopped.
    std::optional<Fold> fold(std::size_t number, const std::map<schemas::ClipId, Subset>& subsets) {
        Fold fold;
        std::vector<inference::Sample> samples;
        inference::TrainOptions training = options_.retrain.training;
        std::set<std::size_t> test;
        std::set<std::string> tested;
        const std::set<schemas::PerformerId> unseen = performers_in(subsets, Subset::test);
        for (std::size_t i = 0; i < snapshot_.samples.size(); ++i) {
            const schemas::ClipId clip = snapshot_.origins[i].clip;
            const auto subset = subsets.find(clip);
            if (subset == subsets.end()) {
                if (!shows_any(clip, unseen)) samples.push_back(snapshot_.samples[i]);
            } else if (subset->second == Subset::train) {
                samples.push_back(snapshot_.samples[i]);
                fold.training += samples.back().label >= 0 ? 1 : 0;
            } else if (snapshot_.samples[i].label < 0) {
                continue;
            } else if (subset->second == Subset::test) {
                test.insert(i);
                tested.insert(performer_group(session_.document(), session_.document().at<schemas::Clip>(clip)));
            } else {
                training.watched.push_back(snapshot_.samples[i]);
            }
        }
        fold.tested.assign(tested.begin(), tested.end());
        fold.validation = training.watched.size();
        fold.test = test.size();
        training.mirrored_labels = snapshot_.mirrored_labels;
        if (stops_early(options_.retrain, snapshot_) && !training.watched.empty())
            training.overrides["patience"] = options_.retrain.patience;
        if (options_.retrain.epochs > 0)
            training.steps = std::max(
                1, static_cast<int>(options_.retrain.epochs * static_cast<int>(fold.training) / training.batch));
        const std::string doing = "Fold " + std::to_string(number + 1) + " of " + std::to_string(options_.folds);
        auto result =
            inference::engine()
                .family(options_.retrain.family)
                .train(
                    samples, snapshot_.labels, training,
                    [&](const inference::TrainProgress& progress) {
                        job_.report({doing, static_cast<double>(progress.step), static_cast<double>(progress.steps)});
                        if (options_.retrain.curve) options_.retrain.curve(doing, progress);
                    },
                    job_.stop);
        if (!result) return std::nullopt;
        fold.metrics = classifier_report(*result->model, snapshot_, test, job_);
        if (fold.metrics.is_null()) return std::nullopt;
        if (options_.keep == CrossValidationOptions::Keep::models) fold.model = kept(*result, number, training, fold);
        return fold;
    }

private:
    [[nodiscard]] std::set<schemas::PerformerId> performers_in(const std::map<schemas::ClipId, Subset>& subsets,
                                                               Subset wanted) const {
        std::set<schemas::PerformerId> all;
        const Document& document = session_.document();
        for (const auto& [clip, subset] : subsets) {
            if (subset != wanted) continue;
            const auto performers = performers_of(document, document.at<schemas::Clip>(clip).take);
            all.insert(performers.begin(), performers.end());
        }
        return all;
    }
    [[nodiscard]] bool shows_any(schemas::ClipId clip, const std::set<schemas::PerformerId>& performers) const {
        const Document& document = session_.document();
        return std::ranges::any_of(performers_of(document, document.at<schemas::Clip>(clip).take),
                                   [&](schemas::PerformerId id) { return performers.contains(id); });
    }

    schemas::ModelVersion kept(const inference::TrainResult& result, std::size_t number,
                               const inference::TrainOptions& training, const Fold& fold) {
        schemas::ModelVersion version;
        version.id = session_.ids().fresh<schemas::ModelId>();
        const std::string id = std::to_string(static_cast<std::int64_t>(version.id));
        version.family = options_.retrain.family;
        const std::string name = options_.retrain.name.empty() ? options_.retrain.family : options_.retrain.name;
        version.name = name + " fold " + std::to_string(number + 1) + "/" + std::to_string(options_.folds);
        version.snapshot = snapshot_.hash;
        version.seed = static_cast<std::int64_t>(training.seed);
        version.parameters = result.model->parameters();
        version.checkpoint = "models/" + id + ".pt";
        version.options = json{
            {"steps", training.steps},
            {"batch", training.batch},
            {"threads", training.threads},
            {"track", options_.retrain.pool.track},
            {"unit", std::string(schemas::to_text(snapshot_.unit))},
            {"semi_supervised", training.semi_supervised},
            {"overrides", training.overrides},
            {"fold", number + 1},
            {"folds", options_.folds},
            {"without",
             fold.tested}}.dump();
        version.metrics = json{
            {"samples", snapshot_.samples.size()},
            {"labelled", fold.training},
            {"training", result.metrics},
            {"validation", nullptr},
            {"test",
             fold.metrics}}.dump();
        version.time = session_.now();
        result.model->save(session_.store().folder() / version.checkpoint);
        session_.store().add_model(version);
        return version;
    }

    ProjectSession& session_;
    const CrossValidationOptions& options_;
    const JobContext& job_;
    const TrainingSnapshot& snapshot_;
};

}  // namespace

std::optional<CrossValidation> cross_validate(ProjectSession& session, const CrossValidationOptions& options,
                                              const JobContext& job) {
    if (options.retrain.training.group != nullptr)
        throw std::invalid_argument("folds are trained by one process; leave out --distributed");
    if (options.retrain.begins_warm())
        throw std::invalid_argument("folds begin from nothing: an earlier model may have learnt what is tested");
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    const auto snapshot = training_snapshot(session, *motions, options.retrain.pool, job);
    if (!snapshot) return std::nullopt;
    if (snapshot->labelled().empty())
        throw std::invalid_argument("track '" + options.retrain.pool.track + "' has no label to learn from");
    CrossValidation all;
    all.notes = snapshot->notes;
    const auto folds = folds_of(session.document(), *snapshot, options);
    CrossValidator validator(session, options, job, *snapshot);
    for (std::size_t number = 0; number < folds.size(); ++number) {
        auto fold = validator.fold(number, folds[number]);
        if (!fold) return std::nullopt;
        if (fold->validation == 0)
            all.notes.push_back("fold " + std::to_string(number + 1) +
                                ": there are too few performers and takes for a validation part");
        all.folds.push_back(std::move(*fold));
    }
    all.summary = summary_of(all.folds);
    return all;
}

}  // namespace annotator
