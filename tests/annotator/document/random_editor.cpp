#include "tests/annotator/document/random_editor.h"

#include <iterator>

#include "annotator/document/corrections.h"
#include "annotator/document/pose_commands.h"
#include "annotator/document/pose_tools.h"
#include "annotator/document/taxonomy_commands.h"
#include "tests/support/small_motion.h"

namespace tests {

using namespace annotator;
using namespace schemas;

Line RandomEditor::line() {
    Line line{ClipId{pick(1, 2)}, LayerId{pick(1, 2)}, TrackId{pick(1, 2)}, std::nullopt};
    if (pick(0, 2) > 0) line.performer = PerformerId{pick(1, 2)};
    return line;
}

FrameSpan RandomEditor::span() {
    const FrameIndex begin = pick(-2, 99);
    return {begin, begin + pick(0, 30)};
}

template <class Row>
Edit RandomEditor::with_some(const Document& document, auto&& command) {
    const auto& rows = document.rows<Row>();
    if (rows.empty()) throw EditConflict("there is none yet");
    return command(std::next(rows.begin(), pick(0, static_cast<std::int64_t>(rows.size()) - 1))->first);
}

Edit RandomEditor::pose_edit(const Document& document, const EditStamp& stamp) {
    constexpr StreamId stream{9};
    if (!document.find<Stream>(stream)) throw EditConflict("there is no skeleton yet");
    static const SkeletonSequence recorded = [] {
        SkeletonSequence motion = arms_in_motion(100);
        for (FrameIndex frame = 30; frame < 35; ++frame) hide(motion, frame, 2);
        return motion;
    }();
    SkeletonSequence motion = recorded;
    apply_corrections(motion, document, stream);
    const StreamMotion of{stream, motion};
    const auto joint = [&] { return static_cast<int>(pick(-1, 5)); };
    const auto bones = pick(0, 1) == 0 ? Bones::free : Bones::keep_lengths;
    const auto number = [&] { return static_cast<float>(pick(-30, 30)) / 10; };
    const auto correct = [&](const PosePatch& patch) { return correct_joints(document, stamp, patch, ids_); };
    switch (pick(0, 7)) {
        case 0:
            return correct(moved_joint(of, pick(-1, 100), joint(), {number(), number(), number()}, {joint()}, bones));
        case 1:
            return correct(marked_joints(of, span(), {joint(), joint()}, PointState{static_cast<int>(pick(0, 1))}));
        case 2:
            return correct(interpolated_joints(of, span(), {joint()}, bones));
        case 3:
            return correct(settled_bones(of, span()));
        case 4:
            return correct(swapped_sides(of, document, span(), {}));
        case 5:
            return correct(pose_copied_forward(of, document, pick(-1, 50), pick(-1, 100), {}));
        case 6:
            return correct(taken_over(of, "Shift", recorded, span(), {joint()}));
        default:
            return reset_joints(document, stamp, stream, span(), {}, ids_);
    }
}

Edit RandomEditor::next(const Document& document, const EditStamp& stamp) {
    const auto label_on = [&](TrackId track) { return track == TrackId{1} ? LabelId{pick(1, 3)} : LabelId{4}; };
    const auto rule = pick(0, 1) == 0 ? WhereLabelled::refuse : WhereLabelled::overwrite;
    const Edge edge = pick(0, 1) == 0 ? Edge::begin : Edge::end;
    switch (pick(0, 19)) {
        case 0:
            return with_some<Segment>(document, [&](SegmentId id) { return delete_segment(document, id); });
        case 1:
            return with_some<Segment>(
                document, [&](SegmentId id) { return relabel_segment(document, stamp, id, LabelId{pick(1, 4)}); });
        case 2:
            return with_some<Segment>(
                document, [&](SegmentId id) { return roll_boundary(document, stamp, id, edge, pick(0, 100)); });
        case 3:
            return with_some<Segment>(
                document, [&](SegmentId id) { return trim_segment(document, stamp, id, edge, pick(0, 100)); });
        case 4:
            return with_some<Segment>(document, [&](SegmentId id) {
                return split_segment(document, stamp, id, pick(0, 100), ids_.fresh<SegmentId>());
            });
        case 5:
            return with_some<Segment>(document, [&](SegmentId id) { return merge_with_next(document, stamp, id); });
        case 6:
            return with_some<Segment>(document, [&](SegmentId id) {
                return set_state(document, stamp, id, LabelState{static_cast<int>(pick(0, 5))});
            });
        case 7: {
            const Line at = line();
            return add_key_pose(document, stamp, at, pick(0, 110), label_on(at.track), ids_);
        }
        case 8:
            return with_some<KeyPose>(document,
                                      [&](KeyPoseId id) { return move_key_pose(document, stamp, id, pick(0, 110)); });
        case 9:
            return with_some<KeyPose>(document, [&](KeyPoseId id) { return delete_key_pose(document, id); });
        case 10:
            return add_comment(document, stamp, ClipId{pick(1, 3)}, {1, 5}, "schön ✓", ids_);
        case 11:
            return with_some<Comment>(document, [&](CommentId id) { return resolve_comment(document, stamp, id); });
        case 12:
            return rename_label(document, LabelId{pick(1, 4)}, "name " + std::to_string(pick(0, 99)));
        case 13:
        case 14:
        case 15:
        case 16:
            return pose_edit(document, stamp);
        default: {
            const Line at = line();
            return draw_segment(document, stamp, {at, span(), label_on(at.track), LabelState::drawn, {}, {}}, rule,
                                ids_);
        }
    }
}

}  // namespace tests
