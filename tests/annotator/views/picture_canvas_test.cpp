#include "annotator/views/picture_canvas.h"

#include <doctest/doctest.h>

#include "storage/skeleton/layout_registry.h"

namespace annotator {
namespace {

using schemas::CoordinateSpace;

class DepthOfSize : public storage::DepthReader {
public:
    DepthOfSize(int width, int height) : width_(width), height_(height) {}
    [[nodiscard]] schemas::FrameIndex frames() const override { return 1; }
    [[nodiscard]] int width() const override { return width_; }
    [[nodiscard]] int height() const override { return height_; }
    [[nodiscard]] storage::DepthFrame frame(schemas::FrameIndex) override { return {}; }
    [[nodiscard]] const std::vector<storage::ReadProblem>& problems() const override { return problems_; }

private:
    int width_, height_;
    std::vector<storage::ReadProblem> problems_;
};

ClipMedia::Skeleton skeleton(std::int64_t id, const std::string& format, CoordinateSpace space) {
    ClipMedia::Skeleton made;
    made.stream = schemas::StreamId{id};
    made.format = format;
    made.sequence = std::make_shared<const schemas::SkeletonSequence>(
        schemas::SkeletonSequence::empty(storage::layout_named("msr20"), 1, space));
    return made;
}

ClipMedia media_with_depth(int width, int height) {
    ClipMedia media;
    media.depths.emplace_back();
    media.depths.front().reader = std::make_shared<DepthOfSize>(width, height);
    return media;
}

}  // namespace

TEST_CASE("over MSR-Action3D's depth lies the skeleton in space as its camera sees it, and its dancer only once") {
    ClipMedia media = media_with_depth(320, 240);
    media.skeletons = {skeleton(1, "msr-skeleton", CoordinateSpace::metres),
                       skeleton(2, "msr-skeleton-screen", CoordinateSpace::pixels)};
    const auto over = skeletons_over_depth(media, 0);
    REQUIRE(over.size() == 1);
    CHECK(over.front().stream == schemas::StreamId{1});
    CHECK(over.front().camera == schemas::msr_camera);
    media.skeletons.erase(media.skeletons.begin());
    CHECK(skeletons_over_depth(media, 0).front().stream == schemas::StreamId{2});
}

TEST_CASE("a skeleton in space lies over no picture whose camera is not known") {
    ClipMedia media = media_with_depth(640, 480);
    media.videos.emplace_back();
    media.skeletons = {skeleton(1, "bvh", CoordinateSpace::metres),
                       skeleton(2, "msr-skeleton", CoordinateSpace::metres)};
    CHECK(skeletons_over_depth(media, 0).empty());
    CHECK(skeletons_over_video(media, 0).empty());
}

TEST_CASE("key-points in pixels lie over the first video, and over depth where there is no video") {
    ClipMedia media = media_with_depth(640, 480);
    media.skeletons = {skeleton(1, "sleap-keypoints", CoordinateSpace::pixels)};
    CHECK(skeletons_over_depth(media, 0).size() == 1);
    media.videos.resize(2);
    CHECK(skeletons_over_video(media, 0).size() == 1);
    CHECK(skeletons_over_video(media, 1).empty());
    CHECK(skeletons_over_depth(media, 0).empty());
}

}  // namespace annotator
