#include "storage/export/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>

namespace storage {
namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;

template <class Rows, class Id>
auto find_by_id(const Rows& rows, Id id) {
    const auto found = std::find_if(rows.begin(), rows.end(), [id](const auto& row) { return row.id == id; });
    return found == rows.end() ? nullptr : &*found;
}

std::string text_of(FrameSpan span) { return "[" + std::to_string(span.begin) + ", " + std::to_string(span.end) + ")"; }

// Ids of the taxonomy, so that checking a large dataset does not search for each segment.
struct KnownIds {
    std::set<schemas::TrackId> tracks;
    std::map<schemas::LabelId, schemas::TrackId> track_of_label;
};

class Checker {
public:
    explicit Checker(const Dataset& dataset) {
        for (const schemas::Track& track : dataset.tracks)
            if (!known_.tracks.insert(track.id).second) complain("track " + track.name, "its id occurs twice");
        for (const schemas::Label& label : dataset.labels) {
            if (!known_.tracks.contains(label.track))
                complain("label " + label.name, "its track is not in the taxonomy");
            if (!known_.track_of_label.emplace(label.id, label.track).second)
                complain("label " + label.name, "its id occurs twice");
        }
    }

    void check(const DatasetClip& clip) {
        if (!names_.insert(clip.name).second) complain("clip " + clip.name, "two clips have this name");
        if (!ids_.insert(clip.id).second) complain("clip " + clip.name, "its id occurs twice");
        if (!schemas::is_valid(clip.span))
            return complain("clip " + clip.name, "its span " + text_of(clip.span) + " is empty");
        check_times(clip);
        for (const schemas::Segment& segment : clip.segments)
            check_label(clip, segment.track, segment.label, segment.performer, segment.span());
        for (const schemas::KeyPose& pose : clip.key_poses)
            check_label(clip, pose.track, pose.label, pose.performer, {pose.frame, pose.frame + 1});
        for (const StateRun& run : clip.states) check_span(clip, run.span);
    }

    std::vector<std::string> take() { return std::move(problems_); }

private:
    void complain(const std::string& subject, const std::string& what) {
        problems_.push_back(subject + ": " + what + ".");
    }

    void check_times(const DatasetClip& clip) {
        const std::vector<double>& seconds = clip.table.seconds;
        if (clip.table.frames() != clip.span.length())
            return complain("clip " + clip.name, "its frame table has " + std::to_string(clip.table.frames()) +
                                                     " rows, its span " + std::to_string(clip.span.length()) +
                                                     " frames");
        if (!clip.table.key.empty() && clip.table.key.size() != seconds.size())
            complain("clip " + clip.name, "its key frames and its times differ in number");
        const std::vector<std::int64_t>& ticks = clip.table.ticks;
        if (!ticks.empty() && (ticks.size() != seconds.size() || !schemas::is_valid(clip.table.tick)))
            complain("clip " + clip.name, "its pts and its times differ in number, or have no time base");
        const auto finite = [](double value) { return std::isfinite(value); };
        if (!std::all_of(seconds.begin(), seconds.end(), finite) || !finite(clip.end_seconds))
            return complain("clip " + clip.name, "its frame table holds a time that is not a number");
        if (!std::is_sorted(seconds.begin(), seconds.end())) complain("clip " + clip.name, "its times run backwards");
        if (clip.end_seconds < seconds.back()) complain("clip " + clip.name, "it ends before its last frame is shown");
    }

    void check_span(const DatasetClip& clip, FrameSpan span) {
        if (!schemas::is_valid(span) || span.begin < clip.span.begin || clip.span.end < span.end)
            complain("clip " + clip.name,
                     "frames " + text_of(span) + " do not lie within its span " + text_of(clip.span));
    }

    void check_label(const DatasetClip& clip, schemas::TrackId track, schemas::LabelId label,
                     std::optional<schemas::PerformerId> performer, FrameSpan span) {
        check_span(clip, span);
        const auto known = known_.track_of_label.find(label);
        if (known == known_.track_of_label.end() || known->second != track)
            complain("clip " + clip.name,
                     "frames " + text_of(span) + " carry a label that is not in the taxonomy of their track");
        if (performer && find_performer(clip, *performer) == nullptr)
            complain("clip " + clip.name,
                     "frames " + text_of(span) + " speak of a performer that the clip does not list");
    }

    KnownIds known_;
    std::set<std::string> names_;
    std::set<schemas::ClipId> ids_;
    std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> problems_of(const Dataset& dataset) {
    Checker checker(dataset);
    for (const DatasetClip& clip : dataset.clips) checker.check(clip);
    return checker.take();
}

double end_seconds_of(const schemas::FrameTable& table, schemas::FrameRate rate) {
    if (table.seconds.empty()) return 0;
    const double period = schemas::is_valid(rate) ? 1 / rate.per_second() : 1;
    const std::size_t count = table.seconds.size();
    const double last = count < 2 ? period : table.seconds[count - 1] - table.seconds[count - 2];
    return table.seconds.back() + (last > 0 ? last : period);
}

schemas::TickLength time_base_of(const DatasetClip& clip) {
    return clip.table.ticks.empty() ? schemas::TickLength{1, 1'000'000} : clip.table.tick;
}

double boundary_seconds(const DatasetClip& clip, FrameIndex boundary) {
    const std::vector<double>& seconds = clip.table.seconds;
    const double at =
        boundary < clip.table.frames() ? seconds.at(static_cast<std::size_t>(boundary)) : clip.end_seconds;
    return at - seconds.front();
}

const schemas::Track* find_track(const Dataset& dataset, schemas::TrackId id) { return find_by_id(dataset.tracks, id); }
const schemas::Label* find_label(const Dataset& dataset, schemas::LabelId id) { return find_by_id(dataset.labels, id); }
const schemas::Performer* find_performer(const DatasetClip& clip, schemas::PerformerId id) {
    return find_by_id(clip.performers, id);
}

schemas::LabelId final_label(const Dataset& dataset, schemas::LabelId id) {
    std::set<schemas::LabelId> seen;
    while (seen.insert(id).second) {
        const schemas::Label* label = find_label(dataset, id);
        if (label == nullptr || !label->merged_into) break;
        id = *label->merged_into;
    }
    return id;
}

Subsets subsets_of(const Dataset& dataset) {
    Subsets subsets;
    if (dataset.split)
        for (const schemas::SplitMember& member : dataset.split->members)
            subsets.emplace(std::pair(member.fold, member.clip), member.subset);
    return subsets;
}

std::vector<std::int64_t> folds_of(const Dataset& dataset) {
    std::set<std::int64_t> folds;
    if (dataset.split)
        for (const schemas::SplitMember& member : dataset.split->members) folds.insert(member.fold);
    return {folds.begin(), folds.end()};
}

}  // namespace storage
