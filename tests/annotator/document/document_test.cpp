#include "annotator/document/document.h"

#include <doctest/doctest.h>

#include "annotator/document/commands.h"
#include "tests/support/project_builder.h"

using namespace annotator;
using namespace schemas;

namespace {

const EditStamp stamp{EditId{9}, 1'000, {"Ana", AuthorKind::person}};
const Line line{ClipId{1}, LayerId{1}, TrackId{1}, std::nullopt};

struct Fixture {
    Document document{tests::small_project().rows};
    IdSource ids{1};

    SegmentId draw(FrameIndex begin, FrameIndex end, std::int64_t label = 1, Line at = line) {
        const Edit edit = draw_segment(document, stamp, {at, {begin, end}, LabelId{label}, LabelState::drawn, {}, {}},
                                       WhereLabelled::refuse, ids);
        document.apply(edit);
        return std::get<RowChange<Segment>>(edit.changes.back()).after->id;
    }
    FrameSpan span(SegmentId id) const { return document.at<Segment>(id).span(); }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "segments of a line come by their first frame") {
    const SegmentId late = draw(50, 60), early = draw(10, 20);
    CHECK(std::vector(document.segments(line).begin(), document.segments(line).end()) == std::vector{early, late});
}

TEST_CASE_FIXTURE(Fixture, "a line's segments are visited in their order, whenever they were made") {
    for (const FrameIndex begin : {40, 0, 10, 60, 20, 50}) draw(begin, begin + 5);
    std::vector<SegmentId> visited;
    document.for_each_segment(line, [&](const Segment& segment) { visited.push_back(segment.id); });
    CHECK(std::vector(document.segments(line).begin(), document.segments(line).end()) == visited);
    document.for_each_segment({ClipId{2}, LayerId{1}, TrackId{1}, {}}, [](const Segment&) { FAIL("has none"); });
}

TEST_CASE_FIXTURE(Fixture, "an edit whose row has changed meanwhile is refused and changes nothing") {
    const SegmentId id = draw(10, 20);
    const Edit stale = relabel_segment(document, stamp, id, LabelId{2});
    document.apply(relabel_segment(document, stamp, id, LabelId{3}));
    const Document before = document;
    CHECK_THROWS_AS(document.apply(stale), EditConflict);
    CHECK(document == before);
}

TEST_CASE_FIXTURE(Fixture, "an edit is all or nothing: a bad change takes back the good ones before it") {
    const Edit good = draw_segment(document, stamp, {line, {0, 10}, LabelId{1}, LabelState::drawn, {}, {}},
                                   WhereLabelled::refuse, ids);
    Edit half = good;
    half.changes.push_back(good.changes.front());
    const Document before = document;
    CHECK_THROWS_AS(document.apply(half), EditConflict);
    CHECK(document == before);
    CHECK(document.segments(line).empty());
}

TEST_CASE_FIXTURE(Fixture, "labels of an exclusive track never overlap") {
    draw(10, 20);
    Segment second = document.rows<Segment>().begin()->second;
    second.id = SegmentId{77};
    second.begin_frame = 19;
    second.end_frame = 30;
    CHECK_THROWS_AS(document.apply({"Overlap", {RowChange<Segment>{std::nullopt, second}}}), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "labels of other performers, layers and free tracks may overlap") {
    draw(10, 20);
    draw(10, 20, 1, {ClipId{1}, LayerId{2}, TrackId{1}, std::nullopt});
    draw(10, 20, 1, {ClipId{1}, LayerId{1}, TrackId{1}, PerformerId{1}});
    draw(10, 20, 4, {ClipId{1}, LayerId{1}, TrackId{2}, std::nullopt});
    draw(15, 25, 4, {ClipId{1}, LayerId{1}, TrackId{2}, std::nullopt});
    CHECK(document.rows<Segment>().size() == 5);
}

TEST_CASE_FIXTURE(Fixture, "a label stays inside its clip and on a label of its track") {
    CHECK_THROWS_AS(draw(90, 101), EditConflict);
    CHECK_THROWS_AS(draw(-1, 5), EditConflict);
    CHECK_THROWS_AS(draw(5, 5), EditConflict);
    CHECK_THROWS_AS(draw(5, 6, 4), EditConflict);
    CHECK(document.rows<Segment>().empty());
}

TEST_CASE_FIXTURE(Fixture, "moving a boundary between two touching segments rolls it") {
    const SegmentId left = draw(10, 20), right = draw(20, 30, 2);
    document.apply(roll_boundary(document, stamp, right, Edge::begin, 17));
    CHECK(span(left) == FrameSpan{10, 17});
    CHECK(span(right) == FrameSpan{17, 30});
}

TEST_CASE_FIXTURE(Fixture, "a boundary cannot be rolled over the whole neighbour") {
    const SegmentId left = draw(10, 20);
    draw(20, 30, 2);
    CHECK_THROWS_AS(roll_boundary(document, stamp, left, Edge::end, 30), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "trimming moves one segment alone and may not run into the next") {
    const SegmentId left = draw(10, 20);
    draw(20, 30, 2);
    document.apply(trim_segment(document, stamp, left, Edge::end, 15));
    CHECK(span(left) == FrameSpan{10, 15});
    CHECK_THROWS_AS(document.apply(trim_segment(document, stamp, left, Edge::end, 21)), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "a split keeps every frame and a merge takes it back") {
    const SegmentId left = draw(10, 20);
    document.apply(split_segment(document, stamp, left, 14, SegmentId{99}));
    CHECK(span(left) == FrameSpan{10, 14});
    CHECK(span(SegmentId{99}) == FrameSpan{14, 20});
    document.apply(merge_with_next(document, stamp, left));
    CHECK(span(left) == FrameSpan{10, 20});
    CHECK(document.find<Segment>(SegmentId{99}) == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "drawing over labels cuts them where they stick out") {
    const SegmentId whole = draw(0, 100);
    document.apply(draw_segment(document, stamp, {line, {40, 60}, LabelId{2}, LabelState::drawn, {}, {}},
                                WhereLabelled::overwrite, ids));
    const auto now = document.segments(line);
    REQUIRE(now.size() == 3);
    CHECK(span(whole) == FrameSpan{0, 40});
    CHECK(span(now[1]) == FrameSpan{40, 60});
    CHECK(span(now[2]) == FrameSpan{60, 100});
}

TEST_CASE_FIXTURE(Fixture, "a bulk accept is one edit and leaves labelled spans alone") {
    draw(0, 50);
    const auto proposal = [](std::int64_t id, FrameIndex begin, FrameIndex end) {
        return Proposal{ProposalId{id}, ModelId{5}, ClipId{1}, TrackId{1},         std::nullopt,
                        begin,          end,        0,         {{LabelId{2}, 0.9}}};
    };
    const Edit edit = accept_proposals(document, stamp, LayerId{1}, {proposal(1, 40, 60), proposal(2, 60, 80)}, ids);
    REQUIRE(edit.changes.size() == 1);
    const Segment& label = *std::get<RowChange<Segment>>(edit.changes.front()).after;
    CHECK(label.state == LabelState::accepted);
    CHECK(label.proposal == ProposalId{2});
    CHECK(label.model == ModelId{5});
    CHECK(label.author == "Ana");
}

TEST_CASE_FIXTURE(Fixture, "a corrected proposal remembers where it came from") {
    const Proposal proposal{ProposalId{1},      ModelId{5}, ClipId{1}, TrackId{1}, std::nullopt, 0, 10, 0,
                            {{LabelId{2}, 0.9}}};
    document.apply(correct_proposal(document, stamp, LayerId{1}, proposal, {0, 12}, LabelId{3}, ids));
    const Segment& label = document.rows<Segment>().begin()->second;
    CHECK(label.state == LabelState::corrected);
    CHECK(label.proposal == ProposalId{1});
    CHECK(label.label == LabelId{3});
}

TEST_CASE_FIXTURE(Fixture, "touching an accepted label makes it a corrected one") {
    const SegmentId id = draw(0, 10);
    document.apply(set_state(document, stamp, id, LabelState::accepted));
    document.apply(relabel_segment(document, stamp, id, LabelId{2}));
    CHECK(document.at<Segment>(id).state == LabelState::corrected);
}
