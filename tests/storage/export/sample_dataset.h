#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "storage/export/dataset.h"

namespace tests {

inline constexpr schemas::TrackId category_track{1}, primitive_track{2}, arms_track{3}, pose_track{4};

// Names in several scripts, with blanks and dots, some equal once they are single words.
inline storage::Dataset empty_dataset() {
    storage::Dataset dataset;
    dataset.name = "Fête de la danse";
    dataset.layer = "ana";
    dataset.snapshot = "f00d";
    dataset.snapshot_time = 1'700'000'000'000'000;
    dataset.tool_version = "0.1.0";
    using Kind = schemas::TrackKind;
    dataset.tracks = {{category_track, "category", Kind::category, true, false, 0},
                      {primitive_track, "primitive", Kind::primitive, true, true, 1},
                      {arms_track, "arms", Kind::free, false, false, 2},
                      {pose_track, "pose", Kind::key_pose, true, false, 3}};
    const std::vector<std::pair<schemas::TrackId, const char*>> names{{category_track, "salsa basic"},
                                                                      {category_track, "grand jeté"},
                                                                      {primitive_track, "准备"},
                                                                      {primitive_track, "دوران"},
                                                                      {primitive_track, "a b"},
                                                                      {primitive_track, "a_b"},
                                                                      {primitive_track, "unlabelled"},
                                                                      {arms_track, "up"},
                                                                      {arms_track, "down"},
                                                                      {pose_track, "apex"}};
    std::int64_t id = 100;
    for (const auto& [track, name] : names) {
        schemas::Label label;
        label.id = schemas::LabelId{id};
        label.track = track;
        label.name = name;
        label.colour = "#808080";
        label.position = id++;
        dataset.labels.push_back(label);
    }
    return dataset;
}

inline schemas::LabelId label_named(const storage::Dataset& dataset, const std::string& name) {
    const auto found =
        std::find_if(dataset.labels.begin(), dataset.labels.end(), [&](const auto& l) { return l.name == name; });
    return found->id;
}

// A clip at a constant rate that is a whole take, without labels.
inline storage::DatasetClip plain_clip(std::int64_t id, const std::string& name, schemas::FrameIndex frames,
                                       std::int64_t rate = 30) {
    storage::DatasetClip clip;
    clip.id = schemas::ClipId{id};
    clip.name = name;
    clip.take = name;
    clip.span = {0, frames};
    clip.rate = {rate, 1};
    for (schemas::FrameIndex i = 0; i < frames; ++i)
        clip.table.seconds.push_back(static_cast<double>(i) / static_cast<double>(rate));
    clip.end_seconds = storage::end_seconds_of(clip.table, clip.rate);
    return clip;
}

inline void add_segment(storage::Dataset& dataset, std::size_t clip, schemas::TrackId track, schemas::FrameSpan span,
                        const std::string& label, std::optional<schemas::PerformerId> performer = std::nullopt) {
    schemas::Segment segment;
    storage::DatasetClip& owner = dataset.clips.at(clip);
    segment.id = schemas::SegmentId{static_cast<std::int64_t>(clip * 100'000 + owner.segments.size() + 1)};
    segment.layer = schemas::LayerId{7};
    segment.clip = owner.id;
    segment.track = track;
    segment.performer = performer;
    segment.begin_frame = span.begin;
    segment.end_frame = span.end;
    segment.label = label_named(dataset, label);
    segment.author = "Ana";
    owner.segments.push_back(segment);
}

class DatasetMaker {
public:
    explicit DatasetMaker(unsigned seed) : random_(seed) {}

    storage::Dataset make() {
        dataset_ = empty_dataset();
        const std::vector<std::string> names{"salsa 1", "salsa.1", "salsa_1", "舞蹈", "رقص", "grand jeté/2", "-x"};
        const auto clips = static_cast<std::size_t>(1 + pick(static_cast<int>(names.size())));
        for (std::size_t i = 0; i < clips; ++i) add_clip(i, names[i]);
        if (pick(3) > 0) add_split();
        return dataset_;
    }

private:
    int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

    void add_clip(std::size_t index, const std::string& name) {
        storage::DatasetClip clip = plain_clip(static_cast<std::int64_t>(index) + 1, name, 1 + pick(60));
        const schemas::FrameIndex first = pick(3) == 0 ? 0 : pick(500);
        clip.span = {first, first + clip.table.frames()};
        double time = pick(2) == 0 ? 0 : 0.1 * pick(100);
        for (double& seconds : clip.table.seconds) {
            seconds = time;
            time += pick(20) == 0 ? 0 : 0.01 + 0.001 * pick(50);
        }
        clip.end_seconds = time + 0.02;
        clip.table.key.assign(clip.table.seconds.size(), 0);
        clip.table.key.front() = 1;
        clip.media = {
            {schemas::StreamKind::video, schemas::StreamRole::reference, name + ".mp4", std::string(64, 'a')}};
        for (int p = pick(3); p > 0; --p)
            clip.performers.push_back({schemas::PerformerId{p}, p == 1 ? "Ana" : "李 小龙"});
        for (const schemas::Performer& performer : clip.performers)
            clip.groups.push_back({"performer", performer.name});
        dataset_.clips.push_back(clip);
        fill_exclusive(index, category_track, {"salsa basic", "grand jeté"}, std::nullopt);
        for (const schemas::Performer& performer : clip.performers)
            fill_exclusive(index, primitive_track, {"准备", "دوران", "a b", "a_b", "unlabelled"}, performer.id);
        for (int i = pick(4); i > 0; --i) {
            const schemas::FrameIndex begin = first + pick(static_cast<int>(clip.span.length()));
            add_segment(dataset_, index, arms_track, {begin, begin + 1 + pick(static_cast<int>(clip.span.end - begin))},
                        pick(2) == 0 ? "up" : "down");
        }
        if (pick(2) == 0) add_pose(index, first + pick(static_cast<int>(clip.span.length())));
    }

    // Units of any length from one frame on, with gaps or without, the last one often up to the end.
    void fill_exclusive(std::size_t index, schemas::TrackId track, const std::vector<std::string>& labels,
                        std::optional<schemas::PerformerId> performer) {
        const schemas::FrameSpan clip = dataset_.clips[index].span;
        for (schemas::FrameIndex at = clip.begin; at < clip.end && pick(8) != 0;) {
            at += pick(3) == 0 ? pick(5) : 0;
            const schemas::FrameIndex end = std::min(clip.end, at + 1 + (pick(3) == 0 ? 0 : pick(20)));
            if (at < end)
                add_segment(dataset_, index, track, {at, end},
                            labels[static_cast<std::size_t>(pick(static_cast<int>(labels.size())))], performer);
            at = end;
        }
    }

    void add_pose(std::size_t index, schemas::FrameIndex frame) {
        schemas::KeyPose pose;
        pose.id = schemas::KeyPoseId{static_cast<std::int64_t>(index) + 1};
        pose.clip = dataset_.clips[index].id;
        pose.track = pose_track;
        pose.frame = frame;
        pose.label = label_named(dataset_, "apex");
        dataset_.clips[index].key_poses.push_back(pose);
    }

    void add_split() {
        schemas::Split split;
        split.id = schemas::SplitId{5};
        split.name = "main";
        split.scheme = "60/20/20";
        const int folds = 1 + pick(3);
        for (int fold = 0; fold < folds; ++fold)
            for (const storage::DatasetClip& clip : dataset_.clips)
                split.members.push_back({clip.id, fold, static_cast<schemas::Subset>(pick(3))});
        dataset_.split = split;
    }

    std::mt19937 random_;
    storage::Dataset dataset_;
};

inline storage::Dataset random_dataset(unsigned seed) { return DatasetMaker(seed).make(); }

}  // namespace tests
