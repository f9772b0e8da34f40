#include <algorithm>

#include "annotator/workflows/simulation_pool.h"
#include "inference/change_points.h"
#include "inference/segmenter.h"

namespace annotator {

namespace {

using inference::LabelledSpan;
using inference::Sample;
using schemas::FrameIndex;
using schemas::FrameSpan;

// Where a candidate lies.
struct Piece {
    std::size_t stream = 0;
    FrameSpan span;
    double boundary_score = 1;
};

std::vector<int> painted(FrameSpan whole, const std::vector<LabelledSpan>& spans) {
    std::vector<int> frames(static_cast<std::size_t>(whole.length()), inference::unlabelled);
    for (const LabelledSpan& each : spans)
        std::fill(frames.begin() + (each.span.begin - whole.begin), frames.begin() + (each.span.end - whole.begin),
                  each.label);
    return frames;
}

std::vector<LabelledSpan> as_spans(const std::vector<inference::SegmentProposal>& proposals) {
    std::vector<LabelledSpan> spans;
    for (const auto& proposal : proposals)
        spans.push_back({proposal.span, proposal.top.empty() ? inference::unlabelled : proposal.top.front().label});
    return spans;
}

std::vector<inference::ProposedSegment> as_proposed(const std::vector<inference::SegmentProposal>& proposals) {
    std::vector<inference::ProposedSegment> list;
    for (const auto& proposal : proposals) {
        list.push_back({proposal.span, {}});
        for (const auto& entry : proposal.top) list.back().top.push_back(entry.label);
    }
    return list;
}

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

    [[nodiscard]] std::vector<LabelledPart> labelled_parts() const override {
        std::vector<LabelledPart> parts;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream)
            for (std::size_t i = 0; i < motions_[stream].truth.size(); ++i)
                if (labelled_[stream][i]) parts.push_back({motions_[stream].clip, motions_[stream].truth[i].span});
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

    [[nodiscard]] std::optional<PoolOutcome> outcome(inference::Model& model, const std::vector<KnownMotion>& unseen,
                                                     const JobContext& job) const override {
        PoolOutcome outcome;
        outcome.labelled = labelled_share();
        Tally rest, whole;
        for (std::size_t stream = 0; stream < motions_.size(); ++stream) {
            for (const bool each : labelled_[stream]) outcome.labels += each ? 1 : 0;
            if (!add_stream(outcome, rest, whole, stream, model, job)) return std::nullopt;
        }
        if (rest.frames.total > 0) outcome.pool_accuracy = rest.frames.value();
        outcome.corpus_accuracy = whole.frames.value();
        if (rest.frames.total > 0) outcome.boundary_f1 = rest.boundaries.f1();
        if (rest.segments.total > 0) outcome.reclassified_accuracy = rest.segments.value();
        inference::Share on_unseen;
        for (const KnownMotion& motion : unseen) {
            const auto proposals = prelabelled(motion, motion.span, model, job);
            if (!proposals) return std::nullopt;
            const auto share = inference::frame_accuracy(painted(motion.span, motion.truth),
                                                         painted(motion.span, as_spans(*proposals)));
            on_unseen.hits += share.hits;
            on_unseen.total += share.total;
        }
        if (on_unseen.total > 0) outcome.unseen_accuracy = on_unseen.value();
        return outcome;
    }

private:
    struct Tally {
        inference::Share frames, segments;
        inference::BoundaryScores boundaries;
    };

    // Index of the true segment that covers most of the piece.
    [[nodiscard]] std::size_t behind(const Piece& piece) const {
        const auto& truth = motions_[piece.stream].truth;
        const auto most = std::ranges::max_element(
            truth, {}, [&](const LabelledSpan& each) { return schemas::shared_frames(each.span, piece.span); });
        return static_cast<std::size_t>(most - truth.begin());
    }

    static std::optional<std::vector<inference::SegmentProposal>> prelabelled(const KnownMotion& motion, FrameSpan span,
                                                                              inference::Model& model,
                                                                              const JobContext& job) {
        const auto boundaries =
            inference::change_points(*motion.skeleton, span, motion.frames_per_second, {}, job.stop);
        if (!boundaries) return std::nullopt;
        return inference::segment_then_classify(motion.skeleton, span, *boundaries, model, inference::Hardness::skip,
                                                job.stop);
    }

    // The stretches of a stream that nobody labelled, with the true segments in them.
    [[nodiscard]] std::vector<std::vector<LabelledSpan>> unlabelled_stretches(std::size_t stream) const {
        std::vector<std::vector<LabelledSpan>> stretches;
        bool open = false;
        for (std::size_t i = 0; i < motions_[stream].truth.size(); ++i) {
            if (labelled_[stream][i]) {
                open = false;
                continue;
            }
            if (!open) stretches.emplace_back();
            open = true;
            stretches.back().push_back(motions_[stream].truth[i]);
        }
        return stretches;
    }

    bool add_stream(PoolOutcome& outcome, Tally& rest, Tally& whole, std::size_t stream, inference::Model& model,
                    const JobContext& job) const {
        const KnownMotion& motion = motions_[stream];
        const auto seconds_of = [&](FrameIndex frames) {
            return static_cast<double>(frames) / motion.frames_per_second;
        };
        outcome.actions_scratch += inference::actions_from_scratch(motion.truth, seconds_of(motion.span.length()));
        for (std::size_t i = 0; i < motion.truth.size(); ++i) {
            if (!labelled_[stream][i]) continue;
            inference::Actions drawn =
                inference::actions_from_scratch({&motion.truth[i], 1}, seconds_of(motion.truth[i].span.length()));
            drawn.created += i > 0 ? 1 : 0;  // the boundary in front of it
            outcome.actions += drawn;
            outcome.actions_inherited += drawn;
            whole.frames.hits += motion.truth[i].span.length();
            whole.frames.total += motion.truth[i].span.length();
        }
        for (const auto& truth : unlabelled_stretches(stream))
            if (!add_stretch(outcome, rest, whole, motion, truth, model, job)) return false;
        return true;
    }

    static bool add_stretch(PoolOutcome& outcome, Tally& rest, Tally& whole, const KnownMotion& motion,
                            const std::vector<LabelledSpan>& truth, inference::Model& model, const JobContext& job) {
        const FrameSpan span{truth.front().span.begin, truth.back().span.end};
        const auto proposals = prelabelled(motion, span, model, job);
        if (!proposals) return false;
        std::vector<inference::SegmentProposal> exact;
        for (const LabelledSpan& each : truth) exact.push_back({each.span, 1, {}, 0});
        const auto reclassified =
            inference::classified(std::move(exact), motion.skeleton, model, inference::Hardness::skip, job.stop);
        if (!reclassified) return false;
        outcome.actions_inherited += inference::actions_to_correct(
            truth, as_proposed(*proposals), static_cast<double>(span.length()) / motion.frames_per_second);
        outcome.actions +=
            inference::actions_to_correct_with_model(truth, as_proposed(*proposals), as_proposed(*reclassified),
                                                     static_cast<double>(span.length()) / motion.frames_per_second);
        for (std::size_t i = 0; i < truth.size(); ++i) {
            ++rest.segments.total;
            rest.segments.hits += (*reclassified)[i].top.front().label == truth[i].label ? 1 : 0;
        }
        const auto share = inference::frame_accuracy(painted(span, truth), painted(span, as_spans(*proposals)));
        for (Tally* tally : {&rest, &whole}) tally->frames.hits += share.hits, tally->frames.total += share.total;
        std::vector<FrameIndex> true_boundaries, predicted;
        for (std::size_t i = 1; i < truth.size(); ++i) true_boundaries.push_back(truth[i].span.begin);
        for (std::size_t i = 1; i < proposals->size(); ++i) predicted.push_back((*proposals)[i].span.begin);
        rest.boundaries += inference::boundary_scores(inference::within(true_boundaries, 5), predicted);
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
