#include "annotator/workflows/review_queue.h"

#include <cstdio>
#include <map>
#include <set>
#include <stdexcept>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/open_model.h"
#include "annotator/workflows/prelabel.h"
#include "annotator/workflows/promotion.h"

namespace annotator {

namespace {

using inference::ReasonKind;

constexpr const char* track_setting = "queue/track";

std::string two_digits(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

bool needs_model(inference::Strategy strategy) {
    using inference::Strategy;
    return strategy == Strategy::entropy || strategy == Strategy::margin || strategy == Strategy::ohem ||
           strategy == Strategy::core_set;
}

}  // namespace

std::string words_for(const inference::Reason& reason) {
    switch (reason.kind) {
        case ReasonKind::drawn:
            return "drawn at random";
        case ReasonKind::uncertain:
            return "the model is unsure (entropy " + two_digits(reason.value) + ")";
        case ReasonKind::narrow_margin:
            return "two labels are close (margin " + two_digits(reason.value) + ")";
        case ReasonKind::high_loss:
            return "hard: the model contradicts itself (" + two_digits(reason.value) + ")";
        case ReasonKind::novel:
            return "unlike anything labelled so far (" + two_digits(reason.value) + ")";
        case ReasonKind::representative:
            return "speaks for many unlabelled ones (" + two_digits(reason.value) + ")";
        case ReasonKind::rare_class:
            return "of a rare class (" + std::to_string(static_cast<long>(reason.value)) + " labelled)";
    }
    return "";
}

inference::Strategy require_strategy(const std::string& name) {
    if (const auto strategy = inference::strategy_named(name)) return *strategy;
    std::string known;
    for (const std::string_view each : inference::strategy_names) known += " " + std::string(each);
    throw std::invalid_argument("there is no strategy '" + name + "'; there are" + known);
}

std::optional<QueueResult> build_review_queue(ProjectSession& session, const QueueOptions& options,
                                              const JobContext& job) {
    const auto version = model_to_use(session, options.model, options.pool.track);
    const bool has_model = version && can_predict(*version);
    QueueResult result;
    result.strategy = !options.strategy.empty() ? options.strategy : has_model ? "diverse-hard" : "facility";
    const inference::Strategy strategy = require_strategy(result.strategy);
    if (strategy == inference::Strategy::balanced_random)
        throw std::invalid_argument("balanced-random needs known labels, which only a simulation has");
    if (needs_model(strategy) && !has_model)
        throw std::invalid_argument("strategy '" + result.strategy +
                                    "' needs a model; train one first, or use facility");

    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    const auto snapshot = training_snapshot(session, *motions, options.pool, job);
    if (!snapshot) return std::nullopt;
    result.notes = snapshot->notes;

    inference::Pool pool;
    pool.samples = snapshot->samples.size();
    const auto chosen = snapshot->labelled();
    pool.chosen = chosen;
    std::optional<inference::DistanceMatrix> distances;
    if (strategy == inference::Strategy::facility || strategy == inference::Strategy::diverse_hard) {
        job.report({"Comparing motions", 0, 0});
        distances = inference::dtw_distances(snapshot->samples, {}, job.stop);
        if (!distances) return std::nullopt;
        pool.distances = &*distances;
    }
    std::optional<inference::Prediction> prediction;
    std::vector<schemas::LabelId> labels;
    if (has_model && !snapshot->samples.empty()) {
        job.report({"Predicting", 0, 0});
        const auto model = open_model(session, *version);
        for (const std::string& name : model->labels())
            for (std::size_t i = 0; i < snapshot->labels.size(); ++i)
                if (snapshot->labels[i] == name) labels.push_back(snapshot->label_ids[i]);
        if (labels.size() == model->labels().size())
            prediction = model->predict(snapshot->samples, inference::Hardness::measure, job.stop);
        if (job.stop.stop_requested()) return std::nullopt;
        if (prediction) pool.prediction = &*prediction;
        if (!prediction)
            result.notes.push_back("the model knows labels that the taxonomy has dropped; train again to use it here");
    }

    // A clip of two performers is two samples and one thing to label.
    std::set<std::tuple<schemas::ClipId, schemas::FrameIndex, std::optional<schemas::PerformerId>>> asked;
    for (const inference::Pick& pick : inference::select(strategy, pool, pool.samples, options.seed)) {
        if (result.items.size() == options.top) break;
        const SampleOrigin& origin = snapshot->origins[pick.sample];
        const auto performer = snapshot->per_performer ? origin.performer : std::nullopt;
        if (!asked.insert({origin.clip, origin.span.begin, performer}).second) continue;
        schemas::QueueItem item{origin.clip, performer, origin.span, pick.score, {}, {}};
        for (const inference::Reason& reason : pick.reasons) item.reasons.push_back(words_for(reason));
        if (prediction)
            item.top = top_labels({{prediction->row(pick.sample).begin(), prediction->row(pick.sample).end()}}, labels);
        result.items.push_back(std::move(item));
    }
    session.store().replace_queue(result.items);
    session.store().set_setting(track_setting, options.pool.track);
    return result;
}

const schemas::Track* track_of_queue(ProjectSession& session) {
    return track_named(session.document(), session.store().setting(track_setting).value_or(""));
}

}  // namespace annotator
