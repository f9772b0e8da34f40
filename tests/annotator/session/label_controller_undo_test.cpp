// Undo and redo of labels (annotator/session/label_controller_undo.cpp).
#include <doctest/doctest.h>

#include "annotator/session/label_controller.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

TEST_CASE("undo selects what it brought back and drops what is gone") {
    Labelling ana;
    ana.draw(0, 10, 1).key(Action::select_all).key(Action::remove);
    CHECK(ana.state().selection.empty());
    ana.key(Action::undo);
    CHECK(ana.state().selection.segments.size() == 1);
    ana.key(Action::undo);
    CHECK(ana.state().selection.empty());
    ana.key(Action::undo).key(Action::undo);
    CHECK(ana.said() == "There is nothing to undo.");
}

TEST_CASE("undo and redo open the clip that they touched, and select what is there") {
    Labelling ana;
    ana.draw(10, 20, 1).ask(PlaybackIntent(OpenClip{ClipId{2}, {}}));
    ana.key(Action::undo);
    CHECK(ana.state().clip == ClipId{1});
    CHECK(ana.said().starts_with("Undone in clip 'walk'"));
    ana.ask(PlaybackIntent(OpenClip{ClipId{2}, {}})).key(Action::redo);
    CHECK(ana.state().clip == ClipId{1});
    CHECK(ana.model().frame == 10);
    CHECK(ana.state().selection.segments == std::vector{ana.segment_at(15)});
}

TEST_CASE("in Review undo goes back to the card that it touched") {
    Labelling ana;
    auto& model = const_cast<EditorModel&>(ana.model());
    model.session.store().replace_queue({{ClipId{1}, PerformerId{1}, {0, 30}, 0.9, {}, {{LabelId{1}, 0.6}}},
                                         {ClipId{2}, {}, {30, 60}, 0.8, {}, {{LabelId{2}, 0.6}}}});
    model.read_model_output();
    ana.ask(WindowIntent(ShowWorkspace{Workspace::review})).ask(WorkIntent(OpenQueueItem{0}));
    ana.ask(LabelIntent(UseLabel{LabelId{3}}));
    CHECK(ana.state().queue_index == 1);
    CHECK(ana.state().clip == ClipId{2});
    ana.key(Action::undo);
    CHECK(ana.state().queue_index == 0);
    CHECK(ana.state().clip == ClipId{1});
}
