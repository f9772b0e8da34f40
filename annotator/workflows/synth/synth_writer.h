#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "schemas/frame.h"
#include "schemas/skeleton.h"

namespace annotator::synth {

// Which takes are recorded in that way as well. Depth takes 0.3 MB a frame, as MSR-Action3D stores it;
// video about 25 ms of one core for a frame of 640x480.
enum class Recorded { none, one_clip_of_each_category, all };

// Clips are dealt out evenly: every category by every performer once, then again.
struct SynthOptions {
    int clips = 96;
    int performers = 4;   // at most 99
    int categories = 12;  // the first of category_names()
    int streams = 0;      // long takes of several categories
    Recorded depth = Recorded::one_clip_of_each_category;
    Recorded video = Recorded::none;
    int video_width = 640;
    int video_height = 480;
    schemas::FrameRate video_rate{15, 1};  // skeletons and depth stay at 15
    double dropout_share = 0;              // of the takes, in which the skeleton is lost for a few frames
    std::uint64_t seed = 1;
};

struct SynthSummary {
    int clips = 0;
    int streams = 0;
    int depth_takes = 0;
    int video_takes = 0;
    int takes_with_dropouts = 0;
    schemas::FrameIndex frames = 0;
};

struct SynthProgress {
    int takes_done = 0;
    int takes = 0;
};

// Draws a dance data set with exact truth and writes it in the formats of MSR-Action3D:
//
//     clips/aCC_sPP_eTT_skeleton3D.txt     category CC from 1, performer PP, take TT
//     clips/aCC_sPP_eTT_sdepth.bin         in millimetres
//     clips/aCC_sPP_eTT_video.mp4          with sound, and frame numbers painted in
//     streams/stream_sPP_eTT_…             the same of streams
//     truth/categories.csv  truth/primitives.csv  truth/key_poses.csv  truth/beats.csv
//     README.txt
//
// In the tables a take is called aCC_sPP_eTT or stream_sPP_eTT, its performer PP, as an
// import with the name pattern of README.txt calls them. Frames in the tables are those of the
// take's video where it has one, else of its skeleton.
//
// `layout` is msr20. The same options write the same bytes on one machine, and a take
// does not change when there are more of them. nullopt when stopped; then what was
// written so far remains, and the next call replaces it.
//
// Throws std::invalid_argument for options that make no sense, std::runtime_error when
// `folder` is not empty, except with an earlier output, or cannot be written.
//
// Thread: any; progress is called on it.
std::optional<SynthSummary> write_synthetic_dataset(const std::filesystem::path& folder, const SynthOptions& options,
                                                    const std::shared_ptr<const schemas::SkeletonLayout>& layout,
                                                    const std::function<void(const SynthProgress&)>& progress,
                                                    std::stop_token stop);

}  // namespace annotator::synth
