#include "annotator/workflows/script_command.h"

#include <limits>

#include "annotator/document/taxonomy_commands.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::FrameIndex;
using schemas::Proposal;
using schemas::Segment;

// JSON numbers may have a fraction or be larger than any frame; neither is rounded to one.
FrameIndex frame_from(const json& value, const char* key) {
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() &&
         value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<FrameIndex>::max() - 1)))
        throw EditConflict(std::string("'") + key + "' is no frame number: " + value.dump());
    return value.get<FrameIndex>();
}

}  // namespace

const json& ScriptCommand::operator[](const char* key) const {
    const auto found = arguments_.find(key);
    if (found == arguments_.end()) throw EditConflict(std::string("it needs '") + key + "'");
    return *found;
}

bool ScriptCommand::has(const char* key) const { return arguments_.contains(key) && !arguments_.at(key).is_null(); }

std::string ScriptCommand::text(const char* key) const {
    if (!(*this)[key].is_string()) throw EditConflict(std::string("'") + key + "' is no text");
    return (*this)[key].get<std::string>();
}

FrameIndex ScriptCommand::frame(const char* key) const { return frame_from((*this)[key], key); }

double ScriptCommand::number(const char* key) const {
    if (!(*this)[key].is_number()) throw EditConflict(std::string("'") + key + "' is no number");
    return (*this)[key].get<double>();
}

const schemas::Clip& ScriptCommand::clip() const {
    const std::string name = text("clip");
    if (const auto* found = clip_named(document_, name)) return *found;
    throw EditConflict("there is no clip '" + name + "'");
}

const schemas::Track& ScriptCommand::track() const {
    const std::string name = has("track") ? text("track") : "category";
    if (const auto* found = track_named(document_, name)) return *found;
    throw EditConflict("there is no track '" + name + "'");
}

std::optional<schemas::PerformerId> ScriptCommand::performer() const {
    if (!has("performer")) return std::nullopt;
    if (const auto* found = performer_named(document_, text("performer"))) return found->id;
    throw EditConflict("there is no performer '" + text("performer") + "'");
}

schemas::LabelId ScriptCommand::label(const char* key) const {
    if (const auto* found = label_named(document_, track().id, text(key))) return found->id;
    throw EditConflict("track '" + track().name + "' has no label '" + text(key) +
                       "'; add it first with {\"do\": \"add_label\"}");
}

schemas::LabelId ScriptCommand::label_in_use() const {
    const auto& row = document_.at<schemas::Label>(label());
    if (row.merged_into)
        throw EditConflict("label '" + row.name + "' was merged into '" +
                           document_.at<schemas::Label>(*row.merged_into).name + "'; use that one");
    if (row.deprecated) throw EditConflict("label '" + row.name + "' is deprecated; use another one");
    return row.id;
}

void ScriptCommand::require_track(TrackHolds wanted) const {
    const bool key_poses = track().kind == schemas::TrackKind::key_pose;
    if (key_poses != (wanted == TrackHolds::key_poses))
        throw EditConflict("track '" + track().name + "' holds " + (key_poses ? "key poses" : "spans") + "; use " +
                           (key_poses ? "'key_pose'" : "'draw'") + " or name another track");
}

schemas::FrameSpan ScriptCommand::span() const {
    if (!has("span")) return clip().span();
    const json& pair = (*this)["span"];
    if (!pair.is_array() || pair.size() != 2) throw EditConflict("'span' is not [first frame, frame after the last]");
    return {frame_from(pair.at(0), "span"), frame_from(pair.at(1), "span")};
}

Line ScriptCommand::line() const { return {clip().id, layer(), track().id, performer()}; }

schemas::SegmentId ScriptCommand::segment() const {
    const FrameIndex frame_wanted = has("frame") ? frame("frame") : clip().begin_frame;
    for (const schemas::SegmentId id : document_.segments(line()))
        if (document_.at<Segment>(id).span().contains(frame_wanted)) return id;
    throw EditConflict(clip().name + ": frame " + std::to_string(frame_wanted) + " has no label on track '" +
                       track().name + "'");
}

std::vector<Proposal> ScriptCommand::proposals() const {
    std::vector<Proposal> found;
    for (Proposal& proposal : session_.store().proposals()) {
        if (proposal.track != track().id || (has("clip") && proposal.clip != clip().id)) continue;
        if (has("frame") && !proposal.span().contains(frame("frame"))) continue;
        if (has("above") && (proposal.top.empty() || proposal.top.front().score < number("above"))) continue;
        found.push_back(std::move(proposal));
    }
    if (found.empty()) throw EditConflict("there is no such proposal");
    return found;
}

schemas::LayerId ScriptCommand::layer() const {
    const std::string name = has("layer") ? text("layer") : session_.author().name;
    if (const auto* found = layer_named(document_, name)) return found->id;
    throw EditConflict("there is no layer '" + name + "'");
}

Edge ScriptCommand::edge() const {
    const std::string name = text("edge");
    if (name != "begin" && name != "end") throw EditConflict("an edge is 'begin' or 'end', not '" + name + "'");
    return name == "begin" ? Edge::begin : Edge::end;
}

}  // namespace annotator
