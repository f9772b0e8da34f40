#include <algorithm>

#include "annotator/workflows/simulation_pool.h"
#include "inference/segmenter.h"

namespace annotator {

namespace {

using inference::Sample;

Sample sample_of(const KnownMotion& motion, int label) { return {motion.skeleton, motion.span, label, 1}; }

std::vector<int> best_labels(const std::vector<inference::RankedLabel>& ranked) {
    std::vector<int> labels;
    for (const auto& entry : ranked) labels.push_back(entry.label);
    return labels;
}

// Clips that carry one label each.
class ClipPool : public SimulationPool {
public:
    explicit ClipPool(std::vector<KnownMotion> motions)
        : motions_(std::move(motions)), labelled_(motions_.size(), false) {
        for (const KnownMotion& motion : motions_) candidates_.push_back(sample_of(motion, -1));
    }

    [[nodiscard]] const std::vector<Sample>& candidates() const override { return candidates_; }
    [[nodiscard]] std::vector<int> truth_of_candidates() const override {
        std::vector<int> truth;
        for (const KnownMotion& motion : motions_) truth.push_back(motion.truth.front().label);
        return truth;
    }
    [[nodiscard]] std::vector<std::size_t> labelled_candidates() const override {
        std::vector<std::size_t> indices;
        for (std::size_t i = 0; i < labelled_.size(); ++i)
            if (labelled_[i]) indices.push_back(i);
        return indices;
    }
    void label(std::size_t candidate) override { labelled_[candidate] = true; }
    void label_everything() override { labelled_.assign(labelled_.size(), true); }
    [[nodiscard]] double labelled_share() const override {
        return static_cast<double>(labelled_candidates().size()) / static_cast<double>(motions_.size());
    }

    [[nodiscard]] std::vector<GivenLabel> labelled_parts() const override {
        std::vector<GivenLabel> parts;
        for (const std::size_t i : labelled_candidates())
            parts.push_back({motions_[i].clip, motions_[i].truth.front().span});
        return parts;
    }

    [[nodiscard]] std::vector<Sample> training_samples() const override {
        std::vector<Sample> samples = candidates_;
        for (std::size_t i = 0; i < samples.size(); ++i)
            if (labelled_[i]) samples[i].label = motions_[i].truth.front().label;
        return samples;
    }

    [[nodiscard]] std::vector<inference::LabelledStream> training_streams() const override { return {}; }

    [[nodiscard]] std::optional<PoolOutcome> outcome(const PoolModels& models, const std::vector<KnownMotion>& unseen,
                                                     const JobContext& job) const override {
        inference::Model& model = models.classifier;
        PoolOutcome outcome;
        outcome.labels = labelled_candidates().size();
        outcome.labelled = labelled_share();
        const auto rest = model.predict(candidates_, inference::Hardness::skip, job.stop);
        if (!rest) return std::nullopt;
        std::size_t right = 0, rest_count = 0;
        for (std::size_t i = 0; i < motions_.size(); ++i) {
            const auto& truth = motions_[i].truth;
            const double seconds = static_cast<double>(motions_[i].span.length()) / motions_[i].frames_per_second;
            const auto scratch = inference::actions_from_scratch(truth, seconds);
            outcome.actions_scratch += scratch;
            if (labelled_[i]) {
                outcome.actions += scratch;
                continue;
            }
            const auto top = inference::ranked_labels(rest->row(i));
            const inference::ProposedSegment proposed{motions_[i].span, best_labels(top)};
            outcome.actions += inference::actions_to_correct(truth, {&proposed, 1}, seconds);
            ++rest_count;
            right += top.front().label == truth.front().label ? 1 : 0;
        }
        if (rest_count > 0) outcome.pool_accuracy = static_cast<double>(right) / static_cast<double>(rest_count);
        // A clip has no boundary to put right, so classifying it again would change nothing.
        outcome.actions_inherited = outcome.actions;
        outcome.corpus_accuracy = static_cast<double>(outcome.labels + right) / static_cast<double>(motions_.size());
        return add_unseen(outcome, model, unseen, job) ? std::optional(outcome) : std::nullopt;
    }

private:
    static bool add_unseen(PoolOutcome& outcome, inference::Model& model, const std::vector<KnownMotion>& unseen,
                           const JobContext& job) {
        if (unseen.empty()) return true;
        std::vector<Sample> samples;
        for (const KnownMotion& motion : unseen) samples.push_back(sample_of(motion, -1));
        const auto prediction = model.predict(samples, inference::Hardness::skip, job.stop);
        if (!prediction) return false;
        double right = 0;
        for (std::size_t i = 0; i < unseen.size(); ++i)
            right +=
                inference::ranked_labels(prediction->row(i), 1).front().label == unseen[i].truth.front().label ? 1 : 0;
        outcome.unseen_accuracy = right / static_cast<double>(unseen.size());
        return true;
    }

    std::vector<KnownMotion> motions_;
    std::vector<Sample> candidates_;
    std::vector<bool> labelled_;
};

}  // namespace

std::unique_ptr<SimulationPool> clip_pool(std::vector<KnownMotion> motions) {
    return std::make_unique<ClipPool>(std::move(motions));
}

}  // namespace annotator
