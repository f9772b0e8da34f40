#include "annotator/session/label_lines.h"

#include <doctest/doctest.h>

#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;

TEST_CASE("a clip has a line for each track, and for each performer of the take where the track asks for it") {
    const Document document(tests::Labelling::dance_project().rows);
    const auto lines = lines_to_label(document, ClipId{1}, LayerId{9});
    REQUIRE(lines.size() == 5);
    CHECK(lines[0] == Line{ClipId{1}, LayerId{9}, TrackId{1}, PerformerId{1}});
    CHECK(lines[1] == Line{ClipId{1}, LayerId{9}, TrackId{1}, PerformerId{2}});
    CHECK(lines[2] == Line{ClipId{1}, LayerId{9}, TrackId{2}, std::nullopt});
    CHECK(lines_to_label(document, ClipId{2}, LayerId{9}).size() == 3);
    CHECK(lines_to_label(document, ClipId{77}, LayerId{9}).empty());
}

TEST_CASE("performers come by name, whatever their ids are") {
    tests::ProjectBuilder builder = tests::Labelling::dance_project();
    for (Performer& performer : std::get<std::vector<Performer>>(builder.rows))
        if (performer.id == PerformerId{1}) performer.name = "Zoe";
    const auto performers = performers_by_name(Document(builder.rows), TakeId{1});
    CHECK(performers == std::vector{PerformerId{2}, PerformerId{1}});
}

TEST_CASE("a layer of another kind with the person's name is not theirs") {
    tests::ProjectBuilder builder = tests::Labelling::dance_project();
    CHECK_FALSE(own_layer(Document(builder.rows), "Ana").has_value());
    builder.layer(1, "Ana", LayerKind::import);
    CHECK_FALSE(own_layer(Document(builder.rows), "Ana").has_value());
    builder.layer(2, "Ana 2");
    CHECK(own_layer(Document(builder.rows), "Ana") == LayerId{2});
}

TEST_CASE("the segment at a frame is found on exclusive tracks and where segments overlap") {
    tests::Labelling ana;
    ana.draw(10, 20, 1).draw(20, 30, 2).draw(60, 61, 1);
    const Document& document = ana.bench().document();
    const Line line = *ana.state().line;
    for (FrameIndex frame = 0; frame < 100; ++frame) {
        const Segment* found = segment_at(document, line, frame);
        const bool labelled = (10 <= frame && frame < 30) || frame == 60;
        CHECK((found != nullptr) == labelled);
        if (found != nullptr) CHECK(found->span().contains(frame));
    }
    CHECK(is_labelled(document, line, {0, 11}));
    CHECK_FALSE(is_labelled(document, line, {30, 60}));
}

TEST_CASE("a proposal is open until something there is labelled or it is rejected") {
    tests::Labelling ana;
    ana.propose({{1, 0, 30, 1}, {2, 30, 60, 2}, {3, 60, 100, 1}});
    const auto next = [&](FrameIndex frame) {
        const auto* found =
            next_open_proposal(ana.bench().document(), ana.model().proposals(), *ana.state().line, frame);
        return found == nullptr ? 0 : static_cast<std::int64_t>(found->id);
    };
    CHECK(next(0) == 2);
    CHECK(next(60) == 1);
    ana.draw(40, 45, 3);
    CHECK(next(0) == 3);
    ana.ask(LabelIntent(RejectProposal{ProposalId{3}}));
    CHECK(next(0) == 1);
    ana.ask(LabelIntent(RejectProposal{ProposalId{1}}));
    CHECK(next(0) == 0);
}
