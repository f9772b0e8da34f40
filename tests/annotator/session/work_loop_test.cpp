#include <doctest/doctest.h>

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/playback/sound_device.h"
#include "annotator/session/work_controller.h"
#include "annotator/workflows/demo_project.h"
#include "tests/annotator/working.h"

using namespace annotator;
using tests::Bench;
using tests::category;
using tests::fresh_project;
using tests::Program;
using tests::program;
using tests::program_is_there;

// The real program, started by the workbench.

TEST_CASE("slow: the loop as the editor runs it: train, cancel, train, promote, pre-label, queue, classify again") {
    if (!program_is_there()) return;
    const tests::TemporaryFolder folder;
    REQUIRE(make_demo_project(folder.path() / "demo", {}));
    const Program real(program());
    Bench bench(ProjectSession(folder.path() / "demo", {}));
    const schemas::TrackId track = category(bench);
    REQUIRE_FALSE(bench.model().output.queue.empty());

    // Cancelled while it learns: nothing is stored, and soon.
    bench.send(StartTraining{.track = track, .steps = 2000});
    REQUIRE(bench.until([&] { return !bench.job().curve.empty(); }));
    const double cancelled = machine_seconds();
    bench.send(CancelJob{});
    REQUIRE(bench.until_over());
    MESSAGE("cancelled in " << static_cast<int>(1000 * (machine_seconds() - cancelled)) << " ms");
    CHECK(bench.job().state == WorkState::stopped);
    CHECK(bench.model().output.models.empty());

    // Edits and undo go on meanwhile: training reads a frozen snapshot.
    bench.send(StartTraining{.track = track, .steps = 60});
    const Document before = bench.model().document();
    REQUIRE(bench.until([&] { return !bench.job().curve.empty(); }));
    bench.send(UndoEdit{});
    bench.send(RedoEdit{});
    CHECK(bench.model().document() == before);
    bench.send(UndoEdit{});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::done);
    CHECK_FALSE(bench.model().document() == before);
    bench.send(RedoEdit{});
    CHECK(bench.model().document() == before);
    CHECK(std::ranges::any_of(bench.job().curve,
                              [](const CurvePoint& point) { return point.figures.contains("validation_accuracy"); }));

    // Only a person promotes.
    REQUIRE(bench.model().output.models.size() == 1);
    CHECK(bench.model().output.promoted.empty());
    bench.send(Action::promote_model);
    CHECK(bench.model().output.promoted.at(track) == bench.model().output.models.front().id);

    bench.send(Prelabel{track, {}});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::done);
    CHECK_FALSE(bench.model().output.proposals.empty());
    bench.send(BuildQueue{track, 5, {}});
    REQUIRE(bench.until_over());
    CHECK(bench.model().output.queue.size() == 5);
    CHECK(bench.model().output.queue_track == track);
    bench.send(ShowWorkspace{Workspace::review});
    bench.bench.tick();
    CHECK(bench.bench.state().queue_index == 0);
    bench.send(Action::next_in_queue);
    CHECK(bench.bench.state().queue_index == 1);

    // What is selected gets its five likeliest labels.
    const auto& segments = bench.model().document().rows<schemas::Segment>();
    const auto labelled = std::ranges::find_if(segments, [&](const auto& entry) {
        return entry.second.track == track && entry.second.state == schemas::LabelState::drawn;
    });
    REQUIRE(labelled != segments.end());
    bench.send(OpenClip{labelled->second.clip, {}});
    bench.send(SelectSegment{labelled->first});
    REQUIRE(bench.until([&] { return bench.bench.state().suggestions.contains(labelled->first); }));
    CHECK(bench.bench.state().suggestions.at(labelled->first).size() == 5);

    // What is drawn, and what is moved, is classified again.
    const auto* open_clip = clip_named(bench.model().document(), "a03_s04_e04");
    REQUIRE(open_clip != nullptr);
    bench.send(OpenClip{open_clip->id, {}});
    bench.send(SetActiveLine{track, {}});
    bench.send(DrawSegment{{0, open_clip->end_frame - 10}, labelled->second.label});
    REQUIRE(bench.model().state.selection.segment());
    const schemas::SegmentId drawn = *bench.model().state.selection.segment();
    const auto suggested = [&] { return bench.bench.state().suggestions.contains(drawn); };
    REQUIRE(bench.until(suggested));
    bench.send(MoveBoundary{drawn, Edge::end, open_clip->end_frame - 4, BoundaryMove::trim});
    CHECK_FALSE(suggested());
    REQUIRE(bench.until(suggested));
    CHECK(bench.model().moved.empty());
}

TEST_CASE("slow: what another program imports is read, and edits go on") {
    if (!program_is_there()) return;
    const tests::TemporaryFolder folder;
    REQUIRE(make_demo_project(folder.path() / "demo", {}));
    const Program real(program());
    Bench bench(fresh_project(folder));
    bench.send(ImportRecordings{{folder.path() / "demo" / "recordings" / "clips" / "a01_s01_e01_skeleton3D.txt"}});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::done);
    CHECK(bench.job().outcome == "1 take was added.");
    CHECK(bench.model().document().rows<schemas::Clip>().size() == 1);
    bench.send(UndoEdit{});
    CHECK(bench.model().document().rows<schemas::Clip>().empty());
}
