#include "annotator/session/event_log.h"

#include <doctest/doctest.h>

#include "annotator/document/commands.h"
#include "tests/support/project_builder.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;
using schemas::LabelId;
using schemas::SegmentId;

namespace {

constexpr schemas::Timestamp second = 1'000'000;

// A document with what edits need, and what a model offered.
struct Work {
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    Work() { document.apply(tests::small_project().edit()); }

    EditEvent done(const Edit& edit) {
        EditEvent event = event_of(document, edit, offered);
        document.apply(edit);
        return event;
    }
    EditEvent draw(schemas::FrameSpan span, std::int64_t label) {
        const NewSegment wanted{line, span, LabelId{label}, schemas::LabelState::drawn, {}, {}};
        return done(draw_segment(document, stamp, wanted, WhereLabelled::overwrite, ids));
    }
    [[nodiscard]] SegmentId segment(std::size_t place) const { return document.segments(line)[place]; }

    Document document;
    schemas::IdSource ids{1};
    EditStamp stamp{schemas::EditId{1}, 0, {"Ana", schemas::AuthorKind::person}};
    Line line{schemas::ClipId{1}, schemas::LayerId{1}, schemas::TrackId{1}, {}};
    schemas::Proposal proposal;
    Offered offered{[this](schemas::ProposalId) { return proposal.top; },
                    [this](schemas::ProposalId) { return std::optional(proposal.span()); },
                    [this](SegmentId) { return suggested; }};
    std::vector<schemas::LabelScore> suggested;
};

struct WorkWithProposal : Work {
    WorkWithProposal() {
        proposal.id = schemas::ProposalId{5};
        proposal.model = schemas::ModelId{9};
        proposal.clip = schemas::ClipId{1};
        proposal.track = schemas::TrackId{1};
        proposal.begin_frame = 10;
        proposal.end_frame = 40;
        proposal.top = {{LabelId{1}, 0.7}, {LabelId{2}, 0.2}};
    }
};

}  // namespace

TEST_CASE("a drawn label counts as a boundary and a label from nothing") {
    Work work;
    const EditEvent event = work.draw({10, 40}, 1);
    CHECK(event.kind == "draw");
    CHECK(event.segments == 1);
    CHECK(event.actions.created == 1);
    CHECK(event.actions.labelled == 1);
}

TEST_CASE("a boundary between two segments that is rolled is one that moved") {
    Work work;
    work.draw({10, 40}, 1);
    work.draw({40, 60}, 2);
    const EditEvent event = work.done(roll_boundary(work.document, work.stamp, work.segment(0), Edge::end, 45));
    CHECK(event.kind == "move");
    CHECK(event.actions.moved == 1);
    CHECK(event.segments == 0);
}

TEST_CASE("splitting inserts a boundary, merging and deleting take one away") {
    Work work;
    work.draw({10, 40}, 1);
    CHECK(work.done(split_segment(work.document, work.stamp, work.segment(0), 20, SegmentId{77})).kind == "split");
    const EditEvent merged = work.done(merge_with_next(work.document, work.stamp, work.segment(0)));
    CHECK(merged.kind == "merge");
    CHECK(merged.actions.deleted == 1);
    CHECK(work.done(delete_segment(work.document, work.segment(0))).kind == "delete");
}

TEST_CASE("a label that the model suggested is one key, another is searched for") {
    Work work;
    work.draw({10, 40}, 1);
    work.suggested = {{LabelId{1}, 0.6}, {LabelId{2}, 0.3}};
    CHECK(
        work.done(relabel_segment(work.document, work.stamp, work.segment(0), LabelId{2})).actions.relabelled_by_key ==
        1);
    CHECK(work.done(relabel_segment(work.document, work.stamp, work.segment(0), LabelId{3}))
              .actions.relabelled_by_search == 1);
}

TEST_CASE("an accepted proposal costs a look and no operation") {
    WorkWithProposal work;
    const EditEvent event = event_of(
        work.document, accept_proposals(work.document, work.stamp, schemas::LayerId{1}, {work.proposal}, work.ids),
        work.offered);
    CHECK(event.kind == "accept");
    CHECK(event.segments == 1);
    CHECK(event.actions.operations() == 0);
    CHECK(event.actions.verified == 1);
}

TEST_CASE("a corrected proposal costs what was put right") {
    WorkWithProposal work;
    const auto corrected = [&](schemas::FrameSpan span, std::int64_t label) {
        return event_of(work.document,
                        correct_proposal(work.document, work.stamp, schemas::LayerId{1}, work.proposal, span,
                                         LabelId{label}, work.ids),
                        work.offered)
            .actions;
    };
    CHECK(corrected({10, 40}, 2).relabelled_by_key == 1);
    CHECK(corrected({10, 40}, 3).relabelled_by_search == 1);
    CHECK(corrected({12, 40}, 1).moved == 1);
    CHECK(corrected({12, 45}, 1).operations() == 2);
}

TEST_CASE("your hour counts sixty minutes and compares with labelling from scratch") {
    std::deque<EditEvent> events(3);
    for (EditEvent& event : events) {
        event.segments = 1;
        event.actions.verified = 1;
        event.time = 7000 * second;
    }
    events.front().time = second;
    const WorkHour hour = hour_of(events, 7200 * second);
    CHECK(hour.segments == 2);
    CHECK(hour.seconds == doctest::Approx(2 * 1.35));
    CHECK(hour.seconds_scratch == doctest::Approx(2 * (3.05 + 1.55)));
    CHECK(text_of(hour) == "your hour: 2 segments, 71 % less than from scratch");
    CHECK(text_of(WorkHour{}).empty());
}

TEST_CASE("events go on after a restart, and a broken line is passed over") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "state" / "events" / "1.jsonl";
    Work work;
    {
        EventLog log;
        log.keep_in(file);
        log.add(work.draw({10, 40}, 1), 10 * second);
        log.add(work.draw({50, 60}, 2), 12 * second);
    }
    const std::string written = tests::text_in(file);
    CHECK(std::ranges::count(written, '\n') == 2);
    CHECK(written.find("\"since_ms\":2000.0") != std::string::npos);
    CHECK(written.find("\"kind\":\"draw\"") != std::string::npos);
    folder.file("state/events/1.jsonl", written + "{broken\n");
    EventLog log;
    log.keep_in(file);
    CHECK(log.hour(20 * second).segments == 2);
    CHECK(log.hour(4000 * second).segments == 0);
}

TEST_CASE("where events cannot be written they are counted all the same") {
    EventLog log;
    log.keep_in("/proc/no/such/place.jsonl");
    Work work;
    log.add(work.draw({10, 40}, 1), second);
    CHECK(log.hour(2 * second).segments == 1);
    // Not even whether it is there can be seen.
    log.keep_in("/tmp/" + std::string(300, 'x'));
    log.add(work.draw({50, 60}, 1), second);
    CHECK(log.hour(2 * second).segments == 2);
}
