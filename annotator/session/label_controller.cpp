#include "annotator/session/label_controller.h"

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/label_lines.h"

namespace annotator {

namespace {

using schemas::LayerId;
using schemas::RowChange;
using schemas::Segment;

schemas::Layer fresh_layer(const Document& document, LayerId id, const std::string& author) {
    // A layer of another kind may have the name already.
    std::string name = author;
    for (int n = 2; layer_named(document, name) != nullptr; ++n) name = author + " " + std::to_string(n);
    return {id, std::move(name), schemas::LayerKind::person, author};
}

bool uses_layer(const schemas::Change& change, LayerId layer) {
    return std::visit(
        [&]<class Row>(const RowChange<Row>& row) {
            if constexpr (requires { row.after->layer; })
                return row.after && row.after->layer == layer;
            else
                return false;
        },
        change);
}

}  // namespace

void LabelController::handle(const LabelIntent& intent) {
    std::visit([this](const auto& wanted) { on(wanted); }, intent);
}

LabelController::Outcome LabelController::edit(const Build& build) {
    const LayerId known = own();
    const LayerId layer = known != LayerId{} ? known : model_.session.ids().fresh<LayerId>();
    const std::uint64_t before = model_.revision;
    Edit done;
    const bool committed = model_.commit([&](const EditStamp& stamp) {
        Edit wanted = build(stamp, layer);
        const bool makes_layer = known == LayerId{} && std::ranges::any_of(wanted.changes, [&](const auto& change) {
                                     return uses_layer(change, layer);
                                 });
        if (makes_layer)
            wanted.changes.insert(wanted.changes.begin(),
                                  RowChange<schemas::Layer>{std::nullopt, fresh_layer(model_.document(), layer,
                                                                                      model_.session.author().name)});
        return done = std::move(wanted);
    });
    Outcome outcome;
    if (!committed || model_.revision == before) return outcome;
    outcome.changed = true;
    for (const schemas::Change& change : done.changes) {
        if (const auto* segment = std::get_if<RowChange<Segment>>(&change); segment && !segment->before)
            outcome.made.push_back(segment->after->id);
        if (const auto* pose = std::get_if<RowChange<schemas::KeyPose>>(&change); pose && !pose->before)
            outcome.poses.push_back(pose->after->id);
    }
    note_moved(done);
    follow();
    return outcome;
}

void LabelController::note_moved(const Edit& edit) {
    for (const schemas::Change& change : edit.changes) {
        const auto* row = std::get_if<RowChange<Segment>>(&change);
        if (row == nullptr) continue;
        const schemas::SegmentId id = row->before ? row->before->id : row->after->id;
        const bool is_there = model_.document().find<Segment>(id) != nullptr;
        if (!is_there) {
            model_.moved.erase(id);
            model_.state.suggestions.erase(id);
        } else if (row->after && (row->before ? row->before->span() != row->after->span()
                                              : row->after->state != schemas::LabelState::accepted)) {
            model_.moved.insert(id);
            model_.state.suggestions.erase(id);
        }
    }
}

void LabelController::follow() {
    EditorState& state = model_.state;
    if (followed_revision_ == model_.revision && followed_clip_ == state.clip &&
        (state.line.has_value() || !state.clip))
        return;
    const bool other_clip = followed_clip_ != state.clip;
    followed_revision_ = model_.revision;
    followed_clip_ = state.clip;
    const Document& document = model_.document();
    if (model_.clip() == nullptr) {
        state.line.reset();
        state.selection = {};
        state.mark_in = state.mark_out = std::nullopt;
        return;
    }
    if (other_clip) {
        state.mark_in = state.mark_out = std::nullopt;
        state.range = {0, 0, state.range.points};
    }
    const auto is_here = [&](const auto* row) { return row != nullptr && row->clip == *state.clip; };
    std::erase_if(state.selection.segments,
                  [&](schemas::SegmentId id) { return !is_here(document.find<Segment>(id)); });
    if (auto& pose = state.selection.key_pose; pose && !is_here(document.find<schemas::KeyPose>(*pose))) pose.reset();
    if (auto& comment = state.selection.comment; comment && !is_here(document.find<schemas::Comment>(*comment)))
        comment.reset();
    if (auto& proposal = state.selection.proposal; proposal && model_.proposal(*proposal) == nullptr) proposal.reset();
    if (state.last_label && document.find<schemas::Label>(*state.last_label) == nullptr) state.last_label.reset();

    const std::vector<Line> all = lines();
    const auto same_place = [&](const Line& line) {
        return state.line && line.track == state.line->track && line.performer == state.line->performer;
    };
    const auto same_track = [&](const Line& line) { return state.line && line.track == state.line->track; };
    auto chosen = std::ranges::find_if(all, same_place);
    if (chosen == all.end()) chosen = std::ranges::find_if(all, same_track);
    if (chosen == all.end()) chosen = all.begin();
    state.line = chosen == all.end() ? std::nullopt : std::optional(*chosen);
}

std::vector<Line> LabelController::lines() const {
    return model_.state.clip ? lines_to_label(model_.document(), *model_.state.clip, own()) : std::vector<Line>{};
}

const Line* LabelController::line() {
    if (model_.state.line) return &*model_.state.line;
    say(model_.state.clip ? "The project has no track to label on; add one first." : "Open a clip first.");
    return nullptr;
}

LayerId LabelController::own() const {
    return own_layer(model_.document(), model_.session.author().name).value_or(LayerId{});
}

schemas::FrameSpan LabelController::clip_span() const {
    const schemas::Clip* clip = model_.clip();
    return clip != nullptr ? clip->span() : schemas::FrameSpan{};
}

void LabelController::go_to(schemas::FrameIndex frame) {
    const schemas::FrameSpan span = clip_span();
    model_.outbox.send(Seek{std::clamp(frame, span.begin, std::max(span.begin, span.end - 1))});
}

void LabelController::say(std::string text) { model_.say(Notice::Severity::info, std::move(text)); }

}  // namespace annotator
