#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "annotator/document/queries.h"
#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/motion_source.h"
#include "inference/change_points.h"
#include "inference/sample.h"

namespace annotator {

// What part of a project a model works on.
struct PoolOptions {
    std::string track = "category";
    std::optional<std::string> layer;               // only this layer's labels; else all but truth
    std::set<std::string> without_performers;       // clips with any of these take no part
    std::optional<LabelUnit> unit;                  // else as the labels say
    std::optional<std::set<schemas::ClipId>> only;  // no other clip takes part
    // none: as if nobody had labelled anything, to judge proposals against labels.
    enum class Labels { use, none } labels = Labels::use;
};

struct SampleOrigin {
    schemas::ClipId clip{};
    std::optional<schemas::PerformerId> performer;  // whose motion it is
    schemas::FrameSpan span;                        // in frames of the take
};

// A frozen copy of what a model may learn from, one row a motion: labelled spans, and the
// spans of the unlabelled rest (whole clips, or what change points or a model make of a stream).
struct TrainingSnapshot {
    schemas::TrackId track{};
    LabelUnit unit = LabelUnit::clip;
    bool per_performer = false;
    std::vector<std::string> labels;          // names, in the order that samples count them
    std::vector<schemas::LabelId> label_ids;  // likewise
    // Of each label, the place of its left/right partner, or its own; empty where no label has one.
    std::vector<int> mirrored_labels;
    std::vector<inference::Sample> samples;  // label -1 where unlabelled
    std::vector<SampleOrigin> origins;       // one a sample
    std::vector<double> boundary_scores;     // one a sample: how sure its first frame is a boundary
    std::string hash;                        // of the labels and recordings above
    std::vector<std::string> notes;

    [[nodiscard]] std::vector<std::size_t> labelled() const;
    // On average over the classes that have any label.
    [[nodiscard]] double labels_a_class() const;
};

// Where the unlabelled stretches of streams are cut: frames strictly inside the stretch. nullopt when stopped.
using FindBoundaries = std::function<std::optional<std::vector<inference::BoundaryProposal>>(
    const schemas::Clip& clip, const TakeMotion& motion, schemas::FrameSpan stretch, const std::stop_token& stop)>;

// Without `find` streams are cut at change points. nullopt when stopped. Throws std::invalid_argument when there is no
// such track or layer.
std::optional<TrainingSnapshot> training_snapshot(ProjectSession& session, const Motions& motions,
                                                  const PoolOptions& options, const JobContext& job,
                                                  const FindBoundaries& find = {});

// The track of that name. Throws std::invalid_argument naming those there are.
const schemas::Track& require_track(const Document& document, const std::string& name);
const schemas::Layer& require_layer(const Document& document, const std::string& name);

// The label that an old one was merged into.
schemas::LabelId current_label(const Document& document, schemas::LabelId label);

}  // namespace annotator
