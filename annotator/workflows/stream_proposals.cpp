#include "annotator/workflows/stream_proposals.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "annotator/document/queries.h"

namespace annotator {

namespace {

using inference::StreamSegment;
using schemas::FrameSpan;
using schemas::LabelId;

// The labels of a model that the project has too.
class KnownLabels {
public:
    explicit KnownLabels(const std::vector<LabelId>& labels) : columns_(labels.size(), -1) {
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] == LabelId{0}) continue;
            columns_[i] = number(labels[i]);  // two that were merged count as one
            if (columns_[i] >= 0) continue;
            columns_[i] = count();
            ids_.push_back(labels[i]);
        }
    }

    [[nodiscard]] int count() const { return static_cast<int>(ids_.size()); }
    [[nodiscard]] int number(LabelId id) const {
        const auto found = std::ranges::find(ids_, id);
        return found == ids_.end() ? -1 : static_cast<int>(found - ids_.begin());
    }

    // The model's probabilities of those alone.
    [[nodiscard]] std::vector<float> of(std::span<const float> row) const {
        std::vector<float> known(ids_.size(), 0.0F);
        float sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i)
            if (columns_[i] >= 0) known[static_cast<std::size_t>(columns_[i])] += row[i], sum += row[i];
        for (float& value : known) value = sum > 0 ? value / sum : 1.0F / static_cast<float>(ids_.size());
        return known;
    }

    [[nodiscard]] std::vector<schemas::LabelScore> scores(const std::vector<inference::RankedLabel>& top) const {
        std::vector<schemas::LabelScore> list;
        for (const auto& entry : top) list.push_back({ids_[static_cast<std::size_t>(entry.label)], entry.score});
        return list;
    }

private:
    std::vector<int> columns_;  // what each of the model's labels counts as here, -1: nothing
    std::vector<LabelId> ids_;
};

// Whose stream it is; nobody's where the track is not kept for each performer.
using Voice = std::pair<schemas::ClipId, std::optional<schemas::PerformerId>>;

// One voice's samples.
struct Part {
    StreamSegment segment;
    std::vector<std::shared_ptr<const schemas::SkeletonSequence>> motions;
};

class Proposer {
public:
    Proposer(const Document& document, const TrainingSnapshot& snapshot, const StreamAsk& ask)
        : document_(document), snapshot_(snapshot), ask_(ask), labels_(ask.labels) {
        std::vector<int> numbers;
        for (const LabelId id : snapshot.label_ids) numbers.push_back(labels_.number(id));
        grammar_ = grammar_of(ask.known, numbers, std::max(1, labels_.count()));
    }

    std::optional<std::vector<StreamProposal>> all(const JobContext& job) {
        const auto voices = parts();
        std::vector<StreamProposal> proposals;
        double done = 0;
        for (const auto& [voice, of_voice] : voices) {
            job.report({"Predicting", done++, static_cast<double>(voices.size())});
            auto segments = decoded(voice, of_voice);
            if (!segments) return std::nullopt;
            for (const StreamSegment& segment : *segments)
                if (!segment.known)
                    proposals.push_back(
                        {voice.first, voice.second, segment.span, segment.boundary_score, labels_.scores(segment.top)});
        }
        return proposals;
    }

private:
    using Parts = std::map<std::pair<schemas::FrameIndex, schemas::FrameIndex>, Part>;

    [[nodiscard]] std::map<Voice, Parts> parts() const {
        std::map<Voice, Parts> voices;
        for (std::size_t i = 0; i < snapshot_.samples.size(); ++i) {
            const SampleOrigin& origin = snapshot_.origins[i];
            const inference::Sample& sample = snapshot_.samples[i];
            Parts& of_voice = voices[{origin.clip, snapshot_.per_performer ? origin.performer : std::nullopt}];
            Part& part = of_voice[{origin.span.begin, origin.span.end}];
            part.segment.span = origin.span;
            part.segment.boundary_score = part.motions.empty()
                                              ? snapshot_.boundary_scores[i]
                                              : std::max(part.segment.boundary_score, snapshot_.boundary_scores[i]);
            if (sample.label >= 0)
                part.segment.known = labels_.number(snapshot_.label_ids[static_cast<std::size_t>(sample.label)]);
            part.motions.push_back(sample.skeleton);
        }
        return voices;
    }

    // The mean of what is said of all motions of the voice. One that does not reach so far is not asked.
    [[nodiscard]] inference::SegmentScores scores_of(const Voice& voice, const Parts& of_voice) const {
        std::vector<std::shared_ptr<const schemas::SkeletonSequence>> motions;
        for (const auto& [span, part] : of_voice)
            for (const auto& motion : part.motions)
                if (std::ranges::find(motions, motion) == motions.end()) motions.push_back(motion);
        return [this, voice, motions](std::span<const FrameSpan> spans) -> std::optional<std::vector<float>> {
            const auto width = static_cast<std::size_t>(labels_.count());
            std::vector<float> mean(spans.size() * width, 0.0F);
            for (const auto& motion : motions) {
                const auto said = ask_.ask(voice.first, motion, spans);
                if (!said) return std::nullopt;
                for (std::size_t i = 0; i < spans.size(); ++i) {
                    const auto row = labels_.of(std::span(*said).subspan(i * ask_.labels.size(), ask_.labels.size()));
                    for (std::size_t label = 0; label < width; ++label)
                        mean[i * width + label] += row[label] / static_cast<float>(motions.size());
                }
            }
            for (float& value : mean) value = std::min(value, 1.0F);
            return mean;
        };
    }

    std::optional<std::vector<StreamSegment>> decoded(const Voice& voice, const Parts& of_voice) const {
        const auto& clip = document_.at<schemas::Clip>(voice.first);
        inference::StreamRules rules;
        rules.labels = labels_.count();
        rules.grammar = ask_.grammar_weight > 0 ? &grammar_ : nullptr;
        rules.grammar_weight = ask_.grammar_weight;
        rules.frames_per_second = reference_stream(document_, clip.take)->rate().per_second();
        rules.stream = clip.span();
        std::vector<StreamSegment> segments;
        bool tangled = false;  // motions of a track for everybody that were cut differently
        for (const auto& [span, part] : of_voice) {
            if (part.segment.known && *part.segment.known < 0) continue;  // a label that the model does not know
            tangled = tangled || (!segments.empty() && part.segment.span.begin < segments.back().span.end);
            segments.push_back(part.segment);
        }
        if (rules.labels == 0) return segments;
        const auto scores = scores_of(voice, of_voice);
        if (!tangled) return inference::joined_segments(std::move(segments), scores, rules);
        std::vector<StreamSegment> each;
        for (const StreamSegment& segment : segments) {
            auto alone = inference::labelled_segments({segment}, scores, rules);
            if (!alone) return std::nullopt;
            each.push_back(std::move(alone->front()));
        }
        return each;
    }

    const Document& document_;
    const TrainingSnapshot& snapshot_;
    const StreamAsk& ask_;
    KnownLabels labels_;
    inference::Grammar grammar_;
};

// The labels of one layer and performer of a clip, ascending.
using Line = std::tuple<schemas::ClipId, schemas::LayerId, std::optional<schemas::PerformerId>>;

inference::Grammar grammar_of_track(const Document& document, schemas::TrackId track, const KnownLabels& labels) {
    std::map<Line, std::map<schemas::FrameIndex, inference::LabelledSpan>> lines;
    for (const auto& [id, segment] : document.rows<schemas::Segment>()) {
        if (segment.track != track || document.at<schemas::Layer>(segment.layer).kind == schemas::LayerKind::truth)
            continue;
        const int label = labels.number(current_label(document, segment.label));
        if (label >= 0)
            lines[{segment.clip, segment.layer, segment.performer}][segment.begin_frame] = {segment.span(), label};
    }
    std::vector<inference::LabelledRun> runs;
    for (const auto& [line, by_frame] : lines) {
        const auto& clip = document.at<schemas::Clip>(std::get<0>(line));
        std::vector<inference::LabelledSpan> spans;
        for (const auto& [begin, span] : by_frame)
            if (spans.empty() || begin >= spans.back().span.end) spans.push_back(span);
        for (auto& run :
             inference::runs_of(spans, clip.span(), reference_stream(document, clip.take)->rate().per_second()))
            runs.push_back(std::move(run));
    }
    return inference::counted_grammar(runs, labels.count());
}

}  // namespace

std::optional<std::vector<StreamProposal>> stream_proposals(const Document& document, const TrainingSnapshot& snapshot,
                                                            const StreamAsk& ask, const JobContext& job) {
    return Proposer(document, snapshot, ask).all(job);
}

std::vector<schemas::LabelScore> labels_among_neighbours(const Document& document, const schemas::Segment& segment,
                                                         const std::vector<std::vector<float>>& probabilities,
                                                         const std::vector<LabelId>& labels, double grammar_weight) {
    const KnownLabels known(labels);
    if (known.count() == 0 || probabilities.empty()) return {};
    std::vector<float> said(static_cast<std::size_t>(known.count()), 0.0F);
    for (const auto& row : probabilities) {
        const auto own = known.of(row);
        for (std::size_t label = 0; label < said.size(); ++label)
            said[label] += own[label] / static_cast<float>(probabilities.size());
    }
    for (float& value : said) value = std::min(value, 1.0F);
    std::vector<StreamSegment> chain{{segment.span(), 1, {}, said, {}}};
    for (const auto& [id, other] : document.rows<schemas::Segment>()) {
        const bool beside = id != segment.id && other.clip == segment.clip && other.layer == segment.layer &&
                            other.track == segment.track && other.performer == segment.performer;
        if (!beside) continue;
        const int label = known.number(current_label(document, other.label));
        if (label < 0) continue;
        if (other.end_frame == segment.begin_frame && chain.front().span == segment.span())
            chain.insert(chain.begin(), StreamSegment{other.span(), 1, label, {}, {}});
        else if (other.begin_frame == segment.end_frame && chain.back().span == segment.span())
            chain.push_back(StreamSegment{other.span(), 1, label, {}, {}});
    }
    const auto& clip = document.at<schemas::Clip>(segment.clip);
    const inference::Grammar grammar = grammar_of_track(document, segment.track, known);
    inference::StreamRules rules;
    rules.labels = known.count();
    rules.grammar = &grammar;
    rules.grammar_weight = grammar_weight;
    rules.frames_per_second = reference_stream(document, clip.take)->rate().per_second();
    rules.stream = clip.span();
    const auto labelled = inference::labelled_segments(std::move(chain), {}, rules);
    for (const StreamSegment& each : *labelled)
        if (each.span == segment.span()) return known.scores(each.top);
    return {};
}

}  // namespace annotator
