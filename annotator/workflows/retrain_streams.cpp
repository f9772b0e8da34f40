#include "annotator/workflows/retrain_streams.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

#include "annotator/workflows/labelled_streams.h"
#include "inference/families.h"
#include "inference/metrics.h"
#include "inference/stream_decoder.h"

namespace annotator {

namespace {

using inference::LabelledSpan;
using nlohmann::json;
using schemas::FrameIndex;

// As in retrain.cpp, of the boundary F1.
constexpr double tolerated_loss = 0.02;

std::string id_text(schemas::ModelId id) { return std::to_string(static_cast<std::int64_t>(id)); }

// The streams that a first run does without; none where there is only one.
std::set<std::size_t> validation_part(const Document& document, const std::vector<ProjectStream>& streams) {
    std::map<std::string, std::vector<std::size_t>> by_performer;
    for (std::size_t i = 0; i < streams.size(); ++i)
        by_performer[performer_group(document, document.at<schemas::Clip>(streams[i].origin.clip))].push_back(i);
    std::set<std::size_t> part;
    if (by_performer.size() >= 3) {
        const auto fifth = static_cast<double>(streams.size()) / 5;
        const auto closest = std::ranges::min_element(by_performer, {}, [&](const auto& group) {
            return std::abs(static_cast<double>(group.second.size()) - fifth);
        });
        part.insert(closest->second.begin(), closest->second.end());
        return part;
    }
    for (std::size_t i = 4; i < streams.size(); i += 5) part.insert(i);
    if (part.empty() && streams.size() > 1) part.insert(streams.size() - 1);
    return part;
}

// Frames at which a label begins or after which one ends, but for the ends of the stream.
std::vector<FrameIndex> boundaries_of(const inference::LabelledStream& stream) {
    std::set<FrameIndex> boundaries;
    for (const LabelledSpan& each : stream.labels) {
        if (each.span.begin > stream.span.begin) boundaries.insert(each.span.begin);
        if (each.span.end < stream.span.end) boundaries.insert(each.span.end);
    }
    return {boundaries.begin(), boundaries.end()};
}

// How a model did on streams that it had not seen, on what of them is labelled.
class Judge {
public:
    Judge(inference::StreamModel& model, const std::vector<std::string>& labels) : model_(model), labels_(labels) {}

    // False when stopped.
    bool look_at(const inference::LabelledStream& stream, const std::stop_token& stop) {
        const auto scores = model_.scores(stream, stop);
        if (!scores) return false;
        std::vector<int> frames(static_cast<std::size_t>(stream.span.length()), inference::unlabelled);
        std::vector<schemas::FrameSpan> spans;
        for (const LabelledSpan& each : stream.labels) {
            std::fill(frames.begin() + (each.span.begin - stream.span.begin),
                      frames.begin() + (each.span.end - stream.span.begin), each.label);
            spans.push_back(each.span);
            truth_.push_back(each.label);
        }
        const auto rows = inference::mean_of_frames(*scores)(spans).value();
        probabilities_.insert(probabilities_.end(), rows.begin(), rows.end());
        std::vector<int> best;
        const auto width = static_cast<std::size_t>(scores->labels);
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto row = std::span(scores->probabilities).subspan(i * width, width);
            best.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
        }
        const inference::Share share = inference::frame_accuracy(frames, best);
        frames_.hits += share.hits;
        frames_.total += share.total;
        std::vector<FrameIndex> found;
        for (const auto& peak : inference::boundary_peaks(inference::merged_boundaries(*scores), stream.span)) {
            // Nobody knows about what lies among unlabelled frames.
            const auto place = static_cast<std::size_t>(peak.frame - stream.span.begin);
            if (frames[place] != inference::unlabelled || frames[place - 1] != inference::unlabelled)
                found.push_back(peak.frame);
        }
        for (auto& [window, all] : boundaries_)
            all += inference::boundary_scores(inference::within(boundaries_of(stream), std::stoll(window)), found);
        return true;
    }

    [[nodiscard]] json report() const {
        const int classes = static_cast<int>(labels_.size());
        std::vector<int> predicted;
        std::vector<float> confidence;
        std::vector<std::uint8_t> correct;
        for (std::size_t i = 0; i < truth_.size(); ++i) {
            const auto row = std::span(probabilities_).subspan(i * labels_.size(), labels_.size());
            const auto best = std::ranges::max_element(row);
            predicted.push_back(static_cast<int>(best - row.begin()));
            confidence.push_back(std::min(1.0F, *best));
            correct.push_back(predicted.back() == truth_[i] ? 1 : 0);
        }
        const auto report = inference::classification_report(truth_, predicted, classes);
        json confusion = json::array(), f1 = json::object();
        for (int truth = 0; truth < classes; ++truth) {
            json row = json::array();
            for (int other = 0; other < classes; ++other) row.push_back(report.confusion.at(truth, other));
            confusion.push_back(std::move(row));
        }
        for (const auto& [window, scores] : boundaries_) f1[window] = scores.f1();
        return {{"samples", report.samples},
                {"accuracy", report.accuracy},
                {"top5", inference::top_k_accuracy(probabilities_, truth_, classes, 5)},
                {"macro_f1", report.macro.f1},
                {"calibration_error", inference::expected_calibration_error(confidence, correct)},
                {"frame_accuracy", frames_.value()},
                {"boundary_f1", f1},
                {"labels", labels_},
                {"confusion", confusion}};
    }

private:
    inference::StreamModel& model_;
    const std::vector<std::string>& labels_;
    std::vector<int> truth_;            // of segments
    std::vector<float> probabilities_;  // segments x labels
    inference::Share frames_;
    std::map<std::string, inference::BoundaryScores> boundaries_{{"3", {}}, {"5", {}}, {"8", {}}};
};

std::optional<double> validated_f1(const schemas::ModelVersion& model) {
    const json metrics = json::parse(model.metrics);
    const auto found = metrics.find("validation");
    if (found == metrics.end() || !found->is_object()) return std::nullopt;
    return found->at("boundary_f1").at("5").get<double>();
}

bool takes_over(ProjectSession& session, const schemas::ModelVersion& fresh, const std::string& track,
                std::vector<std::string>& notes) {
    const auto present = boundary_model_to_use(session, "", track);
    if (!present) return true;
    const auto before = validated_f1(*present), now = validated_f1(fresh);
    if (!before || (now && *now >= *before - tolerated_loss)) return true;
    notes.push_back((now ? "it found boundaries less well on its validation part than "
                         : "it was not validated and does not take over from ") +
                    present->name + ", which goes on finding them; name the new one with --boundaries to use it");
    return false;
}

class StreamTraining {
public:
    StreamTraining(ProjectSession& session, const RetrainOptions& options, const JobContext& job,
                   const TrainingSnapshot& snapshot, std::vector<std::string>& notes)
        : session_(session), options_(options), job_(job), snapshot_(snapshot), notes_(notes) {}

    // nullopt when stopped.
    std::optional<inference::StreamTrainResult> train(const std::vector<const ProjectStream*>& streams,
                                                      const std::string& doing) {
        std::vector<inference::LabelledStream> learnt;
        for (const ProjectStream* each : streams) learnt.push_back(each->stream);
        inference::StreamTrainOptions training;
        training.seed = options_.training.seed;
        training.steps = options_.training.steps;
        training.batch = options_.training.batch;
        training.threads = options_.training.threads;
        training.device = options_.training.device;
        training.overrides = options_.training.overrides;
        auto result =
            inference::engine()
                .stream_family(options_.family)
                .train(
                    learnt, snapshot_.labels, training,
                    [&](const inference::TrainProgress& progress) {
                        job_.report({doing, static_cast<double>(progress.step), static_cast<double>(progress.steps)});
                        if (options_.curve) options_.curve(doing, progress);
                    },
                    job_.stop);
        if (result && result->broken)
            notes_.push_back(doing + ": at step " + std::to_string(result->broken->step) +
                             " the loss was no number any more, with " +
                             session_.document().at<schemas::Clip>(streams[result->broken->sample]->origin.clip).name +
                             " in the batch; what was learnt before is kept. A lower rate may help: --set rate=0.0003");
        return result;
    }

    // null where there are too few streams to spare one, or when stopped.
    json validate(const std::vector<ProjectStream>& streams) {
        const auto part = validation_part(session_.document(), streams);
        if (part.empty()) return nullptr;
        std::vector<const ProjectStream*> rest;
        for (std::size_t i = 0; i < streams.size(); ++i)
            if (!part.contains(i)) rest.push_back(&streams[i]);
        if (rest.empty()) return nullptr;
        const auto result = train(rest, "Training on a part, for validation");
        if (!result) return nullptr;
        Judge judge(*result->model, snapshot_.labels);
        for (const std::size_t i : part)
            if (!judge.look_at(streams[i].stream, job_.stop)) return nullptr;
        return judge.report();
    }

private:
    ProjectSession& session_;
    const RetrainOptions& options_;
    const JobContext& job_;
    const TrainingSnapshot& snapshot_;
    std::vector<std::string>& notes_;
};

void require_possible(const RetrainOptions& options) {
    if (options.training.group != nullptr)
        throw std::invalid_argument(options.family +
                                    " cannot be trained by several processes together; leave out --distributed");
    if (!options.warm.empty() || options.early_stopping == RetrainOptions::EarlyStopping::on)
        throw std::invalid_argument(options.family +
                                    " begins anew and learns to the end; leave out --warm and --early-stopping");
    if (options.epochs != 0)
        throw std::invalid_argument(options.family + " learns from windows of streams; say how long with --steps");
}

schemas::ModelVersion version_of(ProjectSession& session, const RetrainOptions& options,
                                 const TrainingSnapshot& snapshot, const inference::StreamModel& model) {
    schemas::ModelVersion version;
    version.id = session.ids().fresh<schemas::ModelId>();
    version.family = options.family;
    version.name = options.name.empty() ? options.family + "-" + std::to_string(session.store().models().size() + 1)
                                        : options.name;
    version.snapshot = snapshot.hash;
    version.seed = static_cast<std::int64_t>(options.training.seed);
    version.parameters = model.parameters();
    version.checkpoint = "models/" + id_text(version.id) + ".pt";
    version.options = json{{"steps", options.training.steps},
                           {"batch", options.training.batch},
                           {"threads", options.training.threads},
                           {"track", options.pool.track},
                           {"unit", std::string(schemas::to_text(LabelUnit::frame))},
                           {"overrides", options.training.overrides}}
                          .dump();
    version.time = session.now();
    return version;
}

}  // namespace

std::string boundary_setting(const std::string& track) { return "boundaries/" + track; }

std::optional<schemas::ModelVersion> boundary_model_to_use(ProjectSession& session, const std::string& id_or_name,
                                                           const std::string& track) {
    if (id_or_name.empty()) {
        const auto promoted = session.store().setting(boundary_setting(track));
        for (const schemas::ModelVersion& model : session.store().models())
            if (promoted == id_text(model.id)) return model;
        return std::nullopt;
    }
    const auto model = model_to_use(session, id_or_name, track);
    if (!inference::is_stream_family(model->family))
        throw std::invalid_argument("model '" + model->name + "' is of the family " + model->family +
                                    ", which finds no boundaries; those that do: " + inference::stream_family_names());
    return model;
}

std::optional<RetrainResult> retrain_streams(ProjectSession& session, const RetrainOptions& options,
                                             const JobContext& job) {
    require_possible(options);
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    PoolOptions pool = options.pool;
    pool.unit = LabelUnit::clip;  // what nobody labelled need not be cut into pieces
    const auto snapshot = training_snapshot(session, *motions, pool, job);
    if (!snapshot) return std::nullopt;
    RetrainResult result;
    result.notes = snapshot->notes;
    const auto streams = labelled_streams(session.document(), *snapshot, result.notes);
    if (streams.empty())
        throw std::invalid_argument("track '" + options.pool.track +
                                    "' has no label to learn from; label what 'kinetograph queue' asks for first");
    StreamTraining training(session, options, job, *snapshot, result.notes);
    json validation = nullptr;
    if (options.validation == RetrainOptions::Validation::measure) validation = training.validate(streams);
    std::vector<const ProjectStream*> all;
    std::size_t segments = 0;
    for (const ProjectStream& each : streams) {
        all.push_back(&each);
        segments += each.stream.labels.size();
    }
    std::optional<inference::StreamTrainResult> trained;
    if (!job.stop.stop_requested()) trained = training.train(all, "Training");
    if (!trained) return std::nullopt;
    result.metrics = {{"samples", segments},       {"labelled", segments},
                      {"streams", streams.size()}, {"training", trained->metrics},
                      {"validation", validation},  {"suspected_label_errors", json::array()}};
    result.curve = json::array();
    for (const inference::TrainProgress& entry : trained->curve)
        result.curve.push_back({{"step", entry.step}, {"losses", entry.losses}});
    result.seconds = trained->seconds;
    result.version = version_of(session, options, *snapshot, *trained->model);
    json stored = result.metrics;
    stored["curve"] = result.curve;
    result.version.metrics = stored.dump();
    trained->model->save(session.store().folder() / result.version.checkpoint);
    result.promoted = options.promotion == RetrainOptions::Promotion::when_it_earns_it &&
                      takes_over(session, result.version, options.pool.track, result.notes);
    session.store().add_model(result.version);
    if (result.promoted) session.store().set_setting(boundary_setting(options.pool.track), id_text(result.version.id));
    return result;
}

}  // namespace annotator
