#include "annotator/views/timeline_hover.h"

#include <cctype>

#include "annotator/views/inspector_parts.h"
#include "annotator/widgets/clock_text.h"
#include "annotator/widgets/page.h"
#include "schemas/row.h"

namespace annotator {

namespace {

std::string name_of(const Document& document, schemas::LabelId label) {
    const auto* found = document.find<schemas::Label>(label);
    return found != nullptr ? found->name : "?";
}

std::string seconds_text(const EditorModel& model, schemas::FrameIndex frame) {
    const ClipMedia* media = model.media.get();
    if (media == nullptr || media->clip != model.state.clip || frame >= media->times.frames()) return "";
    return clock_text(media->times.seconds[static_cast<std::size_t>(frame)]);
}

std::string frames_text(const EditorModel& model, schemas::FrameSpan span) {
    const auto frames = span.length();
    std::string text = "Frames " + std::to_string(span.begin) + " to " + std::to_string(span.end - 1) + " (" +
                       std::to_string(frames) + (frames == 1 ? " frame" : " frames") + ")";
    if (const std::string at = seconds_text(model, span.begin); !at.empty()) text += ", from " + at;
    return text;
}

std::string origin_of(const EditorModel& model, const schemas::Segment& segment) {
    std::string text = "From a proposal";
    if (const auto* proposal = segment.proposal ? model.proposal(*segment.proposal) : nullptr;
        proposal != nullptr && !proposal->top.empty())
        text += " of '" + name_of(model.document(), proposal->top.front().label) + "' (" +
                percent_text(proposal->top.front().score) + ")";
    if (segment.model) text += " by " + model_name(model, *segment.model);
    return text;
}

}  // namespace

std::vector<std::string> facts_of(const EditorModel& model, const schemas::Segment& segment) {
    const Document& document = model.document();
    std::vector<std::string> lines{name_of(document, segment.label), frames_text(model, segment.span())};
    std::string state(schemas::EnumNames<schemas::LabelState>::names[static_cast<std::size_t>(segment.state)]);
    state.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(state.front())));
    lines.push_back(state + " by " + segment.author + ", " + date_text(segment.time));
    if (segment.proposal || segment.model) lines.push_back(origin_of(model, segment));
    const auto* layer = document.find<schemas::Layer>(segment.layer);
    if (layer != nullptr && layer->name != segment.author) lines.push_back("Layer '" + layer->name + "'");
    return lines;
}

std::vector<std::string> facts_of(const EditorModel& model, const schemas::Proposal& proposal) {
    std::vector<std::string> lines{"Proposed by " + model_name(model, proposal.model),
                                   frames_text(model, proposal.span())};
    for (const schemas::LabelScore& each : proposal.top)
        lines.push_back(percent_text(each.score) + "  " + name_of(model.document(), each.label));
    return lines;
}

std::vector<std::string> facts_of(const EditorModel& model, const schemas::KeyPose& pose) {
    const std::string at = seconds_text(model, pose.frame);
    return {name_of(model.document(), pose.label),
            "Key pose at frame " + std::to_string(pose.frame) + (at.empty() ? "" : ", " + at),
            pose.author + ", " + date_text(pose.time)};
}

std::vector<std::string> facts_of(const EditorModel& model, const schemas::Comment& comment) {
    return {comment.text, frames_text(model, {comment.begin_frame, comment.end_frame}),
            comment.author + ", " + date_text(comment.time) + (comment.resolved ? ", resolved" : "")};
}

}  // namespace annotator
