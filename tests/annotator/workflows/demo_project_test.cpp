#include "annotator/workflows/demo_project.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/retrain.h"
#include "annotator/workflows/verify_project.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

TEST_CASE("slow: the demo project is sound, partly labelled, and asks what to label next") {
    const tests::TemporaryFolder folder;
    const auto made = make_demo_project(folder.path() / "demo", {});
    REQUIRE(made);
    CHECK(made->clips == 80);
    CHECK(made->labelled == 15);
    CHECK(made->videos == 5);

    ProjectSession session(folder.path() / "demo", {});
    const Document& document = session.document();
    CHECK(verify_project(session, {})->empty());
    CHECK(layer_named(document, "truth")->kind == schemas::LayerKind::truth);
    CHECK(layer_named(document, "Demo")->kind == schemas::LayerKind::person);
    CHECK(session.store().queue().size() == 20);

    const auto* track = track_of_kind(document, schemas::TrackKind::category);
    CHECK(labelled_share(document, track->id, LabelUnit::clip) == doctest::Approx(15.0 / 80));
    CHECK(unit_of(document, track->id) == LabelUnit::clip);
    const auto& streams = document.rows<schemas::Stream>();
    CHECK(std::ranges::count(streams, schemas::StreamKind::audio,
                             [](const auto& entry) { return entry.second.kind; }) == 5);
    // Every performer was told by the names.
    CHECK(document.rows<schemas::Performer>().size() == 4);

    // Taught, it has a model a track, and proposals for every clip that nobody labelled.
    const Document labels = document;
    const auto proposals = teach_demo_project(folder.path() / "demo", {});
    REQUIRE(proposals);
    ProjectSession taught(folder.path() / "demo", {});
    CHECK(taught.document() == labels);
    CHECK(promoted_models(taught).size() == 2);
    CHECK(taught.store().proposals().size() == *proposals);
    CHECK(std::ranges::count(taught.store().proposals(), track->id, &schemas::Proposal::track) == 80 - 15);
    CHECK(taught.store().queue().size() == 20);
    CHECK_FALSE(taught.store().queue().front().top.empty());
    CHECK(verify_project(taught, {})->empty());
}

TEST_CASE("a demo project that is stopped says so") {
    const tests::TemporaryFolder folder;
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(make_demo_project(folder.path() / "demo", {[](const Progress&) {}, stop.get_token()}));
}

TEST_CASE("a demo project does not go where something is already") {
    const tests::TemporaryFolder folder;
    folder.file("demo/thesis.txt", "years of work");
    CHECK_THROWS(make_demo_project(folder.path() / "demo", {}));
    CHECK(std::filesystem::exists(folder.path() / "demo" / "thesis.txt"));
}
