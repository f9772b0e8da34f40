#include <doctest/doctest.h>

#include "annotator/session/label_controller.h"
#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

// Proposals in Annotate and the cards of Review.

TEST_CASE("accepting and going on costs one key") {
    Labelling ana;
    ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}, {3, 60, 100, 1}}).at(5);
    ana.key(Action::accept).key(Action::accept).key(Action::accept);
    CHECK(ana.segments() == "[0,30) step, [30,60) hop, [60,100) step");
    CHECK(ana.said() == "No proposals are left on this track.");
    CHECK(ana.bench().document().rows<Segment>().begin()->second.state == LabelState::accepted);
}

TEST_CASE("rejecting goes on, and what was rejected is not offered again") {
    Labelling ana;
    ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}}).at(5).key(Action::reject);
    CHECK(ana.state().selection.proposal == ProposalId{2});
    CHECK(ana.model().frame == 30);
    ana.key(Action::reject);
    CHECK(ana.bench().document().rows<Rejection>().size() == 2);
    ana.key(Action::clear_selection).at(5).key(Action::reject);
    CHECK(ana.said() == "There is no proposal here to reject.");
}

TEST_CASE("a label's key on the selected proposal corrects it and goes on; under the playhead it labels and stays") {
    Labelling ana;
    ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}, {3, 60, 100, 1}}).at(5).label_key(3);
    CHECK(ana.segments() == "[0,30) turn");
    CHECK(ana.model().frame == 5);
    ana.at(35).key(Action::correct).label_key(1);
    CHECK(ana.segments() == "[0,30) turn, [30,60) step");
    CHECK(ana.state().selection.proposal == ProposalId{3});
}

TEST_CASE("accepting where nothing is proposed selects the next proposal and accepts nothing") {
    Labelling ana;
    ana.propose({{2, 30, 60, 2}}).at(5).key(Action::accept);
    CHECK(ana.segments().empty());
    CHECK(ana.state().selection.proposal == ProposalId{2});
}

TEST_CASE("accepting many proposals is one step of undo") {
    Labelling ana;
    ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}, {3, 60, 100, 1}});
    ana.ask(LabelIntent(AcceptProposals{{ProposalId{1}, ProposalId{2}, ProposalId{3}}}));
    CHECK(ana.bench().document().rows<Segment>().size() == 3);
    ana.key(Action::undo);
    CHECK(ana.bench().document().rows<Segment>().empty());
}

TEST_CASE("in Review a key answers the card and goes on in the queue") {
    Labelling ana;
    ana.propose({{1, 0, 30, 1}});
    auto& model = const_cast<EditorModel&>(ana.model());
    QueueItem proposed{ClipId{1}, PerformerId{1}, {0, 30}, 0.9, {}, {}};
    QueueItem bare{ClipId{1}, PerformerId{2}, {40, 60}, 0.8, {}, {{LabelId{2}, 0.6}}};
    model.output.queue = {proposed, bare};
    model.state.workspace = Workspace::review;
    model.state.queue_index = 0;
    ana.key(Action::accept);
    CHECK(ana.segments(1, 1) == "[0,30) step");
    model.state.queue_index = 1;
    ana.key(Action::accept);
    CHECK(ana.segments(1, 2) == "[40,60) hop");
    model.state.queue_index = 1;
    ana.key(Action::clear_selection).label_key(3);
    CHECK(ana.segments(1, 2) == "[40,60) turn");
}

TEST_CASE("in Review a key answers the card with the proposal of the queue's own track") {
    Labelling ana;
    const auto proposal = [](std::int64_t id, std::int64_t track, FrameIndex end, std::int64_t label) {
        Proposal row;
        row.id = ProposalId{id};
        row.model = ModelId{1};
        row.clip = ClipId{1};
        row.track = TrackId{track};
        row.end_frame = end;
        row.top = {{LabelId{label}, 0.8}};
        return row;
    };
    auto& model = const_cast<EditorModel&>(ana.model());
    model.output.proposals[ClipId{1}] = {proposal(1, 1, 30, 1), proposal(2, 2, 12, 4)};
    const QueueItem card{ClipId{1}, {}, {0, 30}, 0.9, {}, {}};
    model.output.queue = {card};
    model.output.queue_track = TrackId{2};
    model.state.workspace = Workspace::review;
    model.state.queue_index = 0;
    ana.key(Action::accept);
    CHECK(ana.segments(2, {}) == "[0,12) salsa");
    CHECK(ana.segments(1, {}).empty());
}

TEST_CASE("where another program wrote meanwhile, nothing is done and the same proposal stays for the next key") {
    for (const Action action : {Action::accept, Action::reject}) {
        Labelling ana;
        ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}}).at(5).ask(LabelIntent(SelectProposal{ProposalId{1}}));
        ana.another_program_edits().key(action);
        CHECK(ana.said().starts_with("Another program changed the project"));
        CHECK(ana.state().selection.proposal == ProposalId{1});
        CHECK(ana.model().frame == 5);
        ana.key(action);
        CHECK(ana.state().selection.proposal == ProposalId{2});
    }
}

TEST_CASE("where another program wrote meanwhile, the same card stays for the next key") {
    for (const Intent& answer :
         {Intent(Action::accept), Intent(Action::reject), Intent(LabelIntent(UseLabel{LabelId{3}}))}) {
        Labelling ana;
        ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}});
        auto& model = const_cast<EditorModel&>(ana.model());
        model.session.store().replace_queue({{ClipId{1}, PerformerId{1}, {0, 30}, 0.9, {}, {{LabelId{1}, 0.6}}},
                                             {ClipId{1}, PerformerId{1}, {30, 60}, 0.8, {}, {{LabelId{2}, 0.6}}}});
        model.read_model_output();
        ana.ask(WindowIntent(ShowWorkspace{Workspace::review})).ask(WorkIntent(OpenQueueItem{0}));
        ana.another_program_edits().ask(answer);
        CHECK(ana.bench().document().rows<Segment>().empty());
        CHECK(ana.bench().document().rows<Rejection>().empty());
        CHECK(ana.state().queue_index == 0);
        ana.ask(answer);
        CHECK(ana.state().queue_index == 1);
    }
}
