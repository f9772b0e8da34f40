#include "annotator/document/pose_commands.h"

#include <algorithm>
#include <map>

#include "annotator/document/corrections.h"

namespace annotator {

namespace {

using schemas::Edit;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::JointCorrection;
using schemas::RowChange;

void sign(JointCorrection& row, const EditStamp& stamp) {
    row.edit = stamp.edit;
    row.time = stamp.time;
}

JointCorrection part_of(const JointCorrection& row, FrameSpan span) {
    JointCorrection part = row;
    part.begin_frame = span.begin;
    part.end_frame = span.end;
    part.points.assign(row.points.begin() + (span.begin - row.begin_frame),
                       row.points.begin() + (span.end - row.begin_frame));
    return part;
}

// The run as rows: each of one state, and none too long.
std::vector<JointCorrection> rows_of(const Document& document, const EditStamp& stamp, schemas::StreamId stream,
                                     const JointRun& run) {
    JointCorrection whole;
    whole.stream = stream;
    whole.joint = run.joint;
    whole.begin_frame = run.begin;
    whole.end_frame = run.end();
    whole.points = run.points;
    whole.author = stamp.author.name;
    sign(whole, stamp);
    const auto states = run.state ? std::vector(run.points.size(), *run.state)
                                  : point_states(document, stream, run.joint, whole.span());
    std::vector<JointCorrection> rows;
    FrameIndex begin = run.begin;
    for (FrameIndex frame = run.begin; frame < run.end(); ++frame) {
        const auto i = static_cast<std::size_t>(frame - run.begin);
        const bool last =
            frame + 1 == run.end() || states[i + 1] != states[i] || frame + 1 - begin == longest_stored_run;
        if (!last) continue;
        rows.push_back(part_of(whole, {begin, frame + 1}));
        rows.back().state = states[i];
        begin = frame + 1;
    }
    return rows;
}

// The stretches of the span that none of the others covers; those are in order.
std::vector<FrameSpan> without(FrameSpan span, const std::vector<FrameSpan>& others) {
    std::vector<FrameSpan> left;
    for (const FrameSpan other : others) {
        if (!schemas::overlap(span, other)) continue;
        if (span.begin < other.begin) left.push_back({span.begin, other.begin});
        span.begin = other.end;
    }
    if (span.begin < span.end) left.push_back(span);
    return left;
}

std::vector<JointCorrection> rows_of_joint(const Document& document, schemas::StreamId stream, std::int64_t joint) {
    const auto all = document.corrections(stream);
    const auto joint_of = [&](schemas::JointCorrectionId id) { return document.at<JointCorrection>(id).joint; };
    std::vector<JointCorrection> rows;
    for (const schemas::JointCorrectionId id : std::ranges::equal_range(all, joint, {}, joint_of))
        rows.push_back(document.at<JointCorrection>(id));
    return rows;
}

// Replaces what was said about one joint: takes what stands out of the spans of the fresh rows and of `cleared`.
void replace(Edit& edit, const EditStamp& stamp, const std::vector<JointCorrection>& standing,
             std::vector<JointCorrection> fresh, std::vector<FrameSpan> cleared, schemas::IdSource& ids) {
    const auto says_the_same = [&](const JointCorrection& row) {
        return std::ranges::any_of(standing, [&](const JointCorrection& old) {
            return old.span() == row.span() && old.state == row.state && old.points == row.points;
        });
    };
    std::erase_if(fresh, says_the_same);
    for (const JointCorrection& row : fresh) cleared.push_back(row.span());
    std::ranges::sort(cleared, {}, &FrameSpan::begin);
    for (const JointCorrection& old : standing) {
        const auto twin = std::ranges::find(fresh, old.span(), &JointCorrection::span);
        if (twin != fresh.end()) {
            twin->id = old.id;
            edit.changes.emplace_back(RowChange<JointCorrection>{old, *twin});
            fresh.erase(twin);
            continue;
        }
        const auto left = without(old.span(), cleared);
        if (left.size() == 1 && left.front() == old.span()) continue;
        if (left.empty()) edit.changes.emplace_back(RowChange<JointCorrection>{old, std::nullopt});
        for (std::size_t i = 0; i < left.size(); ++i) {
            JointCorrection part = part_of(old, left[i]);
            sign(part, stamp);
            if (i > 0) part.id = ids.fresh<schemas::JointCorrectionId>();
            edit.changes.emplace_back(
                RowChange<JointCorrection>{i == 0 ? std::optional(old) : std::nullopt, std::move(part)});
        }
    }
    for (JointCorrection& row : fresh) {
        row.id = ids.fresh<schemas::JointCorrectionId>();
        edit.changes.emplace_back(RowChange<JointCorrection>{std::nullopt, std::move(row)});
    }
}

}  // namespace

Edit correct_joints(const Document& document, const EditStamp& stamp, const PosePatch& patch, schemas::IdSource& ids) {
    (void)document.at<schemas::Stream>(patch.stream);
    std::map<int, std::vector<JointCorrection>> by_joint;
    for (const JointRun& run : patch.runs)
        std::ranges::move(rows_of(document, stamp, patch.stream, run), std::back_inserter(by_joint[run.joint]));
    Edit edit{patch.title, {}};
    for (auto& [joint, rows] : by_joint)
        replace(edit, stamp, rows_of_joint(document, patch.stream, joint), std::move(rows), {}, ids);
    return edit;
}

Edit reset_joints(const Document& document, const EditStamp& stamp, schemas::StreamId stream, FrameSpan span,
                  const std::vector<int>& joints, schemas::IdSource& ids) {
    (void)document.at<schemas::Stream>(stream);
    if (!schemas::is_valid(span)) throw EditConflict("there are no frames to reset");
    std::map<std::int64_t, std::vector<JointCorrection>> by_joint;
    for (const schemas::JointCorrectionId id : document.corrections(stream)) {
        const auto& row = document.at<JointCorrection>(id);
        if (joints.empty() || std::ranges::find(joints, row.joint) != joints.end()) by_joint[row.joint].push_back(row);
    }
    Edit edit{"Reset key-points to what was recorded", {}};
    for (const auto& [joint, rows] : by_joint) replace(edit, stamp, rows, {}, {span}, ids);
    return edit;
}

}  // namespace annotator
