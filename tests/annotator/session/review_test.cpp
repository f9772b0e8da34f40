#include "annotator/session/review.h"

#include <doctest/doctest.h>

#include "annotator/document/commands.h"
#include "tests/support/project_builder.h"

using namespace annotator;

namespace {

constexpr schemas::TrackId primitive{1};

struct Queue {
    Queue() {
        document.apply(tests::small_project().edit());
        output.queue = {item(1, {0, 50}), item(1, {50, 100}), item(2, {0, 100})};
        output.queue_track = primitive;
    }
    static schemas::QueueItem item(std::int64_t clip, schemas::FrameSpan span) {
        return {schemas::ClipId{clip}, {}, span, 1, {}, {{schemas::LabelId{1}, 0.5}}};
    }
    void label(std::int64_t clip, schemas::FrameSpan span, std::int64_t layer = 1) {
        const EditStamp stamp{schemas::EditId{1}, 0, {"Ana", schemas::AuthorKind::person}};
        const NewSegment wanted{{schemas::ClipId{clip}, schemas::LayerId{layer}, primitive, {}},
                                span,
                                schemas::LabelId{1},
                                schemas::LabelState::drawn,
                                {},
                                {}};
        document.apply(draw_segment(document, stamp, wanted, WhereLabelled::overwrite, ids));
    }

    Document document;
    schemas::IdSource ids{1};
    ModelOutput output;
};

}  // namespace

TEST_CASE("an example is answered once more than half of it is labelled") {
    Queue queue;
    queue.label(1, {0, 25});
    CHECK_FALSE(is_answered(queue.document, queue.output.queue[0], primitive));
    queue.label(1, {0, 30});
    CHECK(is_answered(queue.document, queue.output.queue[0], primitive));
    CHECK_FALSE(is_answered(queue.document, queue.output.queue[1], primitive));
}

TEST_CASE("the next open example is found past the end, and none when all are answered") {
    Queue queue;
    CHECK(next_open_item(queue.document, queue.output, 0) == 0);
    queue.label(2, {0, 100});
    CHECK(next_open_item(queue.document, queue.output, 2) == 0);
    queue.label(1, {0, 100});
    CHECK_FALSE(next_open_item(queue.document, queue.output, 0));
}

TEST_CASE("the proposal that shares most with an example speaks for it, else the example's own labels") {
    Queue queue;
    const auto proposal = [](std::int64_t id, schemas::FrameIndex begin, schemas::FrameIndex end) {
        return schemas::Proposal{
            schemas::ProposalId{id},      schemas::ModelId{1}, schemas::ClipId{1}, primitive, {}, begin, end, 1,
            {{schemas::LabelId{id}, 0.9}}};
    };
    queue.output.proposals[schemas::ClipId{1}] = {proposal(1, 0, 10), proposal(2, 10, 60)};
    CHECK(proposal_for(queue.output, queue.output.queue[0], primitive)->id == schemas::ProposalId{2});
    CHECK(top_for(queue.output, queue.output.queue[0], primitive).front().label == schemas::LabelId{2});
    CHECK(proposal_for(queue.output, queue.output.queue[2], primitive) == nullptr);
    CHECK(top_for(queue.output, queue.output.queue[2], primitive).front().label == schemas::LabelId{1});
}

TEST_CASE("a queue that does not say its track is about the track of its labels") {
    Queue queue;
    queue.output.queue_track.reset();
    CHECK(track_of_queue(queue.document, queue.output) == primitive);
}
