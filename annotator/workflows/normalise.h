#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/carry_labels.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/shown_size.h"

namespace annotator {

struct NormaliseOptions {
    std::filesystem::path out;  // missing or empty
    int lines = 720;            // of the shorter side
    schemas::FrameRate rate{30, 1};
    Enlarge enlarge = Enlarge::never;
    std::string preset;  // of the encoder; empty: its usual one
};

struct NormalisedVideo {
    std::string take;
    std::string source;     // the path of the video, as the old project has it
    std::string path;       // within the new project: "media/walk.mp4"
    std::string frame_map;  // "frame_maps/walk.csv"
    PictureSize size;
    schemas::FrameIndex frames = 0;
    schemas::FrameIndex duplicated = 0;            // that show the frame before once more
    schemas::FrameIndex dropped = 0;               // of the source, shown by none
    std::vector<schemas::FrameIndex> undecodable;  // of the source; the frame before is shown instead
    std::string sound_problem;                     // why a sound did not come along; else empty
};

struct NormaliseResult {
    std::vector<NormalisedVideo> videos;
    std::size_t takes = 0;
    CarriedLabels labels;
    std::vector<LeftOut> left_out;  // takes whose video cannot be read
};

// Makes a project of its own in which every video is an MP4 with H.264 of one size and rate. Frame k of a copy, at
// k / rate on the clock of the take's reference, shows the source frame whose time is nearest: frames are left out or
// shown twice, never mixed. Rotation and sample aspect are applied, the aspect is kept, the sound too. Videos beside
// the reference are cut to its time. frame_maps/ says for each frame which one it shows, and by that map labels, key
// poses, comments and splits are brought over; models and proposals are not. Skeletons, depth and sound stay where
// they are and are linked.
//
// The folder appears as a whole or not at all. nullopt when stopped. Throws storage::WriteError and what
// VideoWriter throws when it cannot be written.
std::optional<NormaliseResult> normalise(ProjectSession& session, const NormaliseOptions& options,
                                         const JobContext& job);

}  // namespace annotator
