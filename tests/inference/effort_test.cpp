#include "inference/effort.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace inference;
using doctest::Approx;

namespace {
const std::vector<LabelledSpan> truth{{{0, 50}, 0}, {{50, 100}, 1}, {{100, 150}, 2}};
}  // namespace

TEST_CASE("labelling from scratch costs the boundaries and the segments") {
    const Actions actions = actions_from_scratch(truth, 10);
    CHECK(actions.operations() == 2 + 3);
    CHECK(KeystrokeModel{}.seconds(actions) == Approx(10 + 2 * 3.05 + 3 * 1.55));
}

TEST_CASE("a perfect pre-label costs watching and verifying only") {
    const std::vector<ProposedSegment> proposed{{{0, 50}, {0}}, {{50, 100}, {1}}, {{100, 150}, {2}}};
    const Actions actions = actions_to_correct(truth, proposed, 10);
    CHECK(actions.operations() == 0);
    CHECK(KeystrokeModel{}.seconds(actions) == Approx(5 + 3 * 1.35));
}

TEST_CASE("boundaries are moved, inserted and deleted") {
    // 60 is 10 off the true 50 and moves, 100 has no partner, 140 is too far from it.
    const std::vector<ProposedSegment> proposed{{{0, 60}, {0}}, {{60, 140}, {1}}, {{140, 150}, {2}}};
    const Actions actions = actions_to_correct(truth, proposed, 0);
    CHECK(actions.moved == 1);
    CHECK(actions.inserted == 1);
    CHECK(actions.deleted == 1);
}

TEST_CASE("a boundary within three frames stays where it is") {
    const std::vector<ProposedSegment> proposed{{{0, 53}, {0}}, {{53, 100}, {1}}, {{100, 150}, {2}}};
    CHECK(actions_to_correct(truth, proposed, 0).moved == 0);
}

TEST_CASE("a wrong label is one key when the right one is proposed, else a search") {
    const std::vector<ProposedSegment> proposed{{{0, 50}, {4, 0}}, {{50, 100}, {4, 5}}, {{100, 150}, {2}}};
    const Actions actions = actions_to_correct(truth, proposed, 0);
    CHECK(actions.relabelled_by_key == 1);
    CHECK(actions.relabelled_by_search == 1);
}

TEST_CASE("policy A: a true segment inherits the label that covers most of it") {
    const std::vector<ProposedSegment> proposed{{{0, 20}, {7}}, {{20, 50}, {0}}, {{50, 100}, {1}}, {{100, 150}, {2}}};
    const Actions actions = actions_to_correct(truth, proposed, 0);
    CHECK(actions.relabelled_by_key + actions.relabelled_by_search == 0);
    CHECK(actions.deleted == 1);
}

TEST_CASE("policy B: labels come from classifying the corrected segments again") {
    const std::vector<ProposedSegment> proposed{{{0, 150}, {9}}};
    const std::vector<ProposedSegment> again{{{0, 50}, {0}}, {{50, 100}, {2, 1}}, {{100, 150}, {2}}};
    const Actions actions = actions_to_correct_with_model(truth, proposed, again, 0);
    CHECK(actions.inserted == 2);
    CHECK(actions.relabelled_by_key == 1);
    CHECK(actions.operations() == 3);
    CHECK_THROWS_AS(actions_to_correct_with_model(truth, proposed, proposed, 0), std::invalid_argument);
}

TEST_CASE("simulated and logged actions add up in one calculator") {
    Actions logged;
    logged.moved = 2;
    logged += actions_from_scratch(truth, 10);
    CHECK(logged.operations() == 7);
    CHECK(KeystrokeModel{}.seconds(logged) == Approx(10 + 2 * 3.05 + 3 * 1.55 + 2 * 3.75));
}
