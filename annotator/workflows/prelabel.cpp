#include "annotator/workflows/prelabel.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/open_model.h"
#include "annotator/workflows/promotion.h"
#include "inference/model_family.h"

namespace annotator {

namespace {

using schemas::LabelId;
using schemas::Proposal;

constexpr const char* cold_start_family = "change-points";

// The clips of a shard, by name.
std::vector<schemas::ClipId> clips_of(const Document& document, const PrelabelOptions& options) {
    const Shard& shard = options.shard;
    if (shard.number < 1 || shard.number > shard.count)
        throw std::invalid_argument("there is no shard " + std::to_string(shard.number) + " of " +
                                    std::to_string(shard.count) + "; shards are counted from 1");
    for (const std::string& name : options.clips)
        if (clip_named(document, name) == nullptr) throw std::invalid_argument("there is no clip '" + name + "'");
    std::vector<schemas::ClipId> clips;
    std::size_t place = 0;
    for (const schemas::Clip* clip : clips_by_name(document))
        if ((options.clips.empty() || options.clips.contains(clip->name)) && place++ % shard.count == shard.number - 1)
            clips.push_back(clip->id);
    return clips;
}

struct Target {
    schemas::ClipId clip{};
    std::optional<schemas::PerformerId> performer;
    schemas::FrameSpan span;

    auto operator<=>(const Target& other) const {
        return std::tuple(clip, performer, span.begin, span.end) <=>
               std::tuple(other.clip, other.performer, other.span.begin, other.span.end);
    }
};

struct Evidence {
    std::vector<std::vector<float>> probabilities;
    double boundary_score = 0;
};

// Joins neighbours of the same best label where the boundary between them is weak.
std::vector<Proposal> merged(std::vector<Proposal> proposals) {
    std::vector<Proposal> joined;
    for (Proposal& proposal : proposals) {
        const bool follows = !joined.empty() && joined.back().clip == proposal.clip &&
                             joined.back().performer == proposal.performer &&
                             joined.back().end_frame == proposal.begin_frame && proposal.boundary_score < 0.5 &&
                             !joined.back().top.empty() && !proposal.top.empty() &&
                             joined.back().top.front().label == proposal.top.front().label;
        if (follows)
            joined.back().end_frame = proposal.end_frame;
        else
            joined.push_back(std::move(proposal));
    }
    return joined;
}

std::optional<schemas::ModelVersion> wanted_version(ProjectSession& session, const PrelabelOptions& options) {
    if (options.beside.empty()) return model_to_use(session, options.model, options.pool.track);
    std::vector<std::string> models{options.model};
    models.insert(models.end(), options.beside.begin(), options.beside.end());
    return ensemble_of(session, models, options.pool.track);
}

}  // namespace

schemas::ModelVersion stand_in_model(ProjectSession& session) {
    for (const schemas::ModelVersion& model : session.store().models())
        if (model.family == cold_start_family) return model;
    schemas::ModelVersion model;
    model.family = cold_start_family;
    model.name = cold_start_family;
    model.options = "{}";
    model.metrics = "{}";
    return model;
}

void drop_rejected(const Document& document, Proposal& proposal) {
    std::set<LabelId> rejected;
    for (const auto& [id, row] : document.rows<schemas::Rejection>()) {
        const schemas::FrameSpan span{row.begin_frame, row.end_frame};
        if (row.clip == proposal.clip && row.track == proposal.track && row.performer == proposal.performer &&
            2 * schemas::shared_frames(span, proposal.span()) > proposal.span().length())
            rejected.insert(row.label);
    }
    std::erase_if(proposal.top, [&](const schemas::LabelScore& entry) { return rejected.contains(entry.label); });
}

void sort_proposals(const Document& document, std::vector<Proposal>& proposals) {
    std::ranges::stable_sort(proposals, {}, [&](const Proposal& proposal) {
        return std::tuple(document.at<schemas::Clip>(proposal.clip).name, proposal.performer, proposal.begin_frame);
    });
}

std::vector<schemas::LabelScore> top_labels(const std::vector<std::vector<float>>& probabilities,
                                            const std::vector<LabelId>& labels) {
    if (probabilities.empty()) return {};
    std::vector<schemas::LabelScore> all;
    for (std::size_t label = 0; label < labels.size(); ++label) {
        double sum = 0;
        for (const auto& row : probabilities) sum += row[label];
        if (labels[label] != LabelId{0})
            all.push_back({labels[label], sum / static_cast<double>(probabilities.size())});
    }
    std::ranges::stable_sort(all, std::greater{}, &schemas::LabelScore::score);
    if (all.size() > 5) all.resize(5);
    return all;
}

std::vector<LabelId> label_ids(const Document& document, schemas::TrackId track,
                               const std::vector<std::string>& names) {
    std::vector<LabelId> ids;
    for (const std::string& name : names) {
        const auto* label = label_named(document, track, name);
        ids.push_back(label == nullptr ? LabelId{0} : current_label(document, label->id));
    }
    return ids;
}

std::optional<PrelabelResult> proposals_for(ProjectSession& session, const PrelabelOptions& options,
                                            const JobContext& job) {
    const Document& document = session.document();
    PrelabelResult result;
    result.clips = clips_of(document, options);
    const auto motions = load_motions(session, job);
    if (!motions) return std::nullopt;
    const auto version = wanted_version(session, options);
    result.model = version ? *version : stand_in_model(session);
    const bool cold = result.model.family == cold_start_family;

    // A project without a model has no label to tell its unit by; boundaries are what it can get.
    PoolOptions pool = options.pool;
    if (!pool.unit && version) {
        const auto unit = nlohmann::json::parse(version->options).value("unit", "");
        if (const auto trained_on = schemas::enum_from<LabelUnit>(unit)) pool.unit = trained_on;
    }
    if (!pool.unit && cold) pool.unit = LabelUnit::frame;
    pool.only.emplace(result.clips.begin(), result.clips.end());
    const auto snapshot = training_snapshot(session, *motions, pool, job);
    if (!snapshot) return std::nullopt;
    result.track = snapshot->track;
    result.notes = snapshot->notes;

    std::vector<inference::Sample> samples;
    std::vector<std::size_t> origin;
    for (std::size_t i = 0; i < snapshot->samples.size(); ++i) {
        if (snapshot->samples[i].label >= 0) continue;
        samples.push_back(snapshot->samples[i]);
        origin.push_back(i);
    }

    std::vector<LabelId> labels;
    std::optional<inference::Prediction> prediction;
    if (!cold && !samples.empty()) {
        job.report({"Predicting", 0, 0});
        const auto model = open_model(session, result.model);
        labels = label_ids(document, snapshot->track, model->labels());
        prediction = model->predict(samples, inference::Hardness::skip, job.stop);
        if (!prediction) return std::nullopt;
    }

    std::map<Target, Evidence> evidence;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const SampleOrigin& from = snapshot->origins[origin[i]];
        Evidence& own = evidence[{from.clip, snapshot->per_performer ? from.performer : std::nullopt, from.span}];
        own.boundary_score = std::max(own.boundary_score, snapshot->boundary_scores[origin[i]]);
        if (prediction) own.probabilities.emplace_back(prediction->row(i).begin(), prediction->row(i).end());
    }
    for (const auto& [target, own] : evidence) {
        Proposal proposal{session.ids().fresh<schemas::ProposalId>(),
                          result.model.id,
                          target.clip,
                          snapshot->track,
                          target.performer,
                          target.span.begin,
                          target.span.end,
                          own.boundary_score,
                          top_labels(own.probabilities, labels)};
        drop_rejected(document, proposal);
        result.proposals.push_back(std::move(proposal));
    }
    if (snapshot->unit == LabelUnit::frame) result.proposals = merged(std::move(result.proposals));
    sort_proposals(document, result.proposals);
    return result;
}

void store_proposals(ProjectSession& session, PrelabelResult& result) {
    if (result.model.id == schemas::ModelId{}) {
        result.model.id = session.ids().fresh<schemas::ModelId>();
        result.model.time = session.now();
        session.store().add_model(result.model);
        for (Proposal& proposal : result.proposals) proposal.model = result.model.id;
    }
    session.store().replace_proposals(result.track, result.clips, result.proposals);
}

std::optional<PrelabelResult> prelabel(ProjectSession& session, const PrelabelOptions& options, const JobContext& job) {
    auto result = proposals_for(session, options, job);
    if (result) store_proposals(session, *result);
    return result;
}

}  // namespace annotator
