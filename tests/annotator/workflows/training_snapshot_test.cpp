#include "annotator/workflows/training_snapshot.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/edit_script.h"
#include "annotator/workflows/import_labels.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using nlohmann::json;
using schemas::LayerKind;
using tests::project_of_four;
using tests::TemporaryFolder;

TrainingSnapshot snapshot_of(ProjectSession& session, const PoolOptions& options = {}) {
    return training_snapshot(session, load_motions(session, {}).value(), options, {}).value();
}

void apply(ProjectSession& session, const char* script) {
    CHECK(run_edit_script(session, json::parse(script)).failed.empty());
}

// The labels of the samples of a clip, "?" for an unlabelled one, in order.
std::vector<std::string> learnt_of(const ProjectSession& session, const TrainingSnapshot& snapshot,
                                   const std::string& clip) {
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < snapshot.samples.size(); ++i)
        if (session.document().at<schemas::Clip>(snapshot.origins[i].clip).name == clip) {
            const int label = snapshot.samples[i].label;
            labels.push_back(label < 0 ? "?" : snapshot.labels[static_cast<std::size_t>(label)]);
        }
    return labels;
}

}  // namespace

TEST_CASE("clips that are labelled whole are one sample each") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const TrainingSnapshot snapshot = snapshot_of(session);
    CHECK(snapshot.unit == LabelUnit::clip);
    CHECK(snapshot.labels == std::vector<std::string>{"01", "02"});
    CHECK(snapshot.samples.size() == 4);
    CHECK(snapshot.origins.size() == 4);
    CHECK(snapshot.boundary_scores.size() == 4);
    CHECK(snapshot.labelled().size() == 4);
    CHECK(learnt_of(session, snapshot, "a02_s01_e01") == std::vector<std::string>{"02"});
    CHECK(snapshot.notes.empty());
}

TEST_CASE("left/right partners are known to what is learnt from, whichever of the two names the other") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const TrainingSnapshot before = snapshot_of(session);
    CHECK(before.mirrored_labels.empty());
    CHECK(before.labels_a_class() == 2);
    const auto pair = [&](std::size_t label, schemas::LabelId partner) {
        session.commit([&](const EditStamp&) {
            const schemas::Label whole = session.document().at<schemas::Label>(before.label_ids[label]);
            schemas::Label paired = whole;
            paired.mirror = partner;
            return schemas::Edit{"Pair", {schemas::RowChange<schemas::Label>{whole, paired}}};
        });
    };
    pair(1, before.label_ids[1]);  // a label that is its own mirror image is no pair
    CHECK(snapshot_of(session).mirrored_labels.empty());
    CHECK(snapshot_of(session).hash == before.hash);
    pair(1, before.label_ids[0]);
    const TrainingSnapshot after = snapshot_of(session);
    CHECK(after.mirrored_labels == std::vector<int>{1, 0});
    CHECK(after.hash != before.hash);
    pair(0, before.label_ids[1]);
    CHECK(snapshot_of(session).mirrored_labels == std::vector<int>{1, 0});
}

TEST_CASE("invariant 4: hidden truth never leaks into what a model learns from") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, LayerKind::truth);
    const TrainingSnapshot hidden = snapshot_of(session);
    CHECK(hidden.samples.size() == 4);
    CHECK(hidden.labelled().empty());
    apply(session, R"([{"do": "draw", "clip": "a01_s01_e01", "label": "02"}])");
    const TrainingSnapshot one = snapshot_of(session);
    CHECK(one.labelled().size() == 1);
    CHECK(learnt_of(session, one, "a01_s01_e01") == std::vector<std::string>{"02"});
    CHECK(learnt_of(session, one, "a02_s01_e01") == std::vector<std::string>{"?"});
}

TEST_CASE("in streams the labelled spans and the change points' pieces of the rest tile the clip") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, LayerKind::truth);
    apply(session, R"([{"do": "draw", "clip": "a01_s01_e01", "label": "01", "span": [5, 12]}])");
    const TrainingSnapshot snapshot = snapshot_of(session);
    CHECK(snapshot.unit == LabelUnit::frame);
    CHECK(snapshot.labelled().size() == 1);
    std::map<schemas::ClipId, std::vector<schemas::FrameSpan>> spans;
    for (const SampleOrigin& origin : snapshot.origins) spans[origin.clip].push_back(origin.span);
    CHECK(spans.size() == 4);
    for (auto& [clip, pieces] : spans) {
        std::ranges::sort(pieces, {}, &schemas::FrameSpan::begin);
        schemas::FrameIndex at = 0;
        for (const schemas::FrameSpan piece : pieces) {
            CHECK(piece.begin == at);
            at = piece.end;
        }
        CHECK(at == 30);
    }
}

TEST_CASE("a deprecated label is neither learnt nor guessed at, and a merged one counts as what it became") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    apply(session, R"([{"do": "add_label", "label": "x"}, {"do": "add_label", "label": "y"},
                       {"do": "draw", "clip": "a01_s01_e01", "label": "x"},
                       {"do": "draw", "clip": "a02_s01_e01", "label": "y"},
                       {"do": "merge_labels", "label": "y", "into": "02"},
                       {"do": "deprecate_label", "label": "x"}])");
    const TrainingSnapshot snapshot = snapshot_of(session);
    CHECK(snapshot.labels == std::vector<std::string>{"01", "02"});
    CHECK(learnt_of(session, snapshot, "a01_s01_e01").empty());
    CHECK(learnt_of(session, snapshot, "a02_s01_e01") == std::vector<std::string>{"02"});
}

TEST_CASE("equal content has an equal hash, whatever its ids, and any other content another") {
    const TemporaryFolder one, two;
    ProjectSession session = project_of_four(one, LayerKind::import, 1);
    ProjectSession same = project_of_four(two, LayerKind::import, 2);
    const std::string hash = snapshot_of(session).hash;
    CHECK(hash.size() == 64);
    CHECK(snapshot_of(same).hash == hash);
    apply(session, R"([{"do": "comment", "clip": "a01_s01_e01", "text": "nothing to learn"}])");
    CHECK(snapshot_of(session).hash == hash);
    apply(session, R"([{"do": "draw", "clip": "a01_s01_e01", "label": "02"}])");
    CHECK(snapshot_of(session).hash != hash);
    session.undo();
    CHECK(snapshot_of(session).hash == hash);
}

TEST_CASE("one layer alone, and all but some performers, can be learnt from") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    apply(session, R"([{"do": "draw", "clip": "a01_s01_e01", "label": "02"}])");
    PoolOptions options;
    options.layer = "Ana";
    CHECK(snapshot_of(session, options).labelled().size() == 1);
    options.layer = "names";
    CHECK(snapshot_of(session, options).labelled().size() == 4);
    options.layer.reset();
    options.without_performers = {"02"};
    CHECK(snapshot_of(session, options).samples.size() == 2);
    options.track = "nothing";
    CHECK_THROWS_AS(snapshot_of(session, options), std::invalid_argument);
    options.track = "category";
    options.layer = "nobody";
    CHECK_THROWS_AS(snapshot_of(session, options), std::invalid_argument);
}

TEST_CASE("a person's label comes before an imported one of the same frames") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    apply(session, R"([{"do": "draw", "clip": "a01_s01_e01", "label": "02"}])");
    CHECK(learnt_of(session, snapshot_of(session), "a01_s01_e01") == std::vector<std::string>{"02"});
}

TEST_CASE("the only skeleton of a take that names nobody is that of whom the labels name") {
    const TemporaryFolder folder;
    tests::write_file(folder, "r/walk_skeleton3D.txt", tests::msr_lines(30));
    ProjectSession session = tests::imported_project(folder);
    LabelImport wanted;
    wanted.files = {tests::write_file(folder, "l.csv", "clip,performer,begin,end,label\nwalk,Eve,0,30,step\n")};
    import_labels(session, wanted);
    CHECK(snapshot_of(session).labelled().size() == 1);
}

TEST_CASE("a take whose recording is gone and not in the cache takes no part and is noted") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    std::filesystem::remove_all(folder.path() / "project" / "cache");
    std::filesystem::remove(folder.path() / "recordings" / "a01_s01_e01_skeleton3D.txt");
    const TrainingSnapshot snapshot = snapshot_of(session);
    CHECK(snapshot.samples.size() == 3);
    CHECK(!snapshot.notes.empty());
}

TEST_CASE("a stopped snapshot is none") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const Motions motions = load_motions(session, {}).value();
    std::stop_source stop;
    stop.request_stop();
    JobContext job;
    job.stop = stop.get_token();
    CHECK(!training_snapshot(session, motions, {}, job));
    CHECK(!load_motions(session, job));
}

}  // namespace annotator
