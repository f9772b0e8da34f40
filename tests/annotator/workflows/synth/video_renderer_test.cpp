#include "annotator/workflows/synth/video_renderer.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "annotator/workflows/synth/choreography.h"
#include "annotator/workflows/synth/dancer.h"
#include "annotator/workflows/synth/depth_renderer.h"
#include "annotator/workflows/synth/recording.h"
#include "tests/annotator/workflows/synth/msr20_layout.h"

namespace annotator::synth {
namespace {

struct Filmed {
    Dancer dancer = dancer_of(1, 0);
    DanceTake take = dance_clip(dancer, 2, Random(3));
    Viewpoint viewpoint = viewpoint_of(dancer.body);
    schemas::SkeletonSequence seen = seen_from(viewpoint, take.figures, msr20_layout());
    VideoRenderer renderer{seen.layout,
                           {.camera_height_metres = viewpoint.height_metres,
                            .girth = dancer.body.girth,
                            .costume = 0,
                            .camera = camera_of_size(320, 240)}};
};

int difference(const std::uint8_t* a, const std::uint8_t* b) {
    return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
}

}  // namespace

TEST_CASE("the dancer is seen in a video where depth pictures have a body") {
    const Filmed filmed;
    const schemas::FrameIndex frame = filmed.seen.frames() / 2;
    const schemas::Picture picture = filmed.renderer.render(filmed.seen, frame);
    const schemas::SkeletonSequence nobody = schemas::SkeletonSequence::empty(filmed.seen.layout, 1);
    const schemas::Picture stage = filmed.renderer.render(nobody, 0);
    const storage::DepthFrame depth =
        DepthRenderer(filmed.seen.layout, filmed.dancer.body.girth).render(filmed.seen, frame);
    int body = 0, unseen = 0, elsewhere = 0;
    for (int y = 0; y < 200; ++y)  // above the shadow on the floor
        for (int x = 0; x < 320; ++x) {
            const bool differs = difference(picture.pixel(x, y), stage.pixel(x, y)) > 6;
            const bool there = depth.values[static_cast<std::size_t>(y * 320 + x)] > 0;
            body += there ? 1 : 0;
            unseen += there && !differs ? 1 : 0;
            elsewhere += !there && differs && y < 150 ? 1 : 0;
        }
    CHECK(body > 2000);
    CHECK(unseen < body / 10);
    CHECK(elsewhere < body / 10);
}

TEST_CASE("the dancer casts a shadow on the floor") {
    const Filmed filmed;
    const schemas::Picture picture = filmed.renderer.render(filmed.seen, 0);
    const schemas::SkeletonSequence nobody = schemas::SkeletonSequence::empty(filmed.seen.layout, 1);
    const schemas::Picture stage = filmed.renderer.render(nobody, 0);
    const storage::DepthFrame depth =
        DepthRenderer(filmed.seen.layout, filmed.dancer.body.girth).render(filmed.seen, 0);
    int darker = 0;
    for (int y = 170; y < 240; ++y)
        for (int x = 0; x < 320; ++x)
            darker += depth.values[static_cast<std::size_t>(y * 320 + x)] == 0 &&
                              picture.pixel(x, y)[0] + 25 < stage.pixel(x, y)[0]
                          ? 1
                          : 0;
    CHECK(darker > 200);
}

TEST_CASE("what happens between the frames of a take is danced, and its frames stay as they were") {
    const Filmed filmed;
    const std::vector<Figure> twice = danced(filmed.take.score, 2 * frames_per_second);
    REQUIRE(twice.size() == 2 * filmed.take.figures.size());
    for (std::size_t frame = 0; frame < filmed.take.figures.size(); ++frame)
        for (std::size_t joint = 0; joint < joint_count; ++joint)
            CHECK((twice[2 * frame].joints[joint] - filmed.take.figures[frame].joints[joint]).norm() < 1e-9);
}

}  // namespace annotator::synth
