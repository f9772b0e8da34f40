#include "annotator/views/key_point_pane.h"

#include <algorithm>
#include <cmath>

namespace annotator {

namespace {

using schemas::FrameIndex;

constexpr FrameIndex sampled_frames = 100;
constexpr float margin = 1.05F;

bool is_flat(const ClipMedia::Skeleton& skeleton) {
    return skeleton.sequence && skeleton.sequence->space == schemas::CoordinateSpace::pixels;
}

// Of the video that they were found in, else as far as they reach.
ImVec2 size_of(const ClipMedia& media) {
    if (!media.videos.empty() && media.videos.front().index) {
        const auto& properties = media.videos.front().index->properties;
        return {static_cast<float>(properties.width), static_cast<float>(properties.height)};
    }
    ImVec2 size{1, 1};
    for (const ClipMedia::Skeleton& skeleton : media.skeletons) {
        if (!is_flat(skeleton)) continue;
        const schemas::SkeletonSequence& sequence = *skeleton.sequence;
        const FrameIndex end = std::min(media.span.end, sequence.frames());
        const FrameIndex step = std::max<FrameIndex>(1, (end - media.span.begin) / sampled_frames);
        for (FrameIndex frame = media.span.begin; frame < end; frame += step)
            for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
                const Eigen::Vector3f at = sequence.at(frame, joint);
                if (sequence.confidence_at(frame, joint) <= 0 || !at.allFinite()) continue;
                size = {std::max(size.x, margin * at.x()), std::max(size.y, margin * at.y())};
            }
    }
    return size;
}

}  // namespace

PaneHeader KeyPointPane::header(const ViewContext& context) {
    PaneHeader header{"Key-points", "", ""};
    for (const ClipMedia::Skeleton& skeleton : context.model().media->skeletons) {
        if (is_flat(skeleton)) header.details = skeleton.sequence->layout->name;
        if (!skeleton.problem.empty()) header.problem = skeleton.problem;
    }
    return header;
}

float KeyPointPane::aspect(const ViewContext& context) {
    const ImVec2 size = size_of(*context.model().media);
    return size.x / size.y;
}

PaneAsks KeyPointPane::draw(const ViewContext& context, const PaneRect& pane, PoseOverlay& overlay) {
    const ClipMedia& media = *context.model().media;
    const ImVec2 size = size_of(media);
    CanvasPicture picture;
    picture.width = static_cast<int>(std::ceil(size.x));
    picture.height = static_cast<int>(std::ceil(size.y));
    picture.aspect = size.x / size.y;
    std::vector<OverlaidSkeleton> skeletons;
    for (const ClipMedia::Skeleton& skeleton : media.skeletons)
        if (is_flat(skeleton)) skeletons.push_back({skeleton.stream, skeleton.sequence.get(), std::nullopt});
    const PaneAsks asks = canvas_.draw(context, pane, picture, skeletons, overlay);
    const bool seen =
        std::ranges::any_of(canvas_.joints(), [](const DrawnJoint& joint) { return joint.confidence > 0; });
    if (!seen)
        draw_message(*ImGui::GetWindowDrawList(), context.theme, pane,
                     skeletons.empty() ? "Opening the key-points …" : "Not seen in this frame",
                     context.theme.faint_text);
    return asks;
}

}  // namespace annotator
