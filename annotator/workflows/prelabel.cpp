#include "annotator/workflows/prelabel.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <tuple>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/open_model.h"
#include "annotator/workflows/promotion.h"
#include "annotator/workflows/retrain_streams.h"
#include "annotator/workflows/stream_proposals.h"
#include "annotator/workflows/stream_scores.h"
#include "inference/families.h"
#include "inference/model_family.h"

namespace annotator {

namespace {

using schemas::LabelId;
using schemas::Proposal;

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

std::optional<schemas::ModelVersion> wanted_version(ProjectSession& session, const PrelabelOptions& options) {
    if (options.beside.empty()) return model_to_use(session, options.model, options.pool.track);
    std::vector<std::string> models{options.model};
    models.insert(models.end(), options.beside.begin(), options.beside.end());
    return ensemble_of(session, models, options.pool.track);
}

// The models that propose: a classifier, one that reads streams, both or none.
struct Proposers {
    std::optional<schemas::ModelVersion> classifier, streams;
};

Proposers proposers_of(ProjectSession& session, const PrelabelOptions& options) {
    Proposers proposers;
    const auto named = wanted_version(session, options);
    if (named && inference::is_stream_family(named->family)) {
        if (!options.boundaries.empty())
            throw std::invalid_argument("model '" + named->name +
                                        "' cuts streams by itself; leave out either --model or --boundaries");
        proposers.streams = named;
        return proposers;
    }
    if (named && named->family == change_points_family) return proposers;
    proposers.classifier = named;
    if (options.boundaries != change_points_family)
        proposers.streams = boundary_model_to_use(session, options.boundaries, options.pool.track);
    return proposers;
}

}  // namespace

schemas::ModelVersion stand_in_model(ProjectSession& session) {
    for (const schemas::ModelVersion& model : session.store().models())
        if (model.family == change_points_family) return model;
    schemas::ModelVersion model;
    model.family = change_points_family;
    model.name = change_points_family;
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

namespace {

class Prelabelling {
public:
    Prelabelling(ProjectSession& session, const PrelabelOptions& options, const JobContext& job)
        : session_(session), document_(session.document()), options_(options), job_(job) {}

    std::optional<PrelabelResult> run() {
        result_.clips = clips_of(document_, options_);
        const auto motions = load_motions(session_, job_);
        if (!motions) return std::nullopt;
        const Proposers proposers = proposers_of(session_, options_);
        const auto& named = proposers.classifier ? proposers.classifier : proposers.streams;
        result_.model = named ? *named : stand_in_model(session_);
        if (proposers.streams)
            streams_.emplace(inference::engine().load_stream(session_.store().folder() / proposers.streams->checkpoint),
                             document_);
        if (!take_snapshot(*motions, named)) return std::nullopt;
        if (proposers.classifier) classifier_ = open_model(session_, *proposers.classifier);
        if (snapshot_->unit == LabelUnit::frame && named) {
            if (proposers.streams) result_.streams = *proposers.streams;
            if (!propose_for_streams(*motions)) return std::nullopt;
        } else if (!propose_for_samples()) {
            return std::nullopt;
        }
        sort_proposals(document_, result_.proposals);
        return std::move(result_);
    }

private:
    // A project without a model has no label to tell its unit by; boundaries are what it can get.
    bool take_snapshot(const Motions& motions, const std::optional<schemas::ModelVersion>& named) {
        PoolOptions pool = options_.pool;
        if (!pool.unit && named) {
            const auto unit = nlohmann::json::parse(named->options).value("unit", "");
            if (const auto trained_on = schemas::enum_from<LabelUnit>(unit)) pool.unit = trained_on;
        }
        if (!pool.unit && !named) pool.unit = LabelUnit::frame;
        pool.only.emplace(result_.clips.begin(), result_.clips.end());
        FindBoundaries find;
        if (streams_)
            find = [this](const schemas::Clip& clip, const TakeMotion& motion, schemas::FrameSpan stretch,
                          const std::stop_token& stop) {
                return streams_->boundaries(clip, motion.skeleton, stretch, stop);
            };
        snapshot_ = training_snapshot(session_, motions, pool, job_, find);
        if (!snapshot_) return false;
        result_.track = snapshot_->track;
        result_.notes = snapshot_->notes;
        return true;
    }

    // The grammar is that of the whole pool, whatever part of it is proposed for.
    bool propose_for_streams(const Motions& motions) {
        PoolOptions whole = options_.pool;
        whole.unit = LabelUnit::clip;  // what nobody labelled need not be cut into pieces
        const auto known = training_snapshot(session_, motions, whole, job_);
        if (!known) return false;
        StreamAsk ask;
        ask.known = labelled_streams(document_, *known, result_.notes);
        ask.labels =
            label_ids(document_, snapshot_->track, classifier_ ? classifier_->labels() : streams_->model().labels());
        ask.grammar_weight = options_.grammar_weight;
        ask.ask = [this](schemas::ClipId clip, const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
                         std::span<const schemas::FrameSpan> spans) -> std::optional<std::vector<float>> {
            if (classifier_) return inference::classified_by(*classifier_, skeleton, job_.stop)(spans);
            const auto* scores = streams_->of(document_.at<schemas::Clip>(clip), skeleton, job_.stop);
            return scores == nullptr ? std::nullopt : inference::mean_of_frames(*scores)(spans);
        };
        auto proposals = stream_proposals(document_, *snapshot_, ask, job_);
        if (!proposals) return false;
        for (StreamProposal& each : *proposals)
            propose({each.clip, each.performer, each.span}, each.boundary_score, std::move(each.top));
        return true;
    }

    // Clips as a whole, and what change points make of streams where there is no model.
    bool propose_for_samples() {
        std::vector<inference::Sample> samples;
        std::vector<std::size_t> origin;
        for (std::size_t i = 0; i < snapshot_->samples.size(); ++i) {
            if (snapshot_->samples[i].label >= 0) continue;
            samples.push_back(snapshot_->samples[i]);
            origin.push_back(i);
        }
        std::vector<LabelId> labels;
        std::optional<inference::Prediction> prediction;
        if (classifier_ && !samples.empty()) {
            job_.report({"Predicting", 0, 0});
            labels = label_ids(document_, snapshot_->track, classifier_->labels());
            prediction = classifier_->predict(samples, inference::Hardness::skip, job_.stop);
            if (!prediction) return false;
        } else if (streams_ && !samples.empty()) {
            throw std::invalid_argument("model '" + result_.model.name +
                                        "' reads streams; to label clips as a whole, train a classifier of clips");
        }
        std::map<Target, Evidence> evidence;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            const SampleOrigin& from = snapshot_->origins[origin[i]];
            Evidence& own = evidence[{from.clip, snapshot_->per_performer ? from.performer : std::nullopt, from.span}];
            own.boundary_score = std::max(own.boundary_score, snapshot_->boundary_scores[origin[i]]);
            if (prediction) own.probabilities.emplace_back(prediction->row(i).begin(), prediction->row(i).end());
        }
        for (const auto& [target, own] : evidence)
            propose(target, own.boundary_score, top_labels(own.probabilities, labels));
        return true;
    }

    void propose(const Target& target, double boundary_score, std::vector<schemas::LabelScore> top) {
        Proposal proposal{session_.ids().fresh<schemas::ProposalId>(),
                          result_.model.id,
                          target.clip,
                          snapshot_->track,
                          target.performer,
                          target.span.begin,
                          target.span.end,
                          boundary_score,
                          std::move(top)};
        drop_rejected(document_, proposal);
        result_.proposals.push_back(std::move(proposal));
    }

    ProjectSession& session_;
    const Document& document_;
    const PrelabelOptions& options_;
    const JobContext& job_;
    std::optional<StreamScores> streams_;
    std::unique_ptr<inference::Model> classifier_;
    std::optional<TrainingSnapshot> snapshot_;
    PrelabelResult result_;
};

}  // namespace

std::optional<PrelabelResult> proposals_for(ProjectSession& session, const PrelabelOptions& options,
                                            const JobContext& job) {
    return Prelabelling(session, options, job).run();
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
