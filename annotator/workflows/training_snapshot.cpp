#include "annotator/workflows/training_snapshot.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "annotator/document/taxonomy_commands.h"
#include "inference/hard_examples.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using inference::Sample;
using schemas::FrameSpan;
using schemas::Segment;

template <class Row>
std::string names_of(const Document& document) {
    std::string names;
    for (const auto& [id, row] : document.rows<Row>()) names += (names.empty() ? "'" : ", '") + row.name + "'";
    return names.empty() ? "none" : names;
}

// The stretches of a span that none of the segments covers.
std::vector<FrameSpan> uncovered(FrameSpan whole, const std::vector<Segment>& segments) {
    std::vector<FrameSpan> gaps;
    schemas::FrameIndex at = whole.begin;
    for (const Segment& segment : segments) {
        if (segment.begin_frame > at) gaps.push_back({at, segment.begin_frame});
        at = std::max(at, segment.end_frame);
    }
    if (at < whole.end) gaps.push_back({at, whole.end});
    return gaps;
}

class Builder {
public:
    Builder(ProjectSession& session, const Motions& motions, const PoolOptions& options, const FindBoundaries& find)
        : session_(session), document_(session.document()), motions_(motions), options_(options), find_(find) {
        const schemas::Track& track = require_track(document_, options.track);
        snapshot_.track = track.id;
        snapshot_.per_performer = track.per_performer;
        snapshot_.unit = options.unit.value_or(unit_of(document_, track.id));
        if (options.layer) layer_ = require_layer(document_, *options.layer).id;
        for (const schemas::Label& label : labels_of(document_, track.id)) {
            index_of_[label.id] = static_cast<int>(snapshot_.labels.size());
            snapshot_.labels.push_back(label.name);
            snapshot_.label_ids.push_back(label.id);
        }
        snapshot_.notes = motions.notes;
        pair_labels();
    }

    std::optional<TrainingSnapshot> build(const JobContext& job) {
        const auto clips = clips_by_name(document_);
        for (std::size_t i = 0; i < clips.size(); ++i) {
            if (job.stop.stop_requested()) return std::nullopt;
            job.report({"Collecting motion", static_cast<double>(i + 1), static_cast<double>(clips.size())});
            if (takes_part(*clips[i]) && !add_clip(*clips[i], job.stop)) return std::nullopt;
        }
        weigh_corrections();
        snapshot_.hash = storage::sha256_of(lines_);
        return std::move(snapshot_);
    }

private:
    // Left/right partners, which one of the two may name.
    void pair_labels() {
        std::vector<int> partners(snapshot_.labels.size());
        std::iota(partners.begin(), partners.end(), 0);
        std::set<int> paired;
        for (std::size_t i = 0; i < partners.size(); ++i) {
            const auto& mirror = document_.at<schemas::Label>(snapshot_.label_ids[i]).mirror;
            const auto found = mirror ? index_of_.find(current_label(document_, *mirror)) : index_of_.end();
            if (found == index_of_.end() || found->second == static_cast<int>(i)) continue;
            const int own = static_cast<int>(i), other = found->second;
            if (partners[i] == other) continue;
            if (paired.contains(own) || paired.contains(other)) {
                snapshot_.notes.push_back("the left/right partners of '" + snapshot_.labels[i] +
                                          "' contradict each other, so no motion is mirrored to learn from");
                return;
            }
            paired.insert({own, other});
            partners[i] = other;
            partners[static_cast<std::size_t>(other)] = own;
        }
        if (paired.empty()) return;
        for (const int partner : partners) lines_ += "mirror\t" + std::to_string(partner) + "\n";
        snapshot_.mirrored_labels = std::move(partners);
    }

    bool takes_part(const schemas::Clip& clip) const {
        if (options_.only && !options_.only->contains(clip.id)) return false;
        return std::ranges::none_of(performers_of(document_, clip.take), [&](schemas::PerformerId id) {
            return options_.without_performers.contains(document_.at<schemas::Performer>(id).name);
        });
    }

    // False when stopped.
    bool add_clip(const schemas::Clip& clip, const std::stop_token& stop) {
        const auto found = motions_.by_take.find(clip.take);
        if (found == motions_.by_take.end())
            snapshot_.notes.push_back(clip.name + ": has no skeleton; it takes no part");
        if (found == motions_.by_take.end()) return true;
        std::vector<Segment> labels;
        if (options_.labels == PoolOptions::Labels::use)
            labels = labels_of_clip(document_, clip.id, snapshot_.track, layer_);
        for (const TakeMotion& motion : found->second)
            if (!add_motion(clip, motion, of_motion(labels, motion, found->second.size()), stop)) return false;
        return true;
    }

    // The only skeleton of a take whose recording names nobody is that of whomever the labels name.
    static std::vector<Segment> of_motion(const std::vector<Segment>& all, const TakeMotion& motion,
                                          std::size_t motions) {
        std::set<std::optional<schemas::PerformerId>> named;
        for (const Segment& segment : all)
            if (segment.performer) named.insert(segment.performer);
        const bool all_are_own = motions == 1 && !motion.performer && named.size() == 1;
        std::vector<Segment> own;
        for (const Segment& segment : all)
            if (all_are_own || !segment.performer || segment.performer == motion.performer) own.push_back(segment);
        std::ranges::sort(own, {}, &Segment::begin_frame);
        return own;
    }

    bool add_motion(const schemas::Clip& clip, const TakeMotion& motion, const std::vector<Segment>& own,
                    const std::stop_token& stop) {
        for (const Segment& segment : own) add(clip, motion, segment.span(), 1, &segment);
        for (const FrameSpan gap : uncovered(clip.span(), own)) {
            if (snapshot_.unit == LabelUnit::clip) {
                if (own.empty()) add(clip, motion, gap, 1, nullptr);
            } else if (!add_stream(clip, motion, gap, stop)) {
                return false;
            }
        }
        return true;
    }

    bool add_stream(const schemas::Clip& clip, const TakeMotion& motion, FrameSpan gap, const std::stop_token& stop) {
        const double rate = reference_stream(document_, clip.take)->rate().per_second();
        const auto boundaries =
            find_ ? find_(clip, motion, gap, stop) : inference::change_points(*motion.skeleton, gap, rate, {}, stop);
        if (!boundaries) return false;
        FrameSpan part{gap.begin, gap.begin};
        double score = 1;
        for (const auto& boundary : *boundaries) {
            part.end = boundary.frame;
            add(clip, motion, part, score, nullptr);
            part.begin = boundary.frame;
            score = boundary.score;
        }
        part.end = gap.end;
        add(clip, motion, part, score, nullptr);
        return true;
    }

    void add(const schemas::Clip& clip, const TakeMotion& motion, FrameSpan span, double boundary_score,
             const Segment* segment) {
        Sample sample{motion.skeleton, span, -1, 1};
        if (segment != nullptr) {
            const auto index = index_of_.find(current_label(document_, segment->label));
            if (index == index_of_.end()) return;  // a deprecated label: neither learnt nor guessed at
            sample.label = index->second;
            if (segment->proposal) corrected_.push_back({snapshot_.samples.size(), *segment->proposal});
        }
        lines_ += clip.name + "\t" + motion.content + "\t" + std::to_string(span.begin) + "\t" +
                  std::to_string(span.end) + "\t" +
                  (sample.label < 0 ? "" : snapshot_.labels[static_cast<std::size_t>(sample.label)]) + "\n";
        snapshot_.samples.push_back(std::move(sample));
        snapshot_.origins.push_back({clip.id, motion.performer, span});
        snapshot_.boundary_scores.push_back(boundary_score);
    }

    // What a model got wrong before a person corrected it weighs more in its next round.
    void weigh_corrections() {
        if (corrected_.empty()) return;
        std::map<schemas::ProposalId, schemas::Proposal> proposals;
        for (schemas::Proposal& proposal : session_.store().proposals())
            proposals.emplace(proposal.id, std::move(proposal));
        std::vector<double> losses;
        for (const auto& [sample, id] : corrected_) {
            double probability = 0.01;
            const schemas::LabelId label =
                snapshot_.label_ids[static_cast<std::size_t>(snapshot_.samples[sample].label)];
            if (const auto found = proposals.find(id); found != proposals.end())
                for (const schemas::LabelScore& entry : found->second.top)
                    if (entry.label == label) probability = std::max(probability, entry.score);
            losses.push_back(-std::log(probability));
        }
        const auto weights = inference::correction_weights(losses);
        for (std::size_t i = 0; i < corrected_.size(); ++i) snapshot_.samples[corrected_[i].first].weight = weights[i];
    }

    ProjectSession& session_;
    const Document& document_;
    const Motions& motions_;
    const PoolOptions& options_;
    const FindBoundaries& find_;
    TrainingSnapshot snapshot_;
    std::optional<schemas::LayerId> layer_;
    std::map<schemas::LabelId, int> index_of_;
    std::vector<std::pair<std::size_t, schemas::ProposalId>> corrected_;
    std::string lines_;
};

}  // namespace

std::vector<std::size_t> TrainingSnapshot::labelled() const {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (samples[i].label >= 0) indices.push_back(i);
    return indices;
}

double TrainingSnapshot::labels_a_class() const {
    std::set<int> classes;
    const auto all = labelled();
    for (const std::size_t i : all) classes.insert(samples[i].label);
    return classes.empty() ? 0 : static_cast<double>(all.size()) / static_cast<double>(classes.size());
}

std::optional<TrainingSnapshot> training_snapshot(ProjectSession& session, const Motions& motions,
                                                  const PoolOptions& options, const JobContext& job,
                                                  const FindBoundaries& find) {
    return Builder(session, motions, options, find).build(job);
}

const schemas::Track& require_track(const Document& document, const std::string& name) {
    if (const auto* track = track_named(document, name)) return *track;
    throw std::invalid_argument("there is no track '" + name + "'; there are " + names_of<schemas::Track>(document));
}

const schemas::Layer& require_layer(const Document& document, const std::string& name) {
    if (const auto* layer = layer_named(document, name)) return *layer;
    throw std::invalid_argument("there is no layer '" + name + "'; there are " + names_of<schemas::Layer>(document));
}

schemas::LabelId current_label(const Document& document, schemas::LabelId label) {
    std::set<schemas::LabelId> seen;
    while (seen.insert(label).second) {
        const schemas::Label& row = document.at<schemas::Label>(label);
        if (!row.merged_into) break;
        label = *row.merged_into;
    }
    return label;
}

}  // namespace annotator
