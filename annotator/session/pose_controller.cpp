#include "annotator/session/pose_controller.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "annotator/document/corrections.h"
#include "annotator/document/pose_commands.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::PointState;

constexpr float nudge_pixels = 1, nudge_metres = 0.005F;

bool is_in_pixels(const schemas::SkeletonSequence& motion) { return motion.space == schemas::CoordinateSpace::pixels; }

}  // namespace

// --- what is corrected -------------------------------------------------------------------------------------------

bool PoseController::tick() {
    if (model_.media == seen_media_ && model_.revision == seen_revision_) return false;
    EditorState& state = model_.state;
    const auto previewed = state.pose_preview ? corrected_.motion(state.pose_preview->patch.stream) : nullptr;
    bool changed = false;
    if (auto updated = model_.media ? corrected_.updated(*model_.media, model_.document()) : nullptr) {
        model_.media = std::move(updated);
        changed = true;
    }
    seen_media_ = model_.media;
    seen_revision_ = model_.revision;
    if (!model_.media) corrected_ = {};
    if (state.joints.stream && !active(*state.joints.stream)) state.joints = {};
    // What is on offer was computed from motion that is not there any more.
    if (state.pose_preview && corrected_.motion(state.pose_preview->patch.stream) != previewed)
        state.pose_preview.reset();
    return changed;
}

std::optional<PoseController::Active> PoseController::active(schemas::StreamId stream) const {
    if (!model_.media) return std::nullopt;
    for (const ClipMedia::Skeleton& skeleton : model_.media->skeletons)
        if (skeleton.stream == stream)
            if (auto motion = corrected_.motion(stream)) return Active{skeleton, std::move(motion)};
    return std::nullopt;
}

std::optional<PoseController::Active> PoseController::active() const {
    if (model_.state.joints.stream) return active(*model_.state.joints.stream);
    // Models learn from the one in metres, and it is shown over pictures too.
    std::optional<Active> best;
    for (std::size_t i = 0; model_.media && i < model_.media->skeletons.size(); ++i) {
        const auto found = active(model_.media->skeletons[i].stream);
        if (found && (!best || (is_in_pixels(*best->motion) && !is_in_pixels(*found->motion)))) best.emplace(*found);
    }
    return best;
}

std::optional<PoseController::Active> PoseController::require_active() {
    tick();
    auto found = active();
    if (!found) advise("This clip has no key-points that are loaded; open one with a skeleton.");
    return found;
}

std::optional<PoseController::Active> PoseController::require_joints() {
    auto found = require_active();
    if (!found || !joints().empty()) return found;
    advise("No joint is selected; click one, or press Tab.");
    return std::nullopt;
}

std::optional<FrameSpan> PoseController::chosen_span() const {
    const EditorState& state = model_.state;
    if (state.mark_in && state.mark_out && *state.mark_in < *state.mark_out)
        return FrameSpan{*state.mark_in, *state.mark_out};
    if (const auto id = state.selection.segment())
        if (const auto* segment = model_.document().find<schemas::Segment>(*id)) return segment->span();
    return std::nullopt;
}

std::optional<FrameSpan> PoseController::own_span(const Active& active, FrameSpan span) {
    std::optional<FrameSpan> own;
    const auto& frames = active.skeleton.stream_frames;
    for (FrameIndex i = std::max<FrameIndex>(0, span.begin); i < std::min(span.end, std::ssize(frames)); ++i) {
        const FrameIndex frame = frames[static_cast<std::size_t>(i)];
        if (frame < 0) continue;
        own = own ? FrameSpan{std::min(own->begin, frame), std::max(own->end, frame + 1)} : FrameSpan{frame, frame + 1};
    }
    if (!own) advise(active.skeleton.name + ": has no frame here.");
    return own;
}

std::optional<FrameSpan> PoseController::chosen_or_shown(const Active& active) {
    return own_span(active, chosen_span().value_or(FrameSpan{model_.frame, model_.frame + 1}));
}

std::optional<FrameIndex> PoseController::own_frame(const Active& active, FrameIndex frame) {
    const auto own = own_span(active, {frame, frame + 1});
    return own ? std::optional(own->begin) : std::nullopt;
}

bool PoseController::commit(const PosePatch& patch) {
    const bool done = model_.commit(
        [&](const EditStamp& stamp) { return correct_joints(model_.document(), stamp, patch, model_.session.ids()); });
    tick();
    return done;
}

// --- selecting ---------------------------------------------------------------------------------------------------

void PoseController::handle(const PoseIntent& intent) {
    tick();
    EditorState& state = model_.state;
    if (const auto* one = std::get_if<SelectJoint>(&intent)) {
        select(one->stream, {one->joint}, one->how);
    } else if (const auto* several = std::get_if<SelectJoints>(&intent)) {
        select(several->stream, several->joints, several->how);
    } else if (const auto* to = std::get_if<MoveJoint>(&intent)) {
        move(*to);
    } else if (const auto* dragged = std::get_if<DragJoint>(&intent)) {
        drag(dragged->to);
    } else if (const auto* trust = std::get_if<SetSmoothingTrust>(&intent)) {
        state.smoothing_trust = std::clamp(trust->trust, 0.0F, 1.0F);
        if (smoothing_ && state.pose_preview) offer_smoothing();
    } else if (std::holds_alternative<ApplyPosePreview>(intent)) {
        apply_preview();
    } else {
        state.pose_preview.reset();
    }
}

void PoseController::select(schemas::StreamId stream, const std::vector<int>& joints, SelectHow how) {
    const auto found = active(stream);
    if (!found) return;
    JointSelection& selection = model_.state.joints;
    if (how == SelectHow::replace || selection.stream != stream) selection = {stream, {}};
    for (const int joint : joints) {
        if (joint < 0 || joint >= static_cast<int>(found->motion->joints())) continue;
        const auto place = std::ranges::lower_bound(selection.joints, joint);
        const bool there = place != selection.joints.end() && *place == joint;
        if (!there)
            selection.joints.insert(place, joint);
        else if (how == SelectHow::toggle)
            selection.joints.erase(place);
    }
}

void PoseController::step_joint(int by) {
    const auto found = require_active();
    if (!found) return;
    const int count = static_cast<int>(found->motion->joints());
    const int last = joints().empty() ? (by > 0 ? -1 : count) : (by > 0 ? joints().back() : joints().front());
    model_.state.joints = {found->skeleton.stream, {(last + by + count) % count}};
}

void PoseController::select_all() {
    const auto found = require_active();
    if (!found) return;
    std::vector<int> all(found->motion->joints());
    for (std::size_t joint = 0; joint < all.size(); ++joint) all[joint] = static_cast<int>(joint);
    model_.state.joints = {found->skeleton.stream, std::move(all)};
}

void PoseController::toggle_editing() {
    model_.state.editing_key_points = !model_.state.editing_key_points;
    model_.state.joints = {};
    model_.state.pose_preview.reset();
}

// --- keys --------------------------------------------------------------------------------------------------------

bool PoseController::perform(Action action) {
    if (action == Action::edit_key_points)
        toggle_editing();
    else if (info_of(action).group == ActionGroup::key_points) {
        model_.state.editing_key_points = true;
        return perform_on_joints(action);
    } else
        return model_.state.editing_key_points && perform_while_editing(action);
    return true;
}

bool PoseController::perform_while_editing(Action action) {
    EditorState& state = model_.state;
    switch (action) {
        case Action::make_segment:
            if (!state.pose_preview) return false;
            apply_preview();
            return true;
        case Action::clear_selection:
            if (!state.pose_preview && state.joints.joints.empty()) return false;
            if (!std::exchange(state.pose_preview, std::nullopt)) state.joints = {};
            return true;
        case Action::next_line:
            step_joint(1);
            return true;
        case Action::previous_line:
            step_joint(-1);
            return true;
        case Action::select_all:
            select_all();
            return true;
        case Action::remove:
            if (state.joints.joints.empty()) return false;
            reset();
            return true;
        default:
            return false;
    }
}

bool PoseController::perform_on_joints(Action action) {
    using Self = PoseController;
    static const std::map<Action, std::function<void(Self&)>> does{
        {Action::next_joint, [](Self& self) { self.step_joint(1); }},
        {Action::previous_joint, [](Self& self) { self.step_joint(-1); }},
        {Action::mark_occluded, [](Self& self) { self.toggle_occluded(); }},
        {Action::interpolate_gap, [](Self& self) { self.interpolate(); }},
        {Action::lock_bones,
         [](Self& self) {
             Bones& bones = self.model_.state.bones;
             bones = bones == Bones::free ? Bones::keep_lengths : Bones::free;
         }},
        {Action::smooth_key_points, [](Self& self) { self.smooth(); }},
        {Action::reset_joint, [](Self& self) { self.reset(); }},
        {Action::settle_bones, [](Self& self) { self.settle_bones(); }},
        {Action::swap_sides, [](Self& self) { self.swap_sides(); }},
        {Action::copy_pose_forward, [](Self& self) { self.copy_forward(); }},
        {Action::nudge_joint_left,
         [](Self& self) {
             self.nudge({-1, 0, 0});
         }},
        {Action::nudge_joint_right,
         [](Self& self) {
             self.nudge({1, 0, 0});
         }},
        {Action::nudge_joint_up,
         [](Self& self) {
             self.nudge({0, 1, 0});
         }},
        {Action::nudge_joint_down,
         [](Self& self) {
             self.nudge({0, -1, 0});
         }},
        {Action::nudge_joint_nearer,
         [](Self& self) {
             self.nudge({0, 0, -1});
         }},
        {Action::nudge_joint_farther,
         [](Self& self) {
             self.nudge({0, 0, 1});
         }},
    };
    const auto found = does.find(action);
    if (found == does.end()) return false;
    found->second(*this);
    return true;
}

// --- tools -------------------------------------------------------------------------------------------------------

std::optional<PosePatch> PoseController::patch_of(const MoveJoint& to) {
    const auto found = active(to.stream);
    if (!found) {
        advise("The skeleton of that joint is gone.");
        return std::nullopt;
    }
    const auto frame = own_frame(*found, to.frame);
    if (!frame) return std::nullopt;
    const bool all = model_.state.joints.contains(to.stream, to.joint);
    return moved_joint(found->of(), *frame, to.joint, {to.x, to.y, to.z}, all ? joints() : std::vector<int>{},
                       model_.state.bones);
}

void PoseController::move(const MoveJoint& to) {
    model_.state.pose_preview.reset();
    if (const auto patch = patch_of(to)) commit(*patch);
}

void PoseController::drag(const MoveJoint& to) {
    smoothing_.reset();
    if (auto patch = patch_of(to)) model_.state.pose_preview = PosePreview{PosePreview::Kind::drag, std::move(*patch)};
}

void PoseController::nudge(const Eigen::Vector3f& steps) {
    const auto found = require_joints();
    if (!found) return;
    const auto frame = own_frame(*found, model_.frame);
    if (!frame) return;
    const bool pixels = is_in_pixels(*found->motion);
    const float step = pixels ? nudge_pixels : nudge_metres;
    // Rows of a picture are counted downwards, and its pixels have no depth to speak of.
    const Eigen::Vector3f way = pixels ? Eigen::Vector3f(steps.x(), -steps.y(), 0) : steps;
    if (way.isZero()) return;
    const int joint = joints().front();
    const Eigen::Vector3f to = found->motion->at(*frame, static_cast<std::size_t>(joint)) + step * way;
    commit(moved_joint(found->of(), *frame, joint, to, joints(), model_.state.bones));
}

void PoseController::toggle_occluded() {
    const auto found = require_joints();
    const auto span = found ? chosen_or_shown(*found) : std::nullopt;
    if (!span) return;
    const bool all_are = std::ranges::all_of(joints(), [&](int joint) {
        return std::ranges::all_of(point_states(model_.document(), found->skeleton.stream, joint, *span),
                                   [](PointState state) { return state == PointState::occluded; });
    });
    commit(marked_joints(found->of(), *span, joints(), all_are ? PointState::seen : PointState::occluded));
}

void PoseController::interpolate() {
    const auto found = require_joints();
    if (!found) return;
    if (const auto chosen = chosen_span()) {
        if (const auto gap = own_span(*found, *chosen))
            commit(interpolated_joints(found->of(), *gap, joints(), model_.state.bones));
        return;
    }
    const auto frame = own_frame(*found, model_.frame);
    if (!frame) return;
    PosePatch patch{
        found->skeleton.stream, "Interpolate " + joints_text(*found->motion->layout, joints()) + " over a gap", {}};
    for (const int joint : joints())
        if (const auto gap = gap_around(*found->motion, *frame, joint))
            std::ranges::move(interpolated_joints(found->of(), *gap, {joint}, model_.state.bones).runs,
                              std::back_inserter(patch.runs));
    if (patch.runs.empty())
        advise("The selected joints were seen here. Mark the frames to interpolate over with I and O.");
    else
        commit(patch);
}

void PoseController::reset() {
    const auto found = require_joints();
    const auto span = found ? chosen_or_shown(*found) : std::nullopt;
    if (!span) return;
    const schemas::StreamId stream = found->skeleton.stream;
    model_.commit([&](const EditStamp& stamp) {
        return reset_joints(model_.document(), stamp, stream, *span, joints(), model_.session.ids());
    });
    tick();
}

void PoseController::settle_bones() {
    const auto found = require_active();
    const auto span = found ? chosen_or_shown(*found) : std::nullopt;
    if (span) commit(annotator::settled_bones(found->of(), *span));
}

void PoseController::swap_sides() {
    const auto found = require_active();
    const auto span = found ? chosen_or_shown(*found) : std::nullopt;
    if (span) commit(swapped_sides(found->of(), model_.document(), *span, joints()));
}

void PoseController::copy_forward() {
    const auto found = require_active();
    const auto frame = found ? own_frame(*found, model_.frame) : std::nullopt;
    if (!frame) return;
    // The skeleton may have more frames than the reference, or fewer.
    const auto& own = found->skeleton.stream_frames;
    const auto next =
        std::find_if(own.begin() + model_.frame + 1, own.end(), [&](FrameIndex other) { return other > *frame; });
    if (next == own.end()) return advise(found->skeleton.name + ": has no frame behind this one.");
    const FrameIndex shown_next = next - own.begin();
    if (commit(pose_copied_forward(found->of(), model_.document(), *frame, *next, joints())))
        model_.outbox.send(Seek{shown_next});
}

void PoseController::apply_preview() {
    const auto preview = std::exchange(model_.state.pose_preview, std::nullopt);
    smoothing_.reset();
    if (preview) commit(preview->patch);
}

}  // namespace annotator
