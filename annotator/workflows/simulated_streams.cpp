#include <algorithm>

#include "annotator/workflows/simulation_pool.h"
#include "inference/change_points.h"
#include "inference/segmenter.h"
#include "inference/stream_decoder.h"

namespace annotator {

namespace {

using inference::LabelledSpan;
using inference::Sample;
using inference::StreamSegment;
using schemas::FrameIndex;
using schemas::FrameSpan;

// Where a candidate lies.
struct Piece {
    std::size_t stream = 0;
    FrameSpan span;
    double boundary_score = 1;
};

std::vector<int> painted(FrameSpan whole, std::span<const LabelledSpan> spans) {
    std::vector<int> frames(static_cast<std::size_t>(whole.length()), inference::unlabelled);
    for (const LabelledSpan& each : spans)
        std::fill(frames.begin() + (each.span.begin - whole.begin), frames.begin() + (each.span.end - whole.begin),
                  each.label);
    return frames;
}

std::vector<LabelledSpan> as_spans(const std::vector<StreamSegment>& segments) {
    std::vector<LabelledSpan> spans;
    for (const StreamSegment& segment : segments) spans.push_back({segment.span, segment.top.front().label});
    return spans;
}

std::vector<inference::ProposedSegment> as_proposed(const std::vector<StreamSegment>& segments) {
    std::vector<inference::ProposedSegment> list;
    for (const StreamSegment& segment : segments) {
        list.push_back({segment.span, {}});
        for (const auto& entry : segment.top) list.back().top.push_back(entry.label);
    }
    return list;
}

void add(inference::Share& to, const inference::Share& part) {
    to.hits += part.hits;
    to.total += part.total;
}

// What is proposed for one stream, and how.
class StreamProposer {
public:
    // All outlive it.
    StreamProposer(const KnownMotion& motion, const PoolModels& models, const inference::Grammar& grammar,
                   const JobContext& job)
        : motion_(motion), models_(models), job_(job) {
        rules_.labels = grammar.labels;
        rules_.grammar = models.grammar_weight > 0 ? &grammar : nullptr;
        rules_.grammar_weight = models.grammar_weight;
        rules_.frames_per_second = motion.frames_per_second;
        rules_.stream = motion.span;
    }

    // Of what nobody labelled from the first to the last of those true segments, between labelled neighbours or
    // none. False when stopped.
    bool judge(std::span<const LabelledSpan> truth, const LabelledSpan* before, const LabelledSpan* after,
               StreamOutcome& outcome) {
        const FrameSpan span{truth.front().span.begin, truth.back().span.end};
        const auto boundaries = boundaries_in(span);
        if (!boundaries) return false;
        std::vector<StreamSegment> between, exact;
        for (const auto& each : inference::segments_between(span, *boundaries))
            between.push_back({each.span, each.boundary_score, {}, {}, {}});
        for (const LabelledSpan& each : truth) exact.push_back({each.span, 1, {}, {}, {}});
        const auto proposed = labelled(std::move(between), before, after);
        if (!proposed) return false;
        const auto again = labelled(std::move(exact), before, after);
        if (!again) return false;
        count(truth, span, *proposed, *again, outcome);
        return true;
    }

private:
    std::optional<std::vector<inference::BoundaryProposal>> boundaries_in(FrameSpan span) {
        if (models_.boundaries == nullptr)
            return inference::change_points(*motion_.skeleton, span, motion_.frames_per_second, {}, job_.stop);
        if (!scores_) {
            scores_ =
                models_.boundaries->scores({motion_.skeleton, motion_.span, motion_.frames_per_second, {}}, job_.stop);
            if (!scores_) return std::nullopt;
            curve_ = inference::merged_boundaries(*scores_);
        }
        return inference::boundary_peaks(
            std::span(curve_).subspan(static_cast<std::size_t>(span.begin - motion_.span.begin),
                                      static_cast<std::size_t>(span.length())),
            span);
    }

    // The neighbours speak in the grammar alone.
    std::optional<std::vector<StreamSegment>> labelled(std::vector<StreamSegment> segments, const LabelledSpan* before,
                                                       const LabelledSpan* after) {
        const auto known = [](const LabelledSpan& span) { return StreamSegment{span.span, 1, span.label, {}, {}}; };
        if (before != nullptr) segments.insert(segments.begin(), known(*before));
        if (after != nullptr) segments.push_back(known(*after));
        auto done = inference::joined_segments(
            std::move(segments), inference::classified_by(models_.classifier, motion_.skeleton, job_.stop), rules_);
        if (done) std::erase_if(*done, [](const StreamSegment& segment) { return segment.known.has_value(); });
        return done;
    }

    void count(std::span<const LabelledSpan> truth, FrameSpan span, const std::vector<StreamSegment>& proposed,
               const std::vector<StreamSegment>& again, StreamOutcome& outcome) const {
        const double seconds = static_cast<double>(span.length()) / motion_.frames_per_second;
        const auto list = as_proposed(proposed);
        outcome.inherited += inference::actions_to_correct(truth, list, seconds);
        outcome.reclassified += inference::actions_to_correct_with_model(truth, list, as_proposed(again), seconds);
        outcome.scratch += inference::actions_from_scratch(truth, seconds);
        const std::vector<int> known = painted(span, truth);
        add(outcome.frames, inference::frame_accuracy(known, painted(span, as_spans(proposed))));
        if (scores_) add(outcome.frames_alone, inference::frame_accuracy(known, likeliest_of_frames(span)));
        for (std::size_t i = 0; i < truth.size(); ++i) {
            ++outcome.segments.total;
            outcome.segments.hits += again[i].top.front().label == truth[i].label ? 1 : 0;
        }
        std::vector<FrameIndex> true_boundaries, predicted;
        for (std::size_t i = 1; i < truth.size(); ++i) true_boundaries.push_back(truth[i].span.begin);
        for (std::size_t i = 1; i < proposed.size(); ++i) predicted.push_back(proposed[i].span.begin);
        outcome.boundaries += inference::boundary_scores(inference::within(true_boundaries, 5), predicted);
    }

    [[nodiscard]] std::vector<int> likeliest_of_frames(FrameSpan span) const {
        std::vector<int> labels;
        const auto width = static_cast<std::size_t>(scores_->labels);
        for (FrameIndex frame = span.begin; frame < span.end; ++frame) {
            const auto row = std::span(scores_->probabilities)
                                 .subspan(static_cast<std::size_t>(frame - motion_.span.begin) * width, width);
            labels.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
        }
        return labels;
    }

    const KnownMotion& motion_;
    const PoolModels& models_;
    const JobContext& job_;
    inference::StreamRules rules_;
    std::optional<inference::FrameScores> scores_;
    std::vector<float> curve_;
};

// Long takes with several labels. The annotator is asked about a piece between two change
// points and draws the true segment that covers most of it.
class StreamPool : public SimulationPool {
public:
    StreamPool(std::vector<KnownMotion> motions, std::vector<std::vector<inference::BoundaryProposal>> boundaries)
        : motions_(std::move(motions)), boundaries_(std::move(boundaries)) {
        for (std::size_t stream = 0; stream < motions_.size(); ++stream) {
            labelled_.emplace_back(motions_[stream].truth.size(), false);
            for (const auto& segment : inference::segments_between(motions_[stream].span, boundaries_[stream])) {
                pieces_.push_back({stream, segment.span, segment.boundary_score});
                candidates_.push_back({motions_[stream].skeleton, segment.span, -1, 1});
            }
        }
    }

    [[nodiscard]] const std::vector<Sample>& candidates() const override { return candidates_; }
    [[nodiscard]] std::vector<int> truth_of_candidates() const override {
        std::vector<int> truth;
        for (const Piece& piece : pieces_) truth.push_back(motions_[piece.stream].truth[behind(piece)].label);
        return truth;
    }
    [[nodiscard]] std::vector<std::size_t> labelled_candidates() const override {
        std::vector<std::size_t> indices;
        for (std::size_t i = 0; i < pieces_.size(); ++i)
            if (labelled_[pieces_[i].stream][behind(pieces_[i])]) indices.push_back(i);
        return indices;
    }
    void label(std::size_t candidate) override {
        labelled_[pieces_[candidate].stream][behind(pieces_[candidate])] = true;
    }
    void label_everything() override {
        for (auto& stream : labelled_) stream.assign(stream.size(), true);
    }
    [[nodiscard]] double labelled_share() const override {
        double labelled = 0, total = 0;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream)
            for (std::size_t i = 0; i < motions_[stream].truth.size(); ++i) {
                const auto frames = static_cast<double>(motions_[stream].truth[i].span.length());
                total += frames;
                labelled += labelled_[stream][i] ? frames : 0;
            }
        return labelled / total;
    }

    [[nodiscard]] std::vector<GivenLabel> labelled_parts() const override {
        std::vector<GivenLabel> parts;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream)
            for (const LabelledSpan& each : labelled_spans(stream)) parts.push_back({motions_[stream].clip, each.span});
        return parts;
    }

    [[nodiscard]] std::vector<Sample> training_samples() const override {
        std::vector<Sample> samples;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream)
            for (std::size_t i = 0; i < motions_[stream].truth.size(); ++i)
                if (labelled_[stream][i])
                    samples.push_back({motions_[stream].skeleton, motions_[stream].truth[i].span,
                                       motions_[stream].truth[i].label, 1});
        for (std::size_t i = 0; i < pieces_.size(); ++i)
            if (!labelled_[pieces_[i].stream][behind(pieces_[i])]) samples.push_back(candidates_[i]);
        return samples;
    }

    [[nodiscard]] std::vector<inference::LabelledStream> training_streams() const override {
        std::vector<inference::LabelledStream> streams;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream) {
            inference::LabelledStream known{motions_[stream].skeleton, motions_[stream].span,
                                            motions_[stream].frames_per_second, labelled_spans(stream)};
            if (!known.labels.empty()) streams.push_back(std::move(known));
        }
        return streams;
    }

    [[nodiscard]] std::optional<PoolOutcome> outcome(const PoolModels& models, const std::vector<KnownMotion>& unseen,
                                                     const JobContext& job) const override {
        std::vector<inference::LabelledRun> runs;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream)
            for (auto& run :
                 inference::runs_of(labelled_spans(stream), motions_[stream].span, motions_[stream].frames_per_second))
                runs.push_back(std::move(run));
        const inference::Grammar grammar =
            inference::counted_grammar(runs, static_cast<int>(models.classifier.labels().size()));
        PoolOutcome outcome;
        outcome.labelled = labelled_share();
        outcome.rest.emplace();
        inference::Share whole;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream) {
            for (const bool each : labelled_[stream]) outcome.labels += each ? 1 : 0;
            add_by_hand(outcome, whole, stream);
            StreamProposer proposer(motions_[stream], models, grammar, job);
            if (!add_rest(proposer, *outcome.rest, stream)) return std::nullopt;
        }
        add(whole, outcome.rest->frames);
        outcome.actions_inherited = outcome.actions;
        outcome.actions_inherited += outcome.rest->inherited;
        outcome.actions += outcome.rest->reclassified;
        if (outcome.rest->frames.total > 0) outcome.pool_accuracy = outcome.rest->frames.value();
        outcome.corpus_accuracy = whole.value();
        if (!unseen.empty()) outcome.unseen.emplace();
        for (const KnownMotion& motion : unseen)
            if (!StreamProposer(motion, models, grammar, job).judge(motion.truth, nullptr, nullptr, *outcome.unseen))
                return std::nullopt;
        if (outcome.unseen && outcome.unseen->frames.total > 0)
            outcome.unseen_accuracy = outcome.unseen->frames.value();
        return outcome;
    }

private:
    // Index of the true segment that covers most of the piece.
    [[nodiscard]] std::size_t behind(const Piece& piece) const {
        const auto& truth = motions_[piece.stream].truth;
        const auto most = std::ranges::max_element(
            truth, {}, [&](const LabelledSpan& each) { return schemas::shared_frames(each.span, piece.span); });
        return static_cast<std::size_t>(most - truth.begin());
    }

    [[nodiscard]] std::vector<LabelledSpan> labelled_spans(std::size_t stream) const {
        std::vector<LabelledSpan> spans;
        for (std::size_t i = 0; i < motions_[stream].truth.size(); ++i)
            if (labelled_[stream][i]) spans.push_back(motions_[stream].truth[i]);
        return spans;
    }

    // What the annotator did, and what labelling all of it takes.
    void add_by_hand(PoolOutcome& outcome, inference::Share& whole, std::size_t stream) const {
        const KnownMotion& motion = motions_[stream];
        const auto seconds_of = [&](FrameIndex frames) {
            return static_cast<double>(frames) / motion.frames_per_second;
        };
        outcome.actions_scratch += inference::actions_from_scratch(motion.truth, seconds_of(motion.span.length()));
        for (std::size_t i = 0; i < motion.truth.size(); ++i) {
            if (!labelled_[stream][i]) continue;
            const FrameIndex frames = motion.truth[i].span.length();
            outcome.actions += inference::actions_from_scratch({&motion.truth[i], 1}, seconds_of(frames));
            outcome.actions.created += i > 0 ? 1 : 0;  // the boundary in front of it
            add(whole, {frames, frames});
        }
    }

    // The stretches of a stream that nobody labelled. False when stopped.
    bool add_rest(StreamProposer& proposer, StreamOutcome& rest, std::size_t stream) const {
        const auto& truth = motions_[stream].truth;
        const auto& labelled = labelled_[stream];
        for (std::size_t begin = 0; begin < truth.size();) {
            std::size_t end = begin;
            while (end < truth.size() && !labelled[end]) ++end;
            if (end > begin &&
                !proposer.judge(std::span(truth).subspan(begin, end - begin), begin > 0 ? &truth[begin - 1] : nullptr,
                                end < truth.size() ? &truth[end] : nullptr, rest))
                return false;
            begin = end + 1;
        }
        return true;
    }

    std::vector<KnownMotion> motions_;
    std::vector<std::vector<inference::BoundaryProposal>> boundaries_;
    std::vector<std::vector<bool>> labelled_;  // of each stream, one a true segment
    std::vector<Piece> pieces_;
    std::vector<Sample> candidates_;
};

}  // namespace

std::unique_ptr<SimulationPool> stream_pool(std::vector<KnownMotion> motions, const JobContext& job) {
    std::vector<std::vector<inference::BoundaryProposal>> boundaries;
    for (const KnownMotion& motion : motions) {
        auto found = inference::change_points(*motion.skeleton, motion.span, motion.frames_per_second, {}, job.stop);
        if (!found) return nullptr;
        boundaries.push_back(std::move(*found));
    }
    return std::make_unique<StreamPool>(std::move(motions), std::move(boundaries));
}

}  // namespace annotator
