#include "annotator/session/label_controller.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

TEST_CASE("the first label makes the person's layer, and one step of undo takes both back") {
    Labelling ana;
    CHECK(ana.bench().document().rows<Layer>().empty());
    ana.draw(0, 50, 1);
    REQUIRE(ana.bench().document().rows<Layer>().size() == 1);
    const Layer layer = ana.bench().document().rows<Layer>().begin()->second;
    CHECK(layer.name == "Ana");
    CHECK(layer.kind == LayerKind::person);
    CHECK(ana.state().line->layer == layer.id);
    ana.key(Action::undo);
    CHECK(ana.bench().document().rows<Layer>().empty());
    CHECK(ana.bench().document().rows<Segment>().empty());
    ana.key(Action::redo);
    CHECK(ana.segments() == "[0,50) step");
}

TEST_CASE("marks and a label's key make a segment: three keys from start to end") {
    Labelling ana;
    ana.at(10).key(Action::mark_in).at(30).key(Action::mark_out).label_key(2);
    CHECK(ana.segments() == "[10,30) hop");
    CHECK_FALSE(ana.state().mark_in.has_value());
    CHECK(ana.state().selection.segments.size() == 1);
}

TEST_CASE("enter makes a segment of the marks with the last label, and asks for one where there is none") {
    Labelling ana;
    ana.at(10).key(Action::mark_in).at(30).key(Action::mark_out).key(Action::make_segment);
    CHECK(ana.state().asking == Asking::label);
    ana.label_key(3);
    CHECK(ana.state().asking == Asking::nothing);
    ana.at(40).key(Action::mark_in).at(50).key(Action::make_segment);
    CHECK(ana.segments() == "[10,30) turn, [40,50) turn");
}

TEST_CASE("the last frame can be labelled: what ends there has it") {
    Labelling ana;
    ana.at(90).key(Action::mark_in).at(99).key(Action::mark_out).label_key(1);
    CHECK(ana.segments() == "[90,100) step");
}

TEST_CASE("marks without a frame between them say so") {
    Labelling ana;
    ana.at(10).key(Action::mark_in).key(Action::mark_out).label_key(1);
    CHECK(ana.segments().empty());
    CHECK(ana.said().starts_with("The marks hold no frame."));
    ana.ask(LabelIntent(DrawSegment{{20, 20}, LabelId{1}}));
    CHECK(ana.segments().empty());
}

TEST_CASE("marks that were set the wrong way round still hold what lies between them") {
    Labelling ana;
    ana.ask(LabelIntent(SetMarks{30, 20})).label_key(1);
    CHECK(ana.segments() == "[20,30) step");
}

TEST_CASE("a label's key relabels everything that is selected in one step") {
    Labelling ana;
    ana.draw(0, 10, 1).draw(20, 30, 1).draw(40, 50, 1).key(Action::select_all).label_key(2);
    CHECK(ana.segments() == "[0,10) hop, [20,30) hop, [40,50) hop");
    ana.key(Action::undo);
    CHECK(ana.segments() == "[0,10) step, [20,30) step, [40,50) step");
}

TEST_CASE("a label of another track says which track it belongs to") {
    Labelling ana;
    ana.draw(0, 50, 1).at(10).label_key(4);
    CHECK(ana.segments() == "[0,50) step");
    CHECK(ana.said() == "'salsa' is a label of track 'category', and 'primitive' is active. Tab changes the track.");
}

TEST_CASE("correcting a label costs one key under the playhead and two in the picker") {
    Labelling ana;
    ana.draw(0, 50, 1).at(20).label_key(2);
    CHECK(ana.segments() == "[0,50) hop");
    ana.key(Action::clear_selection).key(Action::correct);
    CHECK(ana.state().asking == Asking::label);
    ana.label_key(3);
    CHECK(ana.segments() == "[0,50) turn");
    CHECK(ana.state().asking == Asking::nothing);
}

TEST_CASE("correcting a boundary costs one key at the frame where it belongs") {
    Labelling ana;
    ana.draw(0, 50, 1).draw(50, 100, 2);
    ana.at(40).key(Action::end_to_playhead);
    CHECK(ana.segments() == "[0,40) step, [40,100) hop");
    ana.key(Action::clear_selection).at(60).key(Action::start_to_playhead);
    CHECK(ana.segments() == "[0,60) step, [60,100) hop");
}

TEST_CASE("in a gap the keys move the boundary of the segment beside it") {
    Labelling ana;
    ana.draw(0, 20, 1).draw(60, 100, 2).at(30).key(Action::end_to_playhead);
    CHECK(ana.segments() == "[0,30) step, [60,100) hop");
    ana.key(Action::clear_selection).at(50).key(Action::start_to_playhead);
    CHECK(ana.segments() == "[0,30) step, [50,100) hop");
}

TEST_CASE("a nudge rolls the boundary, stops before a segment is gone, and shows its frame") {
    Labelling ana;
    ana.draw(0, 7, 1).draw(7, 100, 2).at(3);
    ana.key(Action::nudge_end_back);
    CHECK(ana.segments() == "[0,6) step, [6,100) hop");
    CHECK(ana.model().frame == 6);
    ana.key(Action::nudge_end_back_five);
    CHECK(ana.segments() == "[0,1) step, [1,100) hop");
    ana.key(Action::nudge_end_back);
    CHECK(ana.said().starts_with("The boundary cannot go further"));
}

TEST_CASE("the next and the previous boundary of the active track are gone to") {
    Labelling ana;
    ana.draw(10, 30, 1).draw(50, 100, 2).propose({{1, 35, 45, 1}}).at(20);
    for (const FrameIndex frame : {30, 35, 45, 50, 99}) CHECK(ana.key(Action::next_boundary).model().frame == frame);
    ana.key(Action::next_boundary);
    CHECK(ana.said() == "There is no boundary after this frame on the track.");
    for (const FrameIndex frame : {50, 45, 35, 30, 10})
        CHECK(ana.key(Action::previous_boundary).model().frame == frame);
    ana.key(Action::previous_boundary);
    CHECK(ana.said() == "There is no boundary before this frame on the track.");
}

TEST_CASE("trimming moves one edge and leaves the neighbour") {
    Labelling ana;
    ana.draw(0, 50, 1).draw(50, 100, 2);
    ana.ask(LabelIntent(MoveBoundary{ana.segment_at(10), Edge::end, 40, BoundaryMove::trim}));
    CHECK(ana.segments() == "[0,40) step, [50,100) hop");
}

TEST_CASE("a segment moves whole and does not run over its neighbours") {
    Labelling ana;
    ana.draw(0, 20, 1).draw(40, 60, 2);
    ana.ask(LabelIntent(MoveSegment{ana.segment_at(50), 20}));
    CHECK(ana.segments() == "[0,20) step, [20,40) hop");
    ana.ask(LabelIntent(MoveSegment{ana.segment_at(30), 10}));
    CHECK(ana.segments() == "[0,20) step, [20,40) hop");
    CHECK(ana.said().find("would overlap") != std::string::npos);
}

TEST_CASE("tab goes through the lines and round, and the selection stays behind") {
    Labelling ana;
    ana.draw(0, 10, 1).key(Action::select_all).key(Action::next_line);
    CHECK(ana.state().line->performer == PerformerId{2});
    CHECK(ana.state().selection.empty());
    for (int i = 0; i < 4; ++i) ana.key(Action::next_line);
    CHECK(ana.state().line->track == TrackId{1});
    CHECK(ana.state().line->performer == PerformerId{1});
    ana.key(Action::previous_line);
    CHECK(ana.state().line->track == TrackId{3});
}

TEST_CASE("copies go to the next performer, and to the next track under the label of the same name") {
    Labelling ana;
    ana.draw(0, 20, 1).draw(20, 40, 1).key(Action::select_all).key(Action::copy_to_next_performer);
    CHECK(ana.segments(1, 2) == "[0,20) step, [20,40) step");
    ana.key(Action::copy_to_next_track);
    CHECK(ana.segments(2, {}) == "[0,20) step, [20,40) step");
    ana.key(Action::undo);
    CHECK(ana.segments(2, {}).empty());
}

TEST_CASE("a copy to a track that has no such label says so and makes nothing") {
    Labelling ana;
    ana.draw(0, 20, 2).at(5).key(Action::copy_to_next_track);
    CHECK(ana.segments(2, {}).empty());
    CHECK(ana.said() == "track 'category' has no label 'hop'; add it there first, nothing was copied");
}

TEST_CASE("copies lie over what is there, each over what the ones before left") {
    Labelling ana;
    ana.draw(0, 10, 1).draw(20, 30, 2).key(Action::next_line).draw(0, 40, 3);
    ana.key(Action::previous_line).key(Action::select_all).key(Action::copy_to_next_performer);
    CHECK(ana.segments(1, 2) == "[0,10) step, [10,20) turn, [20,30) hop, [30,40) turn");
    CHECK(ana.is_stored());
}

TEST_CASE("split and merge take the segment under the playhead; several selected become one") {
    Labelling ana;
    ana.draw(0, 30, 1).at(10).key(Action::split);
    CHECK(ana.segments() == "[0,10) step, [10,30) step");
    ana.at(20).key(Action::split);
    ana.key(Action::clear_selection).at(5).key(Action::merge);
    CHECK(ana.segments() == "[0,20) step, [20,30) step");
    ana.key(Action::select_all).key(Action::merge);
    CHECK(ana.segments() == "[0,30) step");
}

TEST_CASE("labels of other people stay as they are, and can be copied into one's own layer") {
    tests::ProjectBuilder project = Labelling::dance_project();
    project.layer(5, "import", LayerKind::import);
    Segment theirs;
    theirs.id = SegmentId{99};
    theirs.layer = LayerId{5};
    theirs.clip = ClipId{1};
    theirs.track = TrackId{1};
    theirs.performer = PerformerId{1};
    theirs.end_frame = 40;
    theirs.label = LabelId{1};
    theirs.state = LabelState::imported;
    theirs.author = "Ben";
    std::get<std::vector<Segment>>(project.rows).push_back(theirs);
    Labelling ana(project);
    theirs = ana.bench().document().at<Segment>(SegmentId{99});
    ana.ask(LabelIntent(SelectSegment{SegmentId{99}})).key(Action::remove);
    CHECK(ana.said().starts_with("This label stands in layer 'import'"));
    ana.label_key(2);
    CHECK(ana.segments() == "[0,40) hop");
    CHECK(ana.bench().document().at<Segment>(SegmentId{99}) == theirs);
    ana.ask(LabelIntent(SelectSegment{SegmentId{99}})).key(Action::make_segment);
    CHECK(ana.segments() == "[0,40) step");
}

TEST_CASE("what a boundary edit touched waits to be classified again, what was deleted does not") {
    Labelling ana;
    ana.draw(0, 50, 1).draw(50, 100, 2);
    const SegmentId left = ana.segment_at(0), right = ana.segment_at(60);
    const_cast<EditorModel&>(ana.model()).moved.clear();
    ana.at(40).key(Action::end_to_playhead);
    CHECK(ana.model().moved == std::set{left, right});
    ana.key(Action::remove);
    CHECK(ana.model().moved == std::set{right});
    const_cast<EditorModel&>(ana.model()).moved.clear();
    ana.at(80).label_key(3);
    CHECK(ana.model().moved.empty());
}

TEST_CASE("another clip has its own lines: what was selected and marked stays behind, the track does not") {
    Labelling ana;
    ana.key(Action::next_line).key(Action::next_line).draw(0, 10, 4).key(Action::select_all);
    ana.ask(PlaybackIntent(OpenClip{ClipId{2}, {}}));
    CHECK(ana.state().selection.empty());
    CHECK(ana.state().line->clip == ClipId{2});
    CHECK(ana.state().line->track == TrackId{2});
}

TEST_CASE("labels and tracks are added where there are none") {
    Labelling ana;
    ana.ask(LabelIntent(AddLabel{TrackId{1}, "旋转"}));
    CHECK(ana.bench().document().rows<Label>().size() == 7);
    ana.ask(LabelIntent(AddLabel{TrackId{1}, "旋转"}));
    CHECK(ana.said().find("already") != std::string::npos);
    ana.ask(LabelIntent(AddTrack{"arms", TrackKind::free}));
    CHECK(ana.model().track()->name == "arms");
    ana.ask(LabelIntent(AddTrack{"", TrackKind::free}));
    CHECK(ana.said() == "A track needs a name.");
}

TEST_CASE("on a project that can only be read nothing changes and it says why") {
    Labelling ana;
    const_cast<EditorModel&>(ana.model()).read_only_because = "Ben has it open.";
    ana.at(3).key(Action::mark_in).at(9).label_key(1);
    CHECK(ana.segments().empty());
    CHECK(ana.said() == "Ben has it open.");
    ana.key(Action::undo);
    CHECK(ana.said() == "Ben has it open.");
}

TEST_CASE("without a clip every action says what is missing or does something, and nothing breaks") {
    tests::ProjectBuilder empty;
    Labelling ana(empty);
    const_cast<EditorModel&>(ana.model()).state.clip.reset();
    ana.bench().tick();
    for (const ActionInfo& info : all_actions())
        if (info.group == ActionGroup::labels) ana.key(info.action);
    CHECK_FALSE(ana.said().empty());
    CHECK_FALSE(ana.state().line.has_value());
}

TEST_CASE("each action of labels does something or says why not") {
    for (const ActionInfo& info : all_actions()) {
        if (info.group != ActionGroup::labels) continue;
        for (const bool labelled : {false, true}) {
            Labelling ana;
            if (labelled)
                ana.draw(20, 40, 1)
                    .draw(40, 60, 2)
                    .propose({{1, 60, 80, 1}, {2, 80, 100, 2}})
                    .at(30)
                    .key(Action::zoom_in);
            auto& model = const_cast<EditorModel&>(ana.model());
            model.state.notices.clear();
            const EditorState before = ana.state();
            const std::uint64_t revision = ana.model().revision;
            const FrameIndex frame = ana.model().frame;
            ana.key(info.action);
            const EditorState& after = ana.state();
            const bool did = ana.model().revision != revision || ana.model().frame != frame ||
                             after.asking != before.asking || after.selection != before.selection ||
                             after.line != before.line || after.mark_in != before.mark_in ||
                             after.mark_out != before.mark_out || after.snapping != before.snapping ||
                             after.range.frames_per_point != before.range.frames_per_point;
            const bool needs_nothing = info.action == Action::clear_selection || info.action == Action::fit_clip ||
                                       info.action == Action::fit_selection || info.action == Action::zoom_out;
            INFO(info.name, labelled ? " with labels" : " without labels");
            CHECK((did || needs_nothing || !ana.said().empty()));
        }
    }
}

TEST_CASE("random intents and keys never break anything, and the document stays what the database has") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Labelling ana;
        ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}, {3, 60, 100, 1}});
        std::mt19937_64 random(seed);
        const auto pick = [&](std::int64_t from, std::int64_t to) {
            return from + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(to - from + 1));
        };
        const auto some_segment = [&] {
            const auto& rows = ana.bench().document().rows<Segment>();
            if (rows.empty() || pick(0, 9) == 0) return SegmentId{pick(1, 9)};
            return std::next(rows.begin(), pick(0, static_cast<std::int64_t>(rows.size()) - 1))->first;
        };
        const auto some_pose = [&] {
            const auto& rows = ana.bench().document().rows<KeyPose>();
            return rows.empty() ? KeyPoseId{1} : rows.begin()->first;
        };
        const auto frame = [&] { return pick(-3, 104); };
        for (int i = 0; i < 250; ++i) {
            const auto performer = pick(0, 2) == 0 ? std::nullopt : std::optional(PerformerId{pick(1, 3)});
            const auto how = static_cast<SelectHow>(pick(0, 2));
            const auto edge = static_cast<Edge>(pick(0, 1));
            const LabelIntent intents[] = {
                SelectSegment{some_segment(), how},
                SelectSegments{{some_segment(), some_segment()}, how},
                SelectProposal{ProposalId{pick(0, 4)}},
                SelectKeyPose{some_pose()},
                SelectComment{CommentId{3}},
                ClearSelection{},
                SetActiveLine{TrackId{pick(0, 4)}, performer},
                SetMarks{frame(), frame()},
                SetMarks{frame(), std::nullopt},
                DrawSegment{{frame(), frame()}, LabelId{pick(0, 7)}},
                UseLabel{LabelId{pick(0, 7)}},
                RelabelSegments{{some_segment(), some_segment()}, LabelId{pick(0, 7)}},
                MoveBoundary{some_segment(), edge, frame(), static_cast<BoundaryMove>(pick(0, 1))},
                MoveSegment{some_segment(), frame()},
                SplitSegment{some_segment(), frame()},
                MergeWithNext{some_segment()},
                DeleteSelection{},
                AcceptProposals{{ProposalId{pick(0, 4)}, ProposalId{pick(0, 4)}}},
                RejectProposal{ProposalId{pick(0, 4)}},
                CorrectProposal{ProposalId{pick(0, 4)}, {frame(), frame()}, LabelId{pick(0, 7)}},
                CopySegments{{some_segment(), some_segment()}, TrackId{pick(0, 4)}, performer},
                AddKeyPose{frame(), LabelId{pick(0, 7)}},
                MoveKeyPose{some_pose(), frame()},
                AddComment{{frame(), frame()}, pick(0, 3) == 0 ? "" : "well"},
                ResolveComment{CommentId{3}},
                AddLabel{TrackId{pick(0, 4)}, pick(0, 3) == 0 ? "" : "l" + std::to_string(pick(0, 9))},
                UndoEdit{},
                RedoEdit{}};
            if (pick(0, 1) == 0) {
                ana.ask(intents[static_cast<std::size_t>(pick(0, std::ssize(intents) - 1))]);
            } else {
                const ActionInfo& info =
                    all_actions()[static_cast<std::size_t>(pick(0, std::ssize(all_actions()) - 1))];
                if (info.group == ActionGroup::labels) ana.key(info.action);
            }
            if (pick(0, 3) == 0) ana.at(std::clamp<FrameIndex>(frame(), 0, 99));
            if (pick(0, 40) == 0) ana.ask(PlaybackIntent(OpenClip{ClipId{pick(1, 2)}, {}}));
        }
        CHECK(ana.is_stored());
        REQUIRE(ana.state().line.has_value());
        for (const SegmentId id : ana.state().selection.segments)
            CHECK(ana.bench().document().at<Segment>(id).clip == *ana.state().clip);
        for (const Notice& notice : ana.state().notices) CHECK_FALSE(notice.text.empty());
    }
}
