#include "annotator/workflows/bench_timeline.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/timeline_range.h"
#include "annotator/session/workbench.h"
#include "annotator/views/timeline_view.h"
#include "annotator/widgets/headless_screen.h"
#include "annotator/workflows/bench_tools.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::RowChange;

constexpr FrameIndex clip_frames = 432'000;
constexpr int tracks = 20;
constexpr int labels_of_a_track = 12;
constexpr FrameIndex segments_of_a_track = 5'000;
constexpr int proposed_tracks = 4;
constexpr int frames_at_a_zoom = 60;
constexpr int edits = 400;
constexpr double frame_bound_ms = 4;
constexpr double edit_bound_ms = 5;
constexpr double screen_bound_ms = 1000.0 / 60;  // what a frame may take before a screen shows the last one again

struct LongClip {
    schemas::ClipId clip{};
    std::vector<schemas::TrackId> tracks;
    std::vector<schemas::LabelId> labels;  // labels_of_a_track for each track
};

template <class Row>
void insert(schemas::Edit& edit, Row row) {
    edit.changes.emplace_back(RowChange<Row>{std::nullopt, std::move(row)});
}

LongClip add_taxonomy(schemas::Edit& edit, schemas::IdSource& ids) {
    LongClip made;
    for (int t = 0; t < tracks; ++t) {
        schemas::Track track;
        track.id = ids.fresh<schemas::TrackId>();
        track.name = "track " + std::to_string(t);
        track.kind = schemas::TrackKind::primitive;
        track.position = t;
        made.tracks.push_back(track.id);
        insert(edit, track);
        for (int l = 0; l < labels_of_a_track; ++l) {
            schemas::Label label;
            label.id = ids.fresh<schemas::LabelId>();
            label.track = track.id;
            label.name = "unit " + std::to_string(l);
            label.colour = label_colour(static_cast<std::size_t>(l));
            label.position = l;
            made.labels.push_back(label.id);
            insert(edit, label);
        }
    }
    return made;
}

// Segments of uneven length, touching each other: boundaries that roll.
LongClip make_long_clip(ProjectSession& session) {
    LongClip made;
    session.commit([&](const EditStamp& stamp) {
        schemas::Edit edit{"Make a long clip", {}};
        schemas::IdSource& ids = session.ids();
        const schemas::Take take{ids.fresh<schemas::TakeId>(), "long", {}, {}, {}, {}};
        const schemas::Clip clip{ids.fresh<schemas::ClipId>(), take.id, "long", 0, clip_frames};
        const schemas::Layer layer{ids.fresh<schemas::LayerId>(), stamp.author.name, schemas::LayerKind::person,
                                   stamp.author.name};
        insert(edit, take);
        insert(edit, clip);
        made = add_taxonomy(edit, ids);
        made.clip = clip.id;
        insert(edit, layer);
        for (std::size_t t = 0; t < made.tracks.size(); ++t)
            for (FrameIndex s = 0; s < segments_of_a_track; ++s) {
                schemas::Segment segment;
                segment.id = ids.fresh<schemas::SegmentId>();
                segment.layer = layer.id;
                segment.clip = clip.id;
                segment.track = made.tracks[t];
                segment.begin_frame = s * clip_frames / segments_of_a_track + (s % 7) * (s > 0 ? 5 : 0);
                const FrameIndex next = s + 1;
                segment.end_frame =
                    next * clip_frames / segments_of_a_track + (next < segments_of_a_track ? (next % 7) * 5 : 0);
                segment.label = made.labels[t * labels_of_a_track + static_cast<std::size_t>(s % labels_of_a_track)];
                segment.state = static_cast<schemas::LabelState>(s % 6);
                segment.author = stamp.author.name;
                segment.edit = stamp.edit;
                segment.time = stamp.time;
                insert(edit, segment);
            }
        return edit;
    });
    return made;
}

void propose(ProjectSession& session, const LongClip& made) {
    schemas::ModelVersion model;
    model.id = session.ids().fresh<schemas::ModelId>();
    model.family = model.name = "bench";
    model.options = model.metrics = "{}";
    session.store().add_model(model);
    for (std::size_t t = 0; t < proposed_tracks; ++t) {
        std::vector<schemas::Proposal> proposals;
        for (FrameIndex p = 0; p < segments_of_a_track / 5; ++p) {
            schemas::Proposal proposal;
            proposal.id = session.ids().fresh<schemas::ProposalId>();
            proposal.model = model.id;
            proposal.clip = made.clip;
            proposal.track = made.tracks[t];
            proposal.begin_frame = p * 400;
            proposal.end_frame = p * 400 + 350;
            proposal.top = {{made.labels[t * labels_of_a_track], 0.5 + 0.4 * std::sin(static_cast<double>(p))}};
            proposals.push_back(std::move(proposal));
        }
        session.store().replace_proposals(made.tracks[t], {made.clip}, proposals);
    }
}

std::shared_ptr<const ClipMedia> curves(schemas::ClipId clip) {
    auto media = std::make_shared<ClipMedia>();
    media->clip = clip;
    media->span = {0, clip_frames};
    constexpr double seconds_of_a_frame = 1.0 / 30;
    for (FrameIndex i = 0; i < clip_frames; ++i) {
        const auto at = static_cast<double>(i);
        media->times.seconds.push_back(at * seconds_of_a_frame);
        media->motion_energy.push_back(static_cast<float>(0.5 + 0.5 * std::sin(at / 11)));
        media->boundary_probability.push_back(static_cast<float>(std::pow(std::abs(std::sin(at / 40)), 8)));
    }
    return media;
}

// A person at the timeline, without a window.
class Bench {
public:
    Bench(ProjectSession session, const LongClip& made) : bench_(std::move(session), [] {}), made_(made) {
        bench_.handle(OpenClip{made.clip, {}});
        bench_.tick();
        // So long a take has no recording to read them from.
        const_cast<EditorModel&>(bench_.model()).media = curves(made.clip);
        for (int i = 0; i < 4; ++i) milliseconds_of_frame();
    }

    // The result of every draw is handed on before the next one, outside of the time that is taken.
    double milliseconds_of_frame() {
        const double taken =
            1000 * seconds_of([&] {
                screen_.frame([&] { view_.draw({bench_, outbox_, screen_.theme(), screen_.textures()}); });
            });
        for (const Intent& intent : outbox_.take()) bench_.handle(intent);
        return taken;
    }

    std::vector<double> moving_at(double frames_per_point) {
        std::vector<double> times;
        for (int i = 0; i < frames_at_a_zoom; ++i) {
            const double share = static_cast<double>(i) / frames_at_a_zoom;
            bench_.handle(SetTimelineRange{
                limited({share * static_cast<double>(clip_frames), frames_per_point, bench_.state().range.points},
                        {0, clip_frames})});
            const_cast<EditorModel&>(bench_.model()).frame = static_cast<FrameIndex>(share * clip_frames);
            times.push_back(milliseconds_of_frame());
        }
        return times;
    }

    struct Edited {
        std::vector<double> edits, frames;
    };
    Edited editing() {
        Edited times;
        bench_.handle(SetTimelineRange{{0, 0, bench_.state().range.points}});
        for (int i = 0; i < edits; ++i) {
            const Line line{made_.clip, bench_.state().line->layer, made_.tracks[static_cast<std::size_t>(i % tracks)],
                            std::nullopt};
            const auto segments = bench_.document().segments(line);
            const schemas::SegmentId id = segments[static_cast<std::size_t>(i * 11 + 1) % segments.size()];
            const FrameIndex to = bench_.document().at<schemas::Segment>(id).begin_frame + (i % 2 == 0 ? 2 : -2);
            times.edits.push_back(1000 * seconds_of([&] {
                                      bench_.handle(MoveBoundary{id, Edge::begin, to, BoundaryMove::roll});
                                  }));
            times.frames.push_back(milliseconds_of_frame());
        }
        return times;
    }

private:
    HeadlessScreen screen_{1920, 700, 1};
    Workbench bench_;
    TimelineView view_;
    Outbox outbox_;
    LongClip made_;
};

}  // namespace

std::vector<BenchRow> bench_timeline(const JobContext& job) {
    const Workplace workplace;
    job.report({"Making a clip with 100,000 segments", 0, 3});
    ProjectSession session = ProjectSession::create(workplace.folder / "project", {});
    const LongClip made = make_long_clip(session);
    propose(session, made);
    Bench bench(std::move(session), made);

    job.report({"Drawing", 1, 3});
    std::vector<double> all;
    double worst = 0;
    for (double frames_per_point = 256; frames_per_point > 0.01 && !job.stop.stop_requested(); frames_per_point /= 2) {
        const std::vector<double> times = bench.moving_at(frames_per_point);
        worst = std::max(worst, quantile_of(times, 0.99));
        all.insert(all.end(), times.begin(), times.end());
    }
    if (job.stop.stop_requested()) return {};
    job.report({"Editing", 2, 3});
    const auto [committing, drawing] = bench.editing();
    const std::string where = " with 100,000 segments on 20 tracks, ";
    return {{"timeline frame" + where + "median", median_of(all), "ms", frame_bound_ms, "bound"},
            {"timeline frame" + where + "99th percentile", quantile_of(all, 0.99), "ms", frame_bound_ms, "bound"},
            {"timeline frame" + where + "99th percentile of the slowest zoom", worst, "ms", frame_bound_ms, "bound"},
            {"timeline frame after an edit, 99th percentile", quantile_of(drawing, 0.99), "ms", screen_bound_ms,
             "a frame of a screen"},
            {"edit" + where + "median", median_of(committing), "ms", edit_bound_ms, "bound"},
            {"edit" + where + "99th percentile", quantile_of(committing, 0.99), "ms", edit_bound_ms, "bound"}};
}

}  // namespace annotator
