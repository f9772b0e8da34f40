#include "storage/export/dataset_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "storage/export/atomic_folder.h"
#include "storage/export/croissant.h"
#include "storage/export/datasheet.h"
#include "storage/export/export_manifest.h"
#include "storage/export/export_names.h"
#include "storage/export/export_tables.h"
#include "storage/formats/json_file.h"
#include "storage/formats/labels_json.h"

namespace storage {
namespace {

using nlohmann::json;

void require_exportable(const Dataset& dataset) {
    const std::vector<std::string> problems = problems_of(dataset);
    if (problems.empty()) return;
    std::string text = "The dataset cannot be exported. ";
    for (std::size_t i = 0; i < std::min<std::size_t>(problems.size(), 5); ++i) text += problems[i] + " ";
    if (problems.size() > 5) text += "And " + std::to_string(problems.size() - 5) + " more.";
    throw std::invalid_argument(text);
}

template <class Rows, class Key>
void sort_by(Rows& rows, Key key) {
    std::sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

// The same dataset in one order, whatever order it was given in.
Dataset canonical(Dataset dataset) {
    sort_by(dataset.tracks, [](const schemas::Track& t) { return std::tie(t.position, t.name, t.id); });
    sort_by(dataset.labels, [](const schemas::Label& l) { return std::tie(l.track, l.position, l.name, l.id); });
    sort_by(dataset.clips, [](const DatasetClip& c) { return std::tie(c.name, c.id); });
    for (DatasetClip& clip : dataset.clips) {
        sort_by(clip.groups, [](const SplitGroup& g) { return std::tie(g.key, g.value); });
        sort_by(clip.segments,
                [](const schemas::Segment& s) { return std::tie(s.begin_frame, s.end_frame, s.track, s.id); });
        sort_by(clip.key_poses, [](const schemas::KeyPose& p) { return std::tie(p.frame, p.track, p.id); });
        sort_by(clip.states,
                [](const StateRun& r) { return std::tuple(r.track, r.performer, r.span.begin, r.span.end, r.state); });
    }
    if (dataset.split)
        sort_by(dataset.split->members, [](const schemas::SplitMember& m) { return std::tie(m.fold, m.clip); });
    return dataset;
}

bool has(const ExportOptions& options, ExportFormat format) {
    return std::find(options.formats.begin(), options.formats.end(), format) != options.formats.end();
}

json manifest_json(const Dataset& dataset, const ExportOptions& options, const ExportReport& report) {
    json formats = json::object();
    if (has(options, ExportFormat::mstcn))
        formats["mstcn"] = {{"track", find_track(dataset, options.mstcn.track)->name},
                            {"unlabelled", schemas::to_text(options.mstcn.unlabelled)},
                            {"features", static_cast<bool>(options.mstcn.features)}};
    if (has(options, ExportFormat::activitynet)) {
        formats["activitynet"]["tracks"] = json::array();
        for (const schemas::TrackId track : options.activitynet.tracks)
            formats["activitynet"]["tracks"].push_back(find_track(dataset, track)->name);
    }
    json split;
    if (dataset.split)
        split = {{"name", dataset.split->name},
                 {"scheme", dataset.split->scheme},
                 {"grouped", dataset.split->grouped},
                 {"seed", dataset.split->seed}};
    return {{"made_by", "kinetograph"},
            {"tool_version", dataset.tool_version},
            {"name", dataset.name},
            {"layer", dataset.layer},
            {"snapshot", dataset.snapshot},
            {"snapshot_time", dataset.snapshot_time},
            {"formats", formats},
            {"split", split},
            {"budget", options.budget},
            {"losses", losses_json(report.losses)},
            {"files", files_json(report.files)}};
}

void append(LossReport& all, LossReport more) { std::move(more.begin(), more.end(), std::back_inserter(all)); }

ExportReport write_to(FileSink& sink, const Dataset& dataset, const ExportOptions& options) {
    ExportReport report;
    const VideoIds videos = video_ids_of(dataset);
    sink.write("labels.json", labels_json_from(dataset));
    sink.write("clips.csv", clips_csv(dataset, videos));
    sink.write("segments.csv", segments_csv(dataset));
    sink.write("groups.csv", groups_csv(dataset, videos));
    if (dataset.split) sink.write("splits.csv", splits_csv(dataset, videos));
    for (const DatasetClip& clip : dataset.clips) sink.write("frames/" + videos.at(clip.id) + ".csv", frames_csv(clip));
    if (has(options, ExportFormat::mstcn)) append(report.losses, write_mstcn(dataset, options.mstcn, sink));
    if (has(options, ExportFormat::activitynet))
        append(report.losses, write_activitynet(dataset, options.activitynet, sink));
    sink.write("datasheet.md", datasheet_from(dataset, options, report.losses));
    sink.write("croissant.json", croissant_from(dataset, options, sink.files()));
    report.files = sink.files();
    sink.write(manifest_name, json_text(manifest_json(dataset, options, report)));
    sink.write(sums_name, sums_text(sink.files()));
    report.files = sink.files();
    return report;
}

}  // namespace

ExportReport write_dataset(const Dataset& dataset, const std::filesystem::path& folder, const ExportOptions& options) {
    require_exportable(dataset);
    AtomicFolder sink(folder, why_not_replaceable_export);
    ExportReport report = write_to(sink, canonical(dataset), options);
    sink.commit();
    return report;
}

ExportReport plan_dataset(const Dataset& dataset, const ExportOptions& options) {
    require_exportable(dataset);
    DryRunSink sink;
    return write_to(sink, canonical(dataset), options);
}

}  // namespace storage
