#include "annotator/document/queries.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "tests/support/project_builder.h"

namespace annotator {
namespace {

using schemas::ClipId;
using schemas::FrameIndex;
using schemas::LabelState;
using schemas::TrackId;

constexpr TrackId free_track{2};  // where segments may overlap

struct Rows {
    tests::ProjectBuilder project = tests::small_project();
    std::int64_t next = 1;

    void add(std::int64_t layer, schemas::FrameSpan span, LabelState state) {
        schemas::Segment segment;
        segment.id = schemas::SegmentId{next++};
        segment.layer = schemas::LayerId{layer};
        segment.clip = ClipId{1};
        segment.track = free_track;
        segment.begin_frame = span.begin;
        segment.end_frame = span.end;
        segment.label = schemas::LabelId{4};
        segment.state = state;
        std::get<std::vector<schemas::Segment>>(project.rows).push_back(segment);
    }
    [[nodiscard]] Document document() const { return Document(project.rows); }
};

std::vector<StateRun> states(const Document& document, const std::vector<schemas::Proposal>& proposals = {}) {
    return frame_states(document, document.at<schemas::Clip>(ClipId{1}), free_track, proposals);
}

// One frame at a time; what is said later in this list counts.
FrameState state_of_frame(const Document& document, FrameIndex frame) {
    constexpr FrameState order[] = {FrameState::unlabelled, FrameState::proposed, FrameState::imported,
                                    FrameState::drawn,      FrameState::accepted, FrameState::corrected,
                                    FrameState::disputed,   FrameState::verified};
    const auto* most = std::begin(order);
    for (const auto& [id, segment] : document.rows<schemas::Segment>())
        if (segment.span().contains(frame) &&
            document.at<schemas::Layer>(segment.layer).kind != schemas::LayerKind::truth)
            most = std::max(most, std::ranges::find(order, schemas::frame_state_of(segment.state)));
    return *most;
}

}  // namespace

TEST_CASE("a clip of which nothing is known is unlabelled from end to end") {
    const auto runs = states(Rows().document());
    REQUIRE(runs.size() == 1);
    CHECK(runs.front().span == schemas::FrameSpan{0, 100});
    CHECK(runs.front().state == FrameState::unlabelled);
}

TEST_CASE("proposals count where nobody spoke, as far as they lie in the clip") {
    Rows rows;
    rows.add(1, {20, 30}, LabelState::imported);
    schemas::Proposal proposal;
    proposal.track = free_track;
    proposal.begin_frame = 10;
    proposal.end_frame = 400;
    const auto runs = states(rows.document(), {proposal});
    REQUIRE(runs.size() == 4);
    CHECK(runs[1].span == schemas::FrameSpan{10, 20});
    CHECK(runs[1].state == FrameState::proposed);
    CHECK(runs[2].state == FrameState::imported);
    CHECK(runs[3].span == schemas::FrameSpan{30, 100});
    CHECK(runs[3].state == FrameState::proposed);
}

TEST_CASE("the states of a clip are those of its frames, one after the other") {
    for (unsigned seed = 1; seed <= 40; ++seed) {
        std::mt19937 random(seed);
        const auto pick = [&](int most) { return static_cast<FrameIndex>(random() % static_cast<unsigned>(most + 1)); };
        Rows rows;
        rows.project.layer(3, "truth", schemas::LayerKind::truth);
        for (FrameIndex i = pick(30); i > 0; --i) {
            const FrameIndex begin = pick(98);
            rows.add(1 + pick(2), {begin, begin + 1 + pick(static_cast<int>(99 - begin))},
                     static_cast<LabelState>(pick(5)));
        }
        const Document document = rows.document();
        const auto runs = states(document);
        FrameIndex at = 0, by_person = 0;
        for (const StateRun& run : runs) {
            REQUIRE(run.span.begin == at);
            REQUIRE(run.span.end > at);
            for (; at < run.span.end; ++at) REQUIRE(state_of_frame(document, at) == run.state);
            if (is_persons_work(run.state)) by_person += run.span.length();
        }
        CHECK(at == 100);
        for (std::size_t i = 1; i < runs.size(); ++i) CHECK(runs[i].state != runs[i - 1].state);
        CHECK(labelled_share(document, free_track, LabelUnit::frame) ==
              doctest::Approx(static_cast<double>(by_person) / 200));
    }
}

}  // namespace annotator
