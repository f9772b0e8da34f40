#include "storage/formats/activitynet.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "storage/export/export_names.h"
#include "storage/formats/json_file.h"

namespace storage {
namespace {

using nlohmann::json;
using schemas::FrameSpan;

constexpr const char* subset_word(schemas::Subset subset) {
    switch (subset) {
        case schemas::Subset::train:
            return "training";
        case schemas::Subset::validation:
            return "validation";
        case schemas::Subset::test:
            return "testing";
    }
    return "";
}

class Writer {
public:
    Writer(const Dataset& dataset, const ActivitynetOptions& options) : dataset_(dataset), ids_(video_ids_of(dataset)) {
        for (const schemas::TrackId track : options.tracks) {
            if (find_track(dataset, track) == nullptr)
                throw std::invalid_argument("ActivityNet export: a chosen track is not in the taxonomy");
            chosen_.insert(track);
        }
        if (options.tracks.empty())
            for (const schemas::Track& track : dataset.tracks) chosen_.insert(track.id);
    }

    LossReport write(FileSink& sink) {
        const Subsets subsets = subsets_of(dataset_);
        const std::vector<std::int64_t> folds = folds_of(dataset_);
        json file{
            {"version", dataset_.name + " " + dataset_.snapshot}, {"taxonomy", taxonomy()}, {"database", database()}};
        for (std::size_t i = 0; i < std::max<std::size_t>(folds.size(), 1); ++i) {
            for (const DatasetClip& clip : dataset_.clips) {
                const auto subset = folds.empty() ? subsets.end() : subsets.find({folds[i], clip.id});
                file["database"][ids_.at(clip.id)]["subset"] =
                    subset == subsets.end() ? "unassigned" : subset_word(subset->second);
            }
            sink.write(folds.size() > 1 ? "activitynet.split" + std::to_string(i + 1) + ".json" : "activitynet.json",
                       json_text(file));
        }
        report(subsets, folds);
        return std::move(losses_);
    }

private:
    json database() const {
        json videos = json::object();
        for (const DatasetClip& clip : dataset_.clips) videos[ids_.at(clip.id)] = video(clip);
        return videos;
    }

    json video(const DatasetClip& clip) const {
        json annotations = json::array();
        for (const schemas::Segment* segment : segments_of(clip)) annotations.push_back(annotation(clip, *segment));
        return {{"duration", boundary_seconds(clip, clip.table.frames())},
                {"url", ""},
                {"clip", clip.name},
                {"frames", clip.table.frames()},
                {"start_seconds", clip.table.seconds.front()},
                {"labelled", labelled(clip)},
                {"annotations", std::move(annotations)}};
    }

    std::vector<const schemas::Segment*> segments_of(const DatasetClip& clip) const {
        std::vector<const schemas::Segment*> segments;
        for (const schemas::Segment& segment : clip.segments)
            if (chosen_.contains(segment.track)) segments.push_back(&segment);
        std::sort(segments.begin(), segments.end(), [](const schemas::Segment* a, const schemas::Segment* b) {
            return std::tie(a->begin_frame, a->end_frame, a->track, a->id) <
                   std::tie(b->begin_frame, b->end_frame, b->track, b->id);
        });
        return segments;
    }

    json annotation(const DatasetClip& clip, const schemas::Segment& segment) const {
        const FrameSpan span = local_span(clip, segment.span());
        json value{{"segment", {boundary_seconds(clip, span.begin), boundary_seconds(clip, span.end)}},
                   {"label", find_label(dataset_, final_label(dataset_, segment.label))->name},
                   {"frames", {span.begin, span.end}},
                   {"track", find_track(dataset_, segment.track)->name},
                   {"state", schemas::to_text(segment.state)}};
        if (segment.performer) value["performer"] = find_performer(clip, *segment.performer)->name;
        return value;
    }

    // The union of the segments of each track, as a list of half-open spans.
    json labelled(const DatasetClip& clip) const {
        std::map<std::string, std::vector<FrameSpan>> tracks;
        for (const schemas::Segment* segment : segments_of(clip)) {
            std::vector<FrameSpan>& spans = tracks[find_track(dataset_, segment->track)->name];
            const FrameSpan span = local_span(clip, segment->span());
            if (spans.empty() || spans.back().end < span.begin)
                spans.push_back(span);
            else
                spans.back().end = std::max(spans.back().end, span.end);
        }
        json result = json::object();
        for (const auto& [track, spans] : tracks)
            for (const FrameSpan span : spans) result[track].push_back({span.begin, span.end});
        return result;
    }

    json taxonomy() const {
        std::vector<const schemas::Label*> labels;
        std::map<schemas::LabelId, std::int64_t> nodes;
        for (const schemas::Label& label : dataset_.labels)
            if (chosen_.contains(label.track)) {
                labels.push_back(&label);
                nodes.emplace(label.id, static_cast<std::int64_t>(labels.size()) - 1);
            }
        json list = json::array();
        for (const schemas::Label* label : labels) {
            const bool has_parent = label->parent && nodes.contains(*label->parent);
            list.push_back({{"nodeId", nodes.at(label->id)},
                            {"nodeName", label->name},
                            {"parentId", has_parent ? json(nodes.at(*label->parent)) : json()},
                            {"parentName", has_parent ? json(find_label(dataset_, *label->parent)->name) : json()}});
        }
        return list;
    }

    void lose(const std::string& what, const std::string& where, std::int64_t count) {
        if (count > 0) losses_.push_back({"activitynet", what, where, count});
    }

    void report(const Subsets& subsets, const std::vector<std::int64_t>& folds) {
        std::int64_t others = 0, poses = 0, unassigned = 0, merged = 0, authored = 0;
        for (const DatasetClip& clip : dataset_.clips) {
            for (const schemas::Segment& segment : clip.segments) {
                const bool written = chosen_.contains(segment.track);
                (written ? authored : others) += 1;
                if (written && final_label(dataset_, segment.label) != segment.label) ++merged;
            }
            poses += static_cast<std::int64_t>(clip.key_poses.size());
            for (const std::int64_t fold : folds) unassigned += subsets.contains({fold, clip.id}) ? 0 : 1;
        }
        if (folds.empty()) lose("no split was chosen: the subset of every video is \"unassigned\"", "database", 1);
        lose("videos are in no subset of the split and \"unassigned\"", "database", unassigned);
        lose("segments of other tracks are left out", "", others);
        lose("segments carry the name of the label that theirs was merged into", "", merged);
        lose("key poses are left out: the format has spans only", "", poses);
        lose("authors and models of segments are left out", "", authored);
        std::map<std::string, int> names;
        for (const schemas::Label& label : dataset_.labels)
            if (chosen_.contains(label.track)) ++names[label.name];
        for (const auto& [name, count] : names)
            if (count > 1)
                lose("labels of one name on several tracks are one class to readers", "label " + name, count);
    }

    const Dataset& dataset_;
    std::map<schemas::ClipId, std::string> ids_;
    std::set<schemas::TrackId> chosen_;
    LossReport losses_;
};

}  // namespace

LossReport write_activitynet(const Dataset& dataset, const ActivitynetOptions& options, FileSink& sink) {
    return Writer(dataset, options).write(sink);
}

}  // namespace storage
