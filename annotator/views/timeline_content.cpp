#include "annotator/views/timeline_content.h"

#include <algorithm>

#include "annotator/session/label_lines.h"

namespace annotator {

namespace {

using schemas::Segment;

TimelineItems items_of_line(const Document& document, const Line& line) {
    std::vector<TimelineItem> items;
    items.reserve(document.segments(line).size());
    document.for_each_segment(line, [&](const Segment& segment) {
        items.push_back({segment.begin_frame, segment.end_frame, static_cast<std::int64_t>(segment.id), segment.label,
                         static_cast<std::uint8_t>(schemas::frame_state_of(segment.state)), 0, 1});
    });
    return TimelineItems(std::move(items));
}

TimelineItems items_of_proposals(std::span<const schemas::Proposal> proposals) {
    std::vector<TimelineItem> items;
    items.reserve(proposals.size());
    for (const schemas::Proposal& proposal : proposals) {
        const bool told = !proposal.top.empty();
        items.push_back({proposal.begin_frame, proposal.end_frame, static_cast<std::int64_t>(proposal.id),
                         told ? proposal.top.front().label : schemas::LabelId{},
                         static_cast<std::uint8_t>(schemas::FrameState::proposed), 0,
                         told ? static_cast<float>(proposal.top.front().score) : 0});
    }
    return TimelineItems(std::move(items), Overlaps::on_top);
}

std::string performer_name(const Document& document, const Line& line) {
    const auto* performer = line.performer ? document.find<schemas::Performer>(*line.performer) : nullptr;
    return performer != nullptr ? performer->name : "";
}

}  // namespace

void TimelineContent::bring_up_to_date(const ViewContext& context) {
    const EditorModel& model = context.model();
    const bool looks_changed =
        scale_ != context.theme.scale || theme_ != context.theme.kind || palette_ != context.theme.palette;
    if (revision_ == model.revision && clip_ == model.state.clip && media_ == model.media && !looks_changed) return;
    if (clip_ != model.state.clip) {
        labels_.clear();
        proposals_.clear();
    }
    revision_ = model.revision;
    clip_ = model.state.clip;
    media_ = model.media;
    scale_ = context.theme.scale;
    theme_ = context.theme.kind;
    palette_ = context.theme.palette;
    has_tracks_ = !model.document().rows<schemas::Track>().empty();
    collect_marks(model);
    make_rows(model);
    make_looks(context);
    keep_items(model);
}

void TimelineContent::make_rows(const EditorModel& model) {
    rows_.clear();
    if (model.clip() == nullptr) return;
    if (const ClipMedia* media = model.media.get(); media != nullptr && media->clip == *clip_) {
        const auto add = [&](RowKind kind, const char* name) { rows_.push_back({kind, {}, name, {}, 0, 0}); };
        if (media->sound && (media->sound->waveform || !media->sound->problem.empty())) add(RowKind::sound, "Sound");
        if (!media->motion_energy.empty()) add(RowKind::motion, "Motion");
        if (!media->boundary_probability.empty()) add(RowKind::probability, "Boundaries");
    }
    add_lines(model);
    if (!comments_.empty()) rows_.push_back({RowKind::comments, {}, "Comments", {}, 0, 0});
    rows_height_ = stack_rows(rows_);
}

void TimelineContent::add_lines(const EditorModel& model) {
    const Document& document = model.document();
    const schemas::LayerId own = own_layer(document, model.session.author().name).value_or(schemas::LayerId{});
    std::vector<Line> others = lines_of_others(document, *clip_, own);
    std::vector<Line> posed;  // key poses of others
    for (const auto& [line, poses] : key_poses_)
        if (line.layer != own && document.at<schemas::Layer>(line.layer).kind != schemas::LayerKind::truth)
            posed.push_back(line);
    const auto add_others_of = [&](auto belongs) {
        for (const Line& other : others)
            if (belongs(other))
                rows_.push_back({RowKind::others, other, document.at<schemas::Track>(other.track).name,
                                 document.at<schemas::Layer>(other.layer).name, 0, 0});
        std::erase_if(others, belongs);
        for (const Line& other : posed)
            if (belongs(other))
                rows_.push_back({RowKind::key_poses, other, document.at<schemas::Track>(other.track).name,
                                 document.at<schemas::Layer>(other.layer).name, 0, 0});
        std::erase_if(posed, belongs);
    };
    for (const Line& line : lines_to_label(document, *clip_, own)) {
        const auto& track = document.at<schemas::Track>(line.track);
        const bool points = track.kind == schemas::TrackKind::key_pose;
        if (!proposals_for(model.proposals(), line).empty())
            rows_.push_back({RowKind::proposals, line, "proposed", performer_name(document, line), 0, 0});
        if (!points || !document.segments(line).empty())
            rows_.push_back({RowKind::labels, line, track.name, performer_name(document, line), 0, 0});
        if (points) rows_.push_back({RowKind::key_poses, line, track.name, performer_name(document, line), 0, 0});
        add_others_of(
            [&](const Line& other) { return other.track == line.track && other.performer == line.performer; });
    }
    add_others_of([](const Line&) { return true; });
}

void TimelineContent::make_looks(const ViewContext& context) {
    looks_.clear();
    ImFont* const font = context.theme.small != nullptr ? context.theme.small : ImGui::GetFont();
    for (const auto& [id, label] : context.document().rows<schemas::Label>()) {
        const float width = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, label.name.c_str()).x;
        looks_[static_cast<std::int64_t>(id)] = {label.name, colour_from(label.colour, context.theme), width};
    }
}

void TimelineContent::collect_marks(const EditorModel& model) {
    key_poses_.clear();
    comments_.clear();
    rejected_.clear();
    if (model.clip() == nullptr) return;
    const Document& document = model.document();
    for (const auto& [id, pose] : document.rows<schemas::KeyPose>())
        if (pose.clip == *clip_) key_poses_[{pose.clip, pose.layer, pose.track, pose.performer}].push_back(&pose);
    for (auto& [line, poses] : key_poses_) std::ranges::sort(poses, {}, &schemas::KeyPose::frame);
    for (const auto& [id, comment] : document.rows<schemas::Comment>())
        if (comment.clip == *clip_) comments_.push_back(&comment);
    std::ranges::sort(comments_, {}, &schemas::Comment::begin_frame);
    for (const auto& [id, rejection] : document.rows<schemas::Rejection>())
        if (rejection.clip == *clip_) rejected_.insert(rejection.proposal);
}

void TimelineContent::keep_items(const EditorModel& model) {
    for (const TimelineRow& row : rows_) {
        const bool proposed = row.kind == RowKind::proposals;
        if (!proposed && row.kind != RowKind::labels && row.kind != RowKind::others) continue;
        const std::uint64_t now = proposed ? model.output_revision : model.revision_of(row.line);
        auto& kept = proposed ? proposals_ : labels_;
        const auto [entry, fresh] = kept.try_emplace(row.line);
        if (!fresh && entry->second.revision == now) continue;
        entry->second = {now, proposed ? items_of_proposals(proposals_for(model.proposals(), row.line))
                                       : items_of_line(model.document(), row.line)};
    }
}

const TimelineItems& TimelineContent::items(const TimelineRow& row) const {
    static const TimelineItems none;
    const auto& kept = row.kind == RowKind::proposals ? proposals_ : labels_;
    const auto found = kept.find(row.line);
    const bool has_items = row.kind == RowKind::proposals || row.kind == RowKind::labels || row.kind == RowKind::others;
    return !has_items || found == kept.end() ? none : found->second.items;
}

const LabelLook& TimelineContent::look(schemas::LabelId label) const {
    static const LabelLook unknown{"?", IM_COL32(128, 128, 128, 255), 8};
    const auto found = looks_.find(static_cast<std::int64_t>(label));
    return found == looks_.end() ? unknown : found->second;
}

const std::vector<const schemas::KeyPose*>& TimelineContent::key_poses(const Line& line) const {
    static const std::vector<const schemas::KeyPose*> none;
    const auto found = key_poses_.find(line);
    return found == key_poses_.end() ? none : found->second;
}

}  // namespace annotator
