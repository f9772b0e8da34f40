#include "annotator/session/curation.h"

#include <doctest/doctest.h>

#include "annotator/document/commands.h"
#include "tests/support/project_builder.h"

using namespace annotator;
using storage::Severity;

namespace {

Document document_with(const std::string& clip) {
    Document document;
    document.apply(tests::small_project().clip(9, clip).edit());
    return document;
}

}  // namespace

TEST_CASE("a finding is found by its take and the first frame that it names") {
    const Places places(document_with("waltz (second) (a)"));
    const auto place =
        places.of({Severity::warning, "is dark in frames 12 to 39, 60 and 2 more", "take waltz (second) (a) (w.mp4)"});
    REQUIRE(place);
    CHECK(place->clip == schemas::ClipId{9});
    CHECK(place->frame == 12);
}

TEST_CASE("a finding that names no frame is shown from the start, one past the end at the end") {
    const Places places(document_with("waltz"));
    CHECK(places.of({Severity::warning, "has 24 frames a second", "take waltz (w.mp4)"})->frame == 0);
    CHECK(places.of({Severity::error, "frame 4000 does not decode", "take waltz (w.mp4)"})->frame == 99);
}

TEST_CASE("a finding about nothing that is there has no place") {
    const Places places(document_with("waltz"));
    CHECK_FALSE(places.of({Severity::warning, "pairs look alike", "project"}));
    CHECK_FALSE(places.of({Severity::warning, "is dark", "take tango (t.mp4)"}));
}

TEST_CASE("recordings that show the same are duplicates") {
    CHECK(kind_of({Severity::warning, "shows the same as take a (a.mp4) from about frame 3 on", ""}) ==
          FindingKind::duplicate);
    CHECK(kind_of({Severity::warning, "is dark", ""}) == FindingKind::recording);
}

TEST_CASE("balance counts clips and frames of every label, of none, too") {
    Document document = document_with("waltz");
    schemas::IdSource ids(1);
    const EditStamp stamp{schemas::EditId{1}, 0, {"Ana", schemas::AuthorKind::person}};
    for (const schemas::FrameSpan span : {schemas::FrameSpan{0, 10}, schemas::FrameSpan{20, 50}}) {
        const NewSegment wanted{{schemas::ClipId{9}, schemas::LayerId{1}, schemas::TrackId{1}, {}},
                                span,
                                schemas::LabelId{2},
                                schemas::LabelState::drawn,
                                {},
                                {}};
        document.apply(draw_segment(document, stamp, wanted, WhereLabelled::refuse, ids));
    }
    const auto rows = label_balance(document, schemas::TrackId{1});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].name == "hop");
    CHECK(rows[0].label == schemas::LabelId{2});
    CHECK(rows[0].clips == 1);
    CHECK(rows[0].frames == 40);
    CHECK(rows[1].clips == 0);
}
