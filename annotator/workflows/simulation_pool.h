#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/workflows/simulate.h"
#include "inference/dtw.h"
#include "inference/effort.h"
#include "inference/model_family.h"
#include "inference/segmentation_metrics.h"
#include "inference/selectors.h"
#include "inference/stream_model.h"

namespace annotator {

// One motion with its known labels, as a simulation sees it.
struct KnownMotion {
    std::string clip;
    std::set<std::string> performers;  // of the clip
    std::shared_ptr<const schemas::SkeletonSequence> skeleton;
    schemas::FrameSpan span;
    double frames_per_second = 1;
    std::vector<inference::LabelledSpan> truth;
};

// What proposes labels.
struct PoolModels {
    inference::Model& classifier;
    inference::StreamModel* boundaries = nullptr;  // of streams; null: change points
    double grammar_weight = 0.3;                   // of streams
};

// Streams as they are proposed, against their truth.
struct StreamOutcome {
    inference::Share frames;        // of the proposed segments
    inference::Share frames_alone;  // of what the model of boundaries says of each frame by itself
    inference::Share segments;      // labelled again once their boundaries were put right
    inference::BoundaryScores boundaries;
    inference::Actions inherited;     // to correct them by policy A, labels are inherited …
    inference::Actions reclassified;  // … and by policy B, the model labels what was moved
    inference::Actions scratch;
};

// What a run of the loop reports.
struct PoolOutcome {
    double labelled = 0;
    std::size_t labels = 0;
    std::optional<double> pool_accuracy, unseen_accuracy;
    double corpus_accuracy = 0;
    inference::Actions actions, actions_inherited, actions_scratch;
    std::optional<StreamOutcome> rest, unseen;  // of streams: what nobody labelled, other performers
    std::vector<GivenLabel> parts;
};

// The thing that a strategy chooses from, and the known labels behind it: whole clips, or
// pieces of streams. One fold of one simulation.
class SimulationPool {
public:
    virtual ~SimulationPool() = default;
    // What selectors rank.
    [[nodiscard]] virtual const std::vector<inference::Sample>& candidates() const = 0;
    [[nodiscard]] virtual std::vector<int> truth_of_candidates() const = 0;
    [[nodiscard]] virtual std::vector<std::size_t> labelled_candidates() const = 0;
    // The simulated annotator labels what is behind the candidate.
    virtual void label(std::size_t candidate) = 0;
    virtual void label_everything() = 0;
    [[nodiscard]] virtual double labelled_share() const = 0;
    // What is labelled, in the order of the motions and frames.
    [[nodiscard]] virtual std::vector<GivenLabel> labelled_parts() const = 0;
    // What a model may learn from at this point: the labelled part and the unlabelled rest.
    [[nodiscard]] virtual std::vector<inference::Sample> training_samples() const = 0;
    // What a model of frames may learn from at this point; empty where clips are labelled whole.
    [[nodiscard]] virtual std::vector<inference::LabelledStream> training_streams() const = 0;
    // nullopt when stopped.
    [[nodiscard]] virtual std::optional<PoolOutcome> outcome(const PoolModels& models,
                                                             const std::vector<KnownMotion>& unseen,
                                                             const JobContext& job) const = 0;
};

std::unique_ptr<SimulationPool> clip_pool(std::vector<KnownMotion> motions);
// nullptr when stopped.
std::unique_ptr<SimulationPool> stream_pool(std::vector<KnownMotion> motions, const JobContext& job);

}  // namespace annotator
