#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

struct SimulateOptions {
    std::vector<std::string> strategies{"random", "diverse-hard"};  // of inference::strategy_names, and "all"
    double budget = 0.2;
    int seeds = 1;
    std::uint64_t first_seed = 0;
    std::vector<std::string> test_performers;  // held out together; empty: each performer in turn
    std::string truth;                         // the layer that is known; empty: the truth layer, else the fullest
    std::string track = "category";
    std::string family = "tcn_clip";
    // Where boundaries of streams come from: change points, or a family that reads streams.
    std::string boundaries = "change-points";
    int boundary_steps = 600;     // of the training of that family
    double grammar_weight = 0.3;  // of which label follows which, and how long each lasts; 0: none
    int steps = 1800;             // of the last training
    int round_steps = 400;        // of those that only choose what to label next
    int threads = 1;
    bool semi_supervised = true;
    bool curve = false;  // a row after every round, not only after the last
    // Shares that are labelled, each with a row: a learning curve, in place of the budget. At 1 all is labelled, which
    // is trained once for all strategies; its pool accuracy is that of a training that did without a fifth of the pool.
    std::vector<double> points;
};

// A label that the simulated annotator gave.
struct GivenLabel {
    std::string clip;
    schemas::FrameSpan span;
};

// One point of a learning curve. Accuracies are shares of 1: of the rest of the pool (seen
// performers), of the performers that were held out, and of the whole pool with what was
// labelled by hand counted as right. For streams they are shares of frames.
// Operations and seconds finish the labelling of the pool, by hand and by correcting the
// model, against labelling it from scratch (models.md 3.4).
struct SimulationRow {
    std::string strategy;
    std::uint64_t seed = 0;
    std::string test_performers;
    std::size_t labels = 0;
    double labelled = 0;
    std::optional<double> pool_accuracy, unseen_accuracy;
    double corpus_accuracy = 0;
    double operations = 0, operations_scratch = 0;
    double seconds = 0, seconds_scratch = 0;
    // As if each segment, once its boundaries are right, inherited what was proposed for most of it (policy A), where
    // the above lets the model classify it again (policy B). Of whole clips both are one.
    double operations_inherited = 0, seconds_inherited = 0;
    std::optional<double> boundary_f1;            // streams: within 5 frames, on the rest
    std::optional<double> reclassified_accuracy;  // streams: segments, once their boundaries were put right
    std::optional<double> frames_alone;           // streams: right by the model of boundaries itself, on the rest
    // Streams of the held-out performers, as if they were to be labelled next.
    std::optional<double> unseen_boundary_f1, unseen_frames_alone;
    std::optional<double> unseen_operations, unseen_operations_inherited, unseen_operations_scratch;
    std::vector<GivenLabel> parts;  // what was labelled, by clip and frame
    std::string parts_sha256;       // of the lines "clip<tab>begin<tab>end"
};

struct SimulationResult {
    LabelUnit unit = LabelUnit::clip;
    std::vector<SimulationRow> rows;
    std::vector<std::string> notes;
};

// Replays the labelling loop with known labels as the annotator. Changes nothing in the
// project. nullopt when stopped. Throws std::invalid_argument for unknown names and for a
// project without known labels.
std::optional<SimulationResult> simulate(ProjectSession& session, const SimulateOptions& options,
                                         const JobContext& job);

// The layer whose labels count as known. Throws std::invalid_argument when there is none.
schemas::Layer known_layer(const Document& document, const std::string& wanted);

}  // namespace annotator
