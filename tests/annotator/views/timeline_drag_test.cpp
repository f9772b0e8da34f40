#include "annotator/views/timeline_drag.h"

#include <doctest/doctest.h>

#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;
using tests::Labelling;

TEST_CASE("the guide of a snap stands where the segment snapped, at either end") {
    Labelling ana;
    ana.draw(10, 30, 1).at(60);
    TimelineDrag drag;
    const TimelineItem item{10, 30, static_cast<std::int64_t>(ana.segment_at(10)), LabelId{1}, 0, 0, 1};
    drag.segment(ana.model(), *ana.state().line, item, 15);
    drag.move(ana.model(), {44, 44, 2, BoundaryMove::roll});  // its end would come to 59
    CHECK(drag.preview().span == FrameSpan{40, 60});
    CHECK(drag.preview().guide == 60);
    drag.move(ana.model(), {64, 64, 2, BoundaryMove::roll});
    CHECK(drag.preview().span == FrameSpan{60, 80});
    CHECK(drag.preview().guide == 60);
}

TEST_CASE("where labels may overlap, nobody follows a boundary that is dragged") {
    for (const bool exclusive : {true, false}) {
        tests::ProjectBuilder project = Labelling::dance_project();
        std::get<std::vector<Track>>(project.rows).front().exclusive = exclusive;
        Labelling ana(project);
        ana.draw(10, 40, 1).draw(40, 90, 2);
        TimelineDrag drag;
        const TimelineItem item{10, 40, static_cast<std::int64_t>(ana.segment_at(10)), LabelId{1}, 0, 0, 1};
        drag.boundary(ana.model(), *ana.state().line, item, Edge::end);
        drag.move(ana.model(), {50, 50, 0, BoundaryMove::roll});
        CHECK(drag.preview().boundary == 50);
        CHECK(drag.preview().neighbour.has_value() == exclusive);
    }
}
