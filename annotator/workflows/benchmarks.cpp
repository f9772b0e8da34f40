#include "annotator/workflows/benchmarks.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <stdexcept>

#include "annotator/document/commands.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/bench_tools.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/recording_scan.h"

namespace annotator {

namespace {

using schemas::RowChange;
using std::filesystem::path;

schemas::Edit large_edit(const Document& document, schemas::IdSource& ids, const EditStamp& stamp, int clips,
                         int segments_per_clip) {
    schemas::Edit edit{"Make a large project", {}};
    const schemas::Track& track = *track_named(document, "primitive");
    const schemas::Layer layer{ids.fresh<schemas::LayerId>(), "bench", schemas::LayerKind::person, "bench"};
    edit.changes.emplace_back(RowChange<schemas::Layer>{std::nullopt, layer});
    std::vector<schemas::LabelId> labels;
    for (int i = 0; i < 20; ++i) {
        schemas::Label label;
        label.id = ids.fresh<schemas::LabelId>();
        label.track = track.id;
        label.name = "unit " + std::to_string(i);
        label.colour = label_colour(static_cast<std::size_t>(i));
        label.position = i;
        labels.push_back(label.id);
        edit.changes.emplace_back(RowChange<schemas::Label>{std::nullopt, label});
    }
    for (int c = 0; c < clips; ++c) {
        const schemas::Take take{ids.fresh<schemas::TakeId>(), "take " + std::to_string(c), {}, {}, {}, {}};
        const schemas::Clip clip{ids.fresh<schemas::ClipId>(), take.id, "clip " + std::to_string(c), 0,
                                 30LL * segments_per_clip};
        edit.changes.emplace_back(RowChange<schemas::Take>{std::nullopt, take});
        edit.changes.emplace_back(RowChange<schemas::Clip>{std::nullopt, clip});
        for (int s = 0; s < segments_per_clip; ++s) {
            schemas::Segment segment;
            segment.id = ids.fresh<schemas::SegmentId>();
            segment.layer = layer.id;
            segment.clip = clip.id;
            segment.track = track.id;
            segment.begin_frame = 30LL * s;
            segment.end_frame = 30LL * (s + 1);
            segment.label = labels[static_cast<std::size_t>(s) % labels.size()];
            segment.author = stamp.author.name;
            segment.edit = stamp.edit;
            segment.time = stamp.time;
            edit.changes.emplace_back(RowChange<schemas::Segment>{std::nullopt, segment});
        }
    }
    return edit;
}

std::vector<double> commit_times(ProjectSession& session, int edits) {
    const auto& segments = session.document().rows<schemas::Segment>();
    const std::size_t step = segments.size() / static_cast<std::size_t>(edits);
    std::vector<schemas::SegmentId> picked;
    std::size_t n = 0;
    for (const auto& [id, segment] : segments)
        if (n++ % step == 0) picked.push_back(id);
    std::vector<double> times;
    for (const schemas::SegmentId id : picked) {
        const auto& segment = session.document().at<schemas::Segment>(id);
        const schemas::FrameIndex to = segment.begin_frame > 0 ? segment.begin_frame + 3 : segment.end_frame - 3;
        const Edge edge = segment.begin_frame > 0 ? Edge::begin : Edge::end;
        times.push_back(seconds_of([&] {
            session.commit(
                [&](const EditStamp& stamp) { return roll_boundary(session.document(), stamp, id, edge, to); });
        }));
    }
    return times;
}

double program_seconds(const std::string& command) {
    std::vector<double> times;
    for (int i = 0; i < 9; ++i)
        times.push_back(seconds_of([&] {
            if (std::system((command + " > /dev/null 2>&1").c_str()) != 0)
                throw std::runtime_error("'" + command + "' did not do its work");
        }));
    return median_of(std::move(times));
}

}  // namespace

std::vector<BenchRow> bench_import(const path& recordings, const std::string& name_pattern, const JobContext& job) {
    const Workplace workplace;
    const auto read_only = [&] { (void)parse_recordings({recordings}, job); };
    read_only();  // so that both find the files in memory
    const double parsing = seconds_of(read_only);
    ProjectSession session = create_project(workplace.folder / "project", {}, {});
    IngestOptions options;
    options.paths = {recordings};
    options.name_pattern = name_pattern;
    std::size_t takes = 0;
    const double importing =
        seconds_of([&] { takes = ingest(session, options, job).value_or(IngestResult{}).takes_added; });
    if (takes == 0) throw std::runtime_error(recordings.string() + ": has no recordings to import");
    return {{"import of " + std::to_string(takes) + " takes", importing, "s", parsing,
             "reading and parsing the same files"}};
}

void make_large_project(const path& folder, int clips, int segments_per_clip) {
    ProjectSession session = create_project(folder, {}, {});
    session.commit([&](const EditStamp& stamp) {
        return large_edit(session.document(), session.ids(), stamp, clips, segments_per_clip);
    });
}

std::vector<BenchRow> bench_project(const path& program) {
    const Workplace workplace;
    const path large = workplace.folder / "large", small = workplace.folder / "small";
    make_large_project(large, 5'000, 20);
    std::vector<BenchRow> rows;
    rows.push_back({"open 5,000 clips with 100,000 segments",
                    seconds_of([&] { const ProjectSession session(large, {}); }), "s", 1.0, "bound"});
    {
        ProjectSession session(large, {});
        rows.push_back(
            {"commit one edit there, median", 1000 * median_of(commit_times(session, 400)), "ms", 5.0, "bound"});
    }
    make_large_project(small, 20, 10);
    const path edits = workplace.folder / "edits.json";
    std::ofstream(edits) << R"({"commands": [{"do": "comment", "clip": "clip 0", "text": "hello"}]})";
    const std::string verb = quoted(program.string()) + " ";
    rows.push_back({"status of a small project", 1000 * program_seconds(verb + "status " + quoted(small.string())),
                    "ms", 50.0, "bound"});
    rows.push_back({"apply one edit to a small project",
                    1000 * program_seconds(verb + "apply " + quoted(small.string()) + " " + quoted(edits.string())),
                    "ms", 50.0, "bound"});
    return rows;
}

}  // namespace annotator
