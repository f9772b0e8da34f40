#include "annotator/views/pane_layout.h"

#include <doctest/doctest.h>

#include <random>

namespace annotator {
namespace {

using doctest::Approx;

bool overlap(const PaneRect& a, const PaneRect& b) {
    return a.low.x < b.high.x - 0.01F && b.low.x < a.high.x - 0.01F && a.low.y < b.high.y - 0.01F &&
           b.low.y < a.high.y - 0.01F;
}

}  // namespace

TEST_CASE("panes fill the room, keep their order and never lie over each other") {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> side(50, 2000), aspect(0.2F, 4);
    for (int round = 0; round < 200; ++round) {
        const ImVec2 size{side(random), side(random)};
        std::vector<float> aspects(1 + round % 7);
        for (float& each : aspects) each = aspect(random);
        const auto panes = pane_grid(size, aspects, {4, 20});
        REQUIRE(panes.size() == aspects.size());
        for (std::size_t i = 0; i < panes.size(); ++i) {
            CHECK(panes[i].low.x >= -0.01F);
            CHECK(panes[i].high.x <= size.x + 0.1F);
            CHECK(panes[i].high.y <= size.y + 0.1F);
            for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(overlap(panes[i], panes[j]));
            if (i > 0) CHECK((panes[i].low.y > panes[i - 1].low.y || panes[i].low.x > panes[i - 1].low.x));
        }
        CHECK(panes.back().high.x == Approx(size.x).epsilon(0.001));
        CHECK(panes.back().high.y == Approx(size.y).epsilon(0.001));
    }
}

TEST_CASE("two wide pictures lie above each other in a high room and side by side in a wide one") {
    const float aspects[] = {16.0F / 9, 16.0F / 9};
    const auto high = pane_grid({400, 800}, aspects, {});
    CHECK(high[0].low.x == high[1].low.x);
    const auto wide = pane_grid({1600, 400}, aspects, {});
    CHECK(wide[0].low.y == wide[1].low.y);
}

TEST_CASE("a picture fits its pane with its proportions, in the middle") {
    const PaneRect at = placed({{100, 50}, {500, 250}}, 1, {});
    CHECK(at.low.x == 200);
    CHECK(at.high.x == 400);
    CHECK(at.low.y == 50);
    CHECK(at.high.y == 250);
}

TEST_CASE("zooming keeps what is under the mouse, and moving never loses the picture") {
    const PaneRect pane{{0, 0}, {400, 300}};
    const float aspect = 4.0F / 3;
    PictureZoom zoom = zoomed_at(pane, aspect, {}, {100, 60}, 3);
    const PaneRect at = placed(pane, aspect, zoom);
    CHECK((100 - at.low.x) / at.size().x == Approx(0.25));
    CHECK((60 - at.low.y) / at.size().y == Approx(0.2));
    zoom = moved(pane, aspect, zoom, {5000, -5000});
    const PaneRect edge = placed(pane, aspect, zoom);
    CHECK(edge.low.x == Approx(0));
    CHECK(edge.high.y == Approx(300));
    zoom = zoomed_at(pane, aspect, zoom, {0, 0}, 0.001F);
    CHECK(zoom.factor == 1);
    CHECK(zoom.centre.x == 0.5F);
}

}  // namespace annotator
