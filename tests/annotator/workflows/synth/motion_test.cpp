#include "annotator/workflows/synth/motion.h"

#include <doctest/doctest.h>

#include "annotator/workflows/synth/poses.h"
#include "annotator/workflows/synth/primitives.h"

namespace annotator::synth {
namespace {

Dancer average_dancer() {
    Dancer dancer;
    dancer.body = body_of({});
    return dancer;
}

std::vector<Figure> danced_once(const Dancer& dancer, std::string_view name, int frames, Side side = Side::left) {
    const Pose start = neutral_pose(dancer);
    return danced(dancer.body, start, 0, {{primitive(name, side, start, 0, dancer), frames}});
}

}  // namespace

TEST_CASE("nothing danced is no frames") { CHECK(danced(body_of({}), Pose{}, 0, {}).empty()); }

TEST_CASE("the supporting foot keeps its place in a kick") {
    const std::vector<Figure> figures = danced_once(average_dancer(), "kick_left", 15);
    for (const Figure& figure : figures) {
        Eigen::Vector3d moved = figure[Joint::right_foot] - figures.front()[Joint::right_foot];
        moved.y() = 0;
        CHECK(moved.norm() < 1e-9);
    }
}

TEST_CASE("a step to the left goes to the left, and to the right when mirrored") {
    const Dancer dancer = average_dancer();
    const auto travelled = [&](Side side) {
        const std::vector<Figure> figures = danced_once(dancer, "step_left", 12, side);
        return figures.back()[Joint::hip_centre].x() - figures.front()[Joint::hip_centre].x();
    };
    CHECK(travelled(Side::left) > 0.2);
    CHECK(travelled(Side::right) == doctest::Approx(-travelled(Side::left)));
}

TEST_CASE("the hips of a jump fly a parabola and land at the height of take-off") {
    const Dancer dancer = average_dancer();
    const std::vector<Figure> figures = danced_once(dancer, "jump", 60);  // slowly, to see it in detail
    double highest = 0;
    for (const Figure& figure : figures) highest = std::max(highest, sole_height(dancer.body, figure));
    CHECK(highest > 0.25);
    CHECK(highest < 0.45);
    CHECK(sole_height(dancer.body, figures.front()) == doctest::Approx(0));
    CHECK(sole_height(dancer.body, figures.back()) == doctest::Approx(0));
}

TEST_CASE("a full turn ends facing where it began") {
    const Dancer dancer = average_dancer();
    const Pose start = neutral_pose(dancer);
    const Phrase turn = primitive("turn_left", Side::left, start, 10, dancer);
    CHECK(turn.last_heading() == doctest::Approx(370));
    CHECK(primitive("turn_left", Side::right, start, 10, dancer).last_heading() == doctest::Approx(-350));
}

TEST_CASE("an unknown primitive is refused by name") {
    CHECK_THROWS_WITH_AS(primitive("moonwalk", Side::left, Pose{}, 0, Dancer{}),
                         "there is no motion primitive called moonwalk", std::out_of_range);
}

}  // namespace annotator::synth
