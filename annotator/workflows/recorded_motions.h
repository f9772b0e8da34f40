#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "annotator/workflows/motion_source.h"
#include "schemas/frame.h"
#include "schemas/joint_correction.h"
#include "schemas/recording.h"

namespace annotator {

// A skeleton stream and all that is needed to read it without the project: for another thread.
struct RecordedMotion {
    schemas::Stream stream;
    schemas::FrameTable times;
    schemas::FrameTable reference_times;  // of the take; empty where the stream is the reference
    std::filesystem::path file;
    std::string content;  // as TakeMotion::content
    std::vector<schemas::JointCorrection> corrections;
};
std::vector<RecordedMotion> recorded_motions(ProjectSession& session, schemas::TakeId take);

// What load_motions has of a take, in the layout of that name. Motions that cannot be mapped to it are left out.
// `project` is the folder, for its cache. Throws storage::ReadError, and std::out_of_range for an unknown layout that
// some motion would have to be mapped to.
//
// Thread: any.
std::vector<TakeMotion> motions_from(const std::vector<RecordedMotion>& recorded, const std::filesystem::path& project,
                                     const std::string& layout);

}  // namespace annotator
