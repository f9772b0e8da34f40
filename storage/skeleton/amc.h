#pragma once

#include <filesystem>
#include <optional>

#include "storage/skeleton/asf.h"
#include "storage/skeleton/skeleton_recording.h"

// Acclaim motion: per frame its number and per bone the values of its degrees of freedom.
// The rotation of a bone is C R C^-1 below its parent's, where R applies its angles in the
// order of the skeleton file and C are its axes there (formats.md; Lander 1998, "Working
// with motion capture file formats"). 120 frames a second, which the file does not say.
namespace storage {

// The skeleton file of a motion: one whose name the motion's begins with (05_02.amc: 05.asf;
// HDM_bd_x.amc: HDM_bd.asf), in its folder or up to three above, else the only one in its
// folder.
std::optional<std::filesystem::path> asf_of(const std::filesystem::path& amc);

// Without a skeleton file, motion of CMU's bones gets a stand_in_skeleton and a problem that
// says so; other motion throws. Frames are counted in the order of the file; gaps and repeats
// in its numbers, bones that are missing or unknown and values that are not finite are
// problems. Throws ReadError.
SkeletonRecording read_amc(const std::filesystem::path& file);
SkeletonRecording read_amc(const std::filesystem::path& file, const AsfSkeleton& skeleton);

bool is_amc(const std::filesystem::path& file);

}  // namespace storage
