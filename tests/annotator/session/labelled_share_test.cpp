#include "annotator/session/labelled_share.h"

#include <doctest/doctest.h>

#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

namespace {

// What counting all clips anew says.
double counted(const EditorModel& model, TrackId track) {
    return labelled_share(model.document(), track, unit_of(model.document(), track));
}

}  // namespace

TEST_CASE("the labelled share follows drawing, removing, undo and redo, clip by clip") {
    Labelling ana;
    LabelledShare share;
    const TrackId track{1};
    const auto follows = [&] {
        CAPTURE(share.of(ana.model(), track));
        return share.of(ana.model(), track) == doctest::Approx(counted(ana.model(), track));
    };
    CHECK(follows());
    CHECK(share.of(ana.model(), track) == 0);
    ana.draw(0, 100, 1);  // a whole clip: clips are counted
    CHECK(follows());
    CHECK(share.of(ana.model(), track) == doctest::Approx(0.5));
    ana.ask(PlaybackIntent(OpenClip{ClipId{2}, {}}));
    ana.draw(10, 30, 2);  // a part of one: frames are counted
    CHECK(follows());
    CHECK(share.of(ana.model(), track) == doctest::Approx(0.6));
    ana.key(Action::undo);
    CHECK(follows());
    ana.key(Action::undo);
    CHECK(follows());
    CHECK(share.of(ana.model(), track) == 0);
    ana.key(Action::redo);
    CHECK(follows());
    CHECK(share.of(ana.model(), track) == doctest::Approx(0.5));
}

TEST_CASE("the labelled share of another track is another one") {
    Labelling ana;
    LabelledShare share;
    ana.draw(0, 100, 1);
    CHECK(share.of(ana.model(), TrackId{1}) == doctest::Approx(0.5));
    CHECK(share.of(ana.model(), TrackId{2}) == 0);
    CHECK(share.of(ana.model(), TrackId{1}) == doctest::Approx(0.5));
}

TEST_CASE("the labelled share is counted anew when all rows are read again") {
    Labelling ana;
    LabelledShare share;
    ana.draw(0, 100, 1);
    CHECK(share.of(ana.model(), TrackId{1}) == doctest::Approx(0.5));
    const_cast<EditorModel&>(ana.model()).read_again();
    ana.key(Action::undo);
    CHECK(share.of(ana.model(), TrackId{1}) == doctest::Approx(counted(ana.model(), TrackId{1})));
}
