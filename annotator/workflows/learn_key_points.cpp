#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "annotator/document/queries.h"
#include "annotator/workflows/depth_takes.h"
#include "annotator/workflows/key_points.h"
#include "inference/pose_metrics.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using inference::PoseErrors;
using inference::PoseTake;
using nlohmann::json;

std::string id_text(schemas::ModelId id) { return std::to_string(static_cast<std::int64_t>(id)); }

// The performers of the take, in one word.
std::string group_of(const Document& document, schemas::TakeId take) {
    for (const auto& [id, clip] : document.rows<schemas::Clip>())
        if (clip.take == take) return performer_group(document, clip);
    return "";
}

std::vector<std::size_t> validation_part(const Document& document, const DepthTakes& loaded) {
    std::map<std::string, std::vector<std::size_t>> by_performer;
    for (std::size_t i = 0; i < loaded.takes.size(); ++i)
        by_performer[group_of(document, loaded.takes[i].take)].push_back(i);
    if (by_performer.size() < 3) return {};
    const double fifth = static_cast<double>(loaded.takes.size()) / 5;
    return std::ranges::min_element(
               by_performer, {},
               [&](const auto& group) { return std::abs(static_cast<double>(group.second.size()) - fifth); })
        ->second;
}

// Over all takes, each counting by its joints.
json errors_json(const std::vector<PoseErrors>& takes) {
    double joints = 0, squares = 0, centred = 0, sum = 0, medians = 0;
    for (const PoseErrors& errors : takes) {
        const auto count = static_cast<double>(errors.joints);
        joints += count;
        squares += count * errors.rmse * errors.rmse;
        centred += count * errors.rmse_n * errors.rmse_n;
        sum += count * errors.mpjpe;
        medians += count * errors.median;
    }
    if (joints == 0) return nullptr;
    return {{"takes", takes.size()},
            {"joints", joints},
            {"rmse_m", std::sqrt(squares / joints)},
            {"mpjpe_mm", 1000 * sum / joints},
            {"mean_of_median_mm", 1000 * medians / joints},
            {"rmse_n", std::sqrt(centred / joints)}};
}

class Learning {
public:
    Learning(ProjectSession& session, const LearnKeyPointsOptions& options, const JobContext& job)
        : session_(session), options_(options), job_(job), family_(inference::engine().pose_family()) {}

    std::optional<inference::PoseTrainResult> train(const DepthTakes& loaded, const std::vector<std::size_t>& without,
                                                    const std::string& doing) {
        std::vector<PoseTake> takes;
        std::vector<schemas::TakeId> origins;
        for (std::size_t i = 0; i < loaded.takes.size(); ++i) {
            if (std::ranges::find(without, i) != without.end()) continue;
            takes.push_back(loaded.takes[i].pose);
            origins.push_back(loaded.takes[i].take);
        }
        auto result = family_.train(
            takes, options_.training,
            [&](const inference::TrainProgress& now) {
                job_.report({doing, static_cast<double>(now.step), static_cast<double>(now.steps)});
                if (options_.curve && (now.step % 10 == 0 || now.step == now.steps)) options_.curve(doing, now);
            },
            job_.stop);
        if (result && result->broken)
            notes.push_back(doing + ": at step " + std::to_string(result->broken->step) +
                            " the loss was no number any more, with " +
                            session_.document().at<schemas::Take>(origins[result->broken->sample]).name +
                            " in the batch; what was learnt before is kept. A lower rate may help: --set rate=0.0005");
        return result;
    }

    // null where nothing can be measured, or when stopped.
    json validation(const DepthTakes& loaded) {
        const auto part = validation_part(session_.document(), loaded);
        if (part.empty()) {
            notes.emplace_back("it was not measured: that takes three performers with depth and key-points");
            return nullptr;
        }
        const auto trained = train(loaded, part, "Training on a part, for validation");
        if (!trained) return nullptr;
        std::vector<PoseErrors> errors;
        for (const std::size_t i : part) {
            PoseTake blind = loaded.takes[i].pose;
            const auto truth = std::exchange(blind.truth, nullptr);
            const auto found = trained->model->predict(blind, job_.stop);
            if (!found) return nullptr;
            errors.push_back(inference::pose_errors(*found, *truth));
        }
        json report = errors_json(errors);
        if (report.is_object()) report["performer"] = group_of(session_.document(), loaded.takes[part.front()].take);
        return report;
    }

    std::vector<std::string> notes;

private:
    ProjectSession& session_;
    const LearnKeyPointsOptions& options_;
    const JobContext& job_;
    inference::PoseFamily& family_;
};

json options_json(const inference::PoseTrainOptions& training) {
    return {{"steps", training.steps},
            {"batch", training.batch},
            {"frames", training.frames},
            {"threads", training.threads},
            {"rate", training.rate},
            {"decay", training.decay},
            {"dropout", training.dropout},
            {"heat_maps", training.heat_maps},
            {"bones", training.bones},
            {"beta", training.beta},
            {"track", ""}};
}

std::string hash_of(const DepthTakes& loaded) {
    storage::Sha256 hash;
    for (const DepthTake& take : loaded.takes) hash.add(take.content + "\n");
    return hash.finish();
}

}  // namespace

std::optional<LearntKeyPoints> learn_key_points(ProjectSession& session, const LearnKeyPointsOptions& options,
                                                const JobContext& job) {
    DepthTakesWanted wanted;
    wanted.metres_per_value = options.metres_per_value;
    const auto loaded = load_depth_takes(session, wanted, job);
    if (!loaded) return std::nullopt;
    if (loaded->takes.empty()) {
        std::string reasons;
        for (const std::string& note : loaded->notes) reasons += "\n  " + note;
        throw std::invalid_argument("no take has both depth and a skeleton in metres to learn from" + reasons);
    }
    Learning learning(session, options, job);
    json validation = nullptr;
    if (options.validation == LearnKeyPointsOptions::Validation::measure) validation = learning.validation(*loaded);
    if (job.stop.stop_requested()) return std::nullopt;
    const auto trained = learning.train(*loaded, {}, "Training");
    if (!trained) return std::nullopt;

    LearntKeyPoints result;
    result.notes = loaded->notes;
    result.notes.insert(result.notes.end(), learning.notes.begin(), learning.notes.end());
    result.seconds = trained->seconds;
    schemas::FrameIndex frames = 0;
    for (const DepthTake& take : loaded->takes) frames += take.pose.frames();
    result.metrics = {{"takes", loaded->takes.size()}, {"frames", frames}, {"key_points", validation}};
    result.curve = json::array();
    for (const inference::TrainProgress& point : trained->curve)
        result.curve.push_back({{"step", point.step}, {"losses", point.losses}});

    schemas::ModelVersion& version = result.version;
    version.id = session.ids().fresh<schemas::ModelId>();
    version.family = key_point_family;
    version.name = options.name.empty() ? version.family + "-" + std::to_string(session.store().models().size() + 1)
                                        : options.name;
    version.snapshot = hash_of(*loaded);
    version.seed = static_cast<std::int64_t>(options.training.seed);
    version.parameters = trained->model->parameters();
    version.checkpoint = "models/" + id_text(version.id) + ".pt";
    version.options = options_json(options.training).dump();
    json stored = result.metrics;
    stored["curve"] = result.curve;
    version.metrics = stored.dump();
    version.time = session.now();
    trained->model->save(session.store().folder() / version.checkpoint);
    session.store().add_model(version);
    return result;
}

}  // namespace annotator
