#include "annotator/workflows/pose_script.h"

#include <algorithm>
#include <limits>

#include "annotator/document/pose_commands.h"
#include "annotator/document/pose_tools.h"
#include "annotator/document/queries.h"
#include "annotator/document/stream_commands.h"
#include "annotator/workflows/motion_source.h"
#include "inference/pose_smoothing.h"
#include "schemas/alignment.h"

namespace annotator {

namespace {

using nlohmann::json;
using schemas::Edit;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::Stream;

// The skeleton that a command speaks of.
class Skeleton {
public:
    explicit Skeleton(const ScriptCommand& command)
        : command_(command), stream_(stream_of(command)), motion_(read(command, stream_)) {
        storage::ProjectStore& store = command.session().store();
        const Stream& reference = *reference_stream(command.document(), stream_.take);
        frames_ = schemas::aligned_frames(store.frame_times(reference), store.frame_times(stream_), stream_.clock());
    }

    [[nodiscard]] StreamMotion of() const { return {stream_.id, motion_}; }
    [[nodiscard]] const Stream& stream() const { return stream_; }

    // Frames of the reference in the stream's own.
    [[nodiscard]] FrameSpan own(FrameSpan span) const {
        FrameSpan own{std::numeric_limits<FrameIndex>::max(), 0};
        if (!schemas::is_valid(span) || span.end > std::ssize(frames_))
            throw EditConflict("frames [" + std::to_string(span.begin) + ", " + std::to_string(span.end) +
                               ") do not lie in the take, which has " + std::to_string(frames_.size()) + " frames");
        for (FrameIndex i = span.begin; i < span.end; ++i) {
            const FrameIndex frame = frames_[static_cast<std::size_t>(i)];
            if (frame < 0) continue;
            own = {std::min(own.begin, frame), std::max(own.end, frame + 1)};
        }
        if (own.end == 0) throw EditConflict(stream_.path + ": shows none of these frames");
        return own;
    }
    // `frame`, else `span`, else the clip.
    [[nodiscard]] FrameSpan span() const {
        if (!command_.has("frame")) return own(command_.span());
        const FrameIndex frame = command_.frame("frame");
        return own({frame, frame + 1});
    }

    [[nodiscard]] int joint_called(const std::string& name) const {
        if (const auto joint = motion_.layout->joint_named(name)) return *joint;
        std::string known;
        for (const std::string& joint : motion_.layout->joints) known += (known.empty() ? "" : ", ") + joint;
        throw EditConflict("there is no joint '" + name + "'; there are " + known);
    }
    // `joint`, or `joints`; none where neither is given.
    [[nodiscard]] std::vector<int> joints() const {
        std::vector<int> found;
        if (command_.has("joint")) found.push_back(joint_called(command_.text("joint")));
        if (!command_.has("joints")) return found;
        const json& names = command_["joints"];
        if (!names.is_array()) throw EditConflict("'joints' is no list of names");
        for (const json& name : names) {
            if (!name.is_string()) throw EditConflict("'joints' is no list of names");
            found.push_back(joint_called(name.get<std::string>()));
        }
        return found;
    }
    [[nodiscard]] std::vector<int> require_joints() const {
        auto found = joints();
        if (found.empty()) throw EditConflict("it needs 'joint' or 'joints'");
        return found;
    }

private:
    static const Stream& stream_of(const ScriptCommand& command) {
        const Document& document = command.document();
        const schemas::TakeId take = command.clip().take;
        if (command.has("stream")) return stream_called(document, take, command.text("stream"));
        const auto performer = command.performer();
        std::vector<const Stream*> found;
        for (const schemas::StreamId id : document.streams(take)) {
            const auto& stream = document.at<Stream>(id);
            if (stream.kind == schemas::StreamKind::skeleton && (!performer || stream.performer == performer))
                found.push_back(&stream);
        }
        if (found.size() == 1) return *found.front();
        throw EditConflict(command.clip().name + ": has " + (found.empty() ? "no skeleton" : "several skeletons") +
                           (found.empty() ? "" : "; name one with 'stream'"));
    }
    static schemas::SkeletonSequence read(const ScriptCommand& command, const Stream& stream) {
        if (stream.kind != schemas::StreamKind::skeleton)
            throw EditConflict(stream.path + ": only skeletons have key-points to correct");
        try {
            return stream_motion(command.session(), stream);
        } catch (const storage::ReadError& error) {
            throw EditConflict(error.what());
        }
    }

    const ScriptCommand& command_;
    const Stream& stream_;
    schemas::SkeletonSequence motion_;
    std::vector<FrameIndex> frames_;
};

Bones bones_of(const ScriptCommand& command) {
    if (!command.has("bones")) return Bones::free;
    const std::string name = command.text("bones");
    if (name != "free" && name != "keep") throw EditConflict("'bones' is 'free' or 'keep', not '" + name + "'");
    return name == "keep" ? Bones::keep_lengths : Bones::free;
}

// Two numbers leave the third as it was.
Eigen::Vector3f position_of(const ScriptCommand& command, const Eigen::Vector3f& before) {
    const json& list = command["position"];
    const bool is_position = list.is_array() && (list.size() == 2 || list.size() == 3) &&
                             std::ranges::all_of(list, [](const json& each) { return each.is_number(); });
    if (!is_position) throw EditConflict("'position' is not [x, y, z] in metres, or [x, y] in pixels");
    return {list.at(0).get<float>(), list.at(1).get<float>(), list.size() == 3 ? list.at(2).get<float>() : before.z()};
}

Edit corrected(const ScriptCommand& command, const EditStamp& stamp, const PosePatch& patch) {
    return correct_joints(command.document(), stamp, patch, command.ids());
}

}  // namespace

Edit move_joint_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    (void)command["frame"];
    const int joint = skeleton.joint_called(command.text("joint"));
    const FrameIndex frame = skeleton.span().begin;
    const auto before = skeleton.of().motion.at(frame, static_cast<std::size_t>(joint));
    return corrected(command, stamp,
                     moved_joint(skeleton.of(), frame, joint, position_of(command, before), {}, bones_of(command)));
}

Edit occlude_joint_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    const std::string name = command.has("state") ? command.text("state") : "occluded";
    const auto state = schemas::enum_from<schemas::PointState>(name);
    if (!state) throw EditConflict("'state' is 'occluded' or 'seen', not '" + name + "'");
    return corrected(command, stamp, marked_joints(skeleton.of(), skeleton.span(), skeleton.require_joints(), *state));
}

Edit interpolate_joints_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    return corrected(command, stamp,
                     interpolated_joints(skeleton.of(), skeleton.span(), skeleton.require_joints(), bones_of(command)));
}

Edit smooth_joints_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    inference::SmoothingOptions options;
    if (command.has("trust")) options.most_trust = static_cast<float>(command.number("trust"));
    if (!(options.most_trust >= 0 && options.most_trust <= 1)) throw EditConflict("'trust' lies between 0 and 1");
    const FrameSpan within = skeleton.own(command.clip().span()), span = skeleton.span();
    if (span.begin < within.begin || span.end > within.end)
        throw EditConflict(command.clip().name + ": the frames to smooth do not lie in the clip");
    const auto values = inference::smoothed(skeleton.of().motion, span, within, options);
    return corrected(command, stamp, taken_over(skeleton.of(), "Smooth key-points", values, span, skeleton.joints()));
}

Edit settle_bones_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    return corrected(command, stamp, settled_bones(skeleton.of(), skeleton.span()));
}

Edit swap_sides_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    return corrected(command, stamp,
                     swapped_sides(skeleton.of(), command.document(), skeleton.span(), skeleton.joints()));
}

Edit copy_pose_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    (void)command["frame"];
    const schemas::FrameIndex frame = skeleton.span().begin;
    return corrected(command, stamp,
                     pose_copied_forward(skeleton.of(), command.document(), frame, frame + 1, skeleton.joints()));
}

Edit reset_joints_command(const ScriptCommand& command, const EditStamp& stamp) {
    const Skeleton skeleton(command);
    return reset_joints(command.document(), stamp, skeleton.stream().id, skeleton.span(), skeleton.joints(),
                        command.ids());
}

}  // namespace annotator
