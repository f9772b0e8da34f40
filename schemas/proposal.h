#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/annotation.h"

namespace schemas {

// A trained model as the project knows it. Its weights lie in models/, beside the
// database. `snapshot` is the content hash of what it was trained on.
struct ModelVersion {
    ModelId id{};
    std::string family;
    std::string name;
    std::string snapshot;
    std::int64_t seed = 0;
    std::int64_t parameters = 0;
    std::string checkpoint;  // path relative to the project
    std::string options;     // JSON
    std::string metrics;     // JSON
    Timestamp time = 0;

    bool operator==(const ModelVersion&) const = default;
};

struct LabelScore {
    LabelId label{};
    double score = 0;  // calibrated probability

    bool operator==(const LabelScore&) const = default;
};

// What a model believes about a span. Never a label: a label exists only because a
// person's edit made it, and the database refuses anything else.
struct Proposal {
    ProposalId id{};
    ModelId model{};
    ClipId clip{};
    TrackId track{};
    std::optional<PerformerId> performer;
    FrameIndex begin_frame = 0;
    FrameIndex end_frame = 0;
    double boundary_score = 0;    // how sure the segmenter is of begin_frame, 0 to 1
    std::vector<LabelScore> top;  // best first, at most five

    bool operator==(const Proposal&) const = default;
    [[nodiscard]] FrameSpan span() const { return {begin_frame, end_frame}; }
};

// One entry of the hard-example queue: a span, how hard it is, and why in words.
struct QueueItem {
    ClipId clip{};
    std::optional<PerformerId> performer;
    FrameSpan span;
    double score = 0;
    std::vector<std::string> reasons;
    std::vector<LabelScore> top;
};

template <>
struct Table<ModelVersion> {
    static constexpr std::string_view name = "model_version";
    static constexpr auto fields = std::tuple{field("id", &ModelVersion::id),
                                              field("family", &ModelVersion::family),
                                              field("name", &ModelVersion::name),
                                              field("snapshot", &ModelVersion::snapshot),
                                              field("seed", &ModelVersion::seed),
                                              field("parameters", &ModelVersion::parameters),
                                              field("checkpoint", &ModelVersion::checkpoint),
                                              field("options", &ModelVersion::options),
                                              field("metrics", &ModelVersion::metrics),
                                              field("time", &ModelVersion::time)};
};
template <>
struct Table<Proposal> {
    static constexpr std::string_view name = "proposal";
    // `top` lives in a table of its own, proposal_score.
    static constexpr auto fields = std::tuple{field("id", &Proposal::id),
                                              field("model", &Proposal::model),
                                              field("clip", &Proposal::clip),
                                              field("track", &Proposal::track),
                                              field("performer", &Proposal::performer),
                                              field("begin_frame", &Proposal::begin_frame),
                                              field("end_frame", &Proposal::end_frame),
                                              field("boundary_score", &Proposal::boundary_score)};
};

}  // namespace schemas
