#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "schemas/frame.h"
#include "schemas/id.h"
#include "schemas/row.h"

namespace schemas {

// Microseconds since 1970-01-01 UTC.
using Timestamp = std::int64_t;

// truth: known labels that are hidden from training, for simulations and evaluation.
enum class LayerKind { person, import, truth, consensus };

// One author's labels. Nobody's layer is overwritten by another's.
struct Layer {
    LayerId id{};
    std::string name;  // unique
    LayerKind kind = LayerKind::person;
    std::string author;

    bool operator==(const Layer&) const = default;
};

// How a label came to be. A frame with no segment is unlabelled; one that only a model
// has spoken about is proposed. Neither is stored as a label.
enum class LabelState { accepted, corrected, drawn, imported, verified, disputed };

// Every frame of a track is in exactly one of these: a label's state, or one of the two
// that are no labels.
enum class FrameState { unlabelled, proposed, accepted, corrected, drawn, imported, verified, disputed };

// What a label of that state says about its frames.
constexpr FrameState frame_state_of(LabelState state) { return static_cast<FrameState>(static_cast<int>(state) + 2); }

// A label on a span of a clip. Frames count in the take's reference stream.
struct Segment {
    SegmentId id{};
    LayerId layer{};
    ClipId clip{};
    TrackId track{};
    std::optional<PerformerId> performer;  // none: the label speaks of the whole clip
    FrameIndex begin_frame = 0;
    FrameIndex end_frame = 0;
    LabelId label{};
    LabelState state = LabelState::drawn;
    std::string author;
    std::optional<ProposalId> proposal;  // that it came from
    std::optional<ModelId> model;        // that made the proposal
    EditId edit{};                       // that wrote it last
    Timestamp time = 0;

    bool operator==(const Segment&) const = default;
    [[nodiscard]] FrameSpan span() const { return {begin_frame, end_frame}; }
};

// A label on a single frame.
struct KeyPose {
    KeyPoseId id{};
    LayerId layer{};
    ClipId clip{};
    TrackId track{};
    std::optional<PerformerId> performer;
    FrameIndex frame = 0;
    LabelId label{};
    LabelState state = LabelState::drawn;
    std::string author;
    EditId edit{};
    Timestamp time = 0;

    bool operator==(const KeyPose&) const = default;
};

struct Comment {
    CommentId id{};
    ClipId clip{};
    FrameIndex begin_frame = 0;
    FrameIndex end_frame = 0;
    std::string author;
    std::string text;
    bool resolved = false;
    EditId edit{};
    Timestamp time = 0;

    bool operator==(const Comment&) const = default;
};

// A person said no to what a model proposed here. No label: the span stays as it was.
struct Rejection {
    RejectionId id{};
    ClipId clip{};
    TrackId track{};
    std::optional<PerformerId> performer;
    FrameIndex begin_frame = 0;
    FrameIndex end_frame = 0;
    LabelId label{};
    ProposalId proposal{};
    std::string author;
    EditId edit{};
    Timestamp time = 0;

    bool operator==(const Rejection&) const = default;
};

template <>
struct EnumNames<LayerKind> {
    static constexpr std::array<std::string_view, 4> names{"person", "import", "truth", "consensus"};
};
template <>
struct EnumNames<LabelState> {
    static constexpr std::array<std::string_view, 6> names{"accepted", "corrected", "drawn",
                                                           "imported", "verified",  "disputed"};
};

template <>
struct EnumNames<FrameState> {
    static constexpr std::array<std::string_view, 8> names{"unlabelled", "proposed", "accepted", "corrected",
                                                           "drawn",      "imported", "verified", "disputed"};
};

template <>
struct Table<Layer> {
    static constexpr std::string_view name = "layer";
    static constexpr auto fields = std::tuple{field("id", &Layer::id), field("name", &Layer::name),
                                              field("kind", &Layer::kind), field("author", &Layer::author)};
};
template <>
struct Table<Segment> {
    static constexpr std::string_view name = "segment";
    static constexpr auto fields = std::tuple{field("id", &Segment::id),
                                              field("layer", &Segment::layer),
                                              field("clip", &Segment::clip),
                                              field("track", &Segment::track),
                                              field("performer", &Segment::performer),
                                              field("begin_frame", &Segment::begin_frame),
                                              field("end_frame", &Segment::end_frame),
                                              field("label", &Segment::label),
                                              field("state", &Segment::state),
                                              field("author", &Segment::author),
                                              field("proposal", &Segment::proposal),
                                              field("model", &Segment::model),
                                              field("edit", &Segment::edit),
                                              field("time", &Segment::time)};
};
template <>
struct Table<KeyPose> {
    static constexpr std::string_view name = "key_pose";
    static constexpr auto fields = std::tuple{field("id", &KeyPose::id),
                                              field("layer", &KeyPose::layer),
                                              field("clip", &KeyPose::clip),
                                              field("track", &KeyPose::track),
                                              field("performer", &KeyPose::performer),
                                              field("frame", &KeyPose::frame),
                                              field("label", &KeyPose::label),
                                              field("state", &KeyPose::state),
                                              field("author", &KeyPose::author),
                                              field("edit", &KeyPose::edit),
                                              field("time", &KeyPose::time)};
};
template <>
struct Table<Comment> {
    static constexpr std::string_view name = "comment";
    static constexpr auto fields = std::tuple{field("id", &Comment::id),
                                              field("clip", &Comment::clip),
                                              field("begin_frame", &Comment::begin_frame),
                                              field("end_frame", &Comment::end_frame),
                                              field("author", &Comment::author),
                                              field("text", &Comment::text),
                                              field("resolved", &Comment::resolved),
                                              field("edit", &Comment::edit),
                                              field("time", &Comment::time)};
};

template <>
struct Table<Rejection> {
    static constexpr std::string_view name = "rejection";
    static constexpr auto fields = std::tuple{field("id", &Rejection::id),
                                              field("clip", &Rejection::clip),
                                              field("track", &Rejection::track),
                                              field("performer", &Rejection::performer),
                                              field("begin_frame", &Rejection::begin_frame),
                                              field("end_frame", &Rejection::end_frame),
                                              field("label", &Rejection::label),
                                              field("proposal", &Rejection::proposal),
                                              field("author", &Rejection::author),
                                              field("edit", &Rejection::edit),
                                              field("time", &Rejection::time)};
};

}  // namespace schemas
