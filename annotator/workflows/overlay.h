#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "schemas/camera.h"
#include "schemas/picture.h"
#include "schemas/skeleton.h"
#include "storage/media/depth_colour.h"

namespace annotator {

// Bones and joints over a picture: left of the body in blue, right in orange, the middle in white, each as opaque
// as it is confident but at least a quarter, with soft edges. What was not seen is not drawn. Widths are shares of the
// picture's shorter side.
struct SkeletonStyle {
    double bone_width = 0.008;
    double joint_width = 0.016;
};

// Draws one frame of a sequence in pixels. `pixels_per_pixel`: how much larger the picture is than what the
// positions speak of. Throws std::invalid_argument for a sequence in metres and std::out_of_range for a frame
// that the sequence does not have.
void draw_skeleton(schemas::Picture& picture, const schemas::SkeletonSequence& sequence, schemas::FrameIndex frame,
                   double pixels_per_pixel = 1, const SkeletonStyle& style = {});

// As the camera sees it: positions in pixels, the distance along z in metres as the third number. Joints that
// are not in front of the camera are not seen.
schemas::SkeletonSequence seen_by(const schemas::PinholeCamera& camera, const schemas::SkeletonSequence& metres);

// Each pixel as so many squared.
schemas::Picture enlarged(const schemas::Picture& picture, int factor);

struct OverlayRequest {
    std::filesystem::path recording;  // video or depth
    schemas::FrameIndex frame = 0;
    std::vector<std::filesystem::path> skeletons;
    std::optional<int> stream;  // of a video's container
    storage::ColourMap map = storage::ColourMap::viridis;
    // Of depth, nearest and farthest; else the 1st and 99th percentile of the frame.
    std::optional<std::pair<std::uint16_t, std::uint16_t>> range;
    int scale = 1;
};

struct Overlay {
    schemas::Picture picture;
    std::size_t joints = 0;                     // that were drawn
    std::vector<std::string> without_skeleton;  // files that have none at this frame
};

// That frame of the recording with the same frame of every skeleton over it. Skeletons in metres are seen
// by MSR-Action3D's camera, and only those of that set. nullopt when stopped. Throws storage::ReadError for files that
// cannot be used, std::out_of_range for a frame that one of them does not have and std::invalid_argument
// for positions that have no place in the picture.
std::optional<Overlay> overlay(const OverlayRequest& wanted, const JobContext& job);

}  // namespace annotator
