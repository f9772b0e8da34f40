#pragma once

#include <filesystem>

#include "storage/skeleton/skeleton_recording.h"

// Skeletons of MSR-Action3D (Li, Zhang and Liu 2010): no header, 20 lines a frame of four
// numbers, the last one a confidence, 15 frames a second, layout "msr20".
//
// World files hold x y z in metres, y up, z away from the sensor, x to the right hand of a
// person who faces it: right-handed, as Kinect's camera space. Screen files hold u v on
// the 320x240 picture, which is mirrored, and depth in units of 4 mm, kept as it is.
//
// The trackers gave many good joints the confidence 0, the whole spine for one. So a joint
// with a position has at least `inferred_confidence`; one at exactly 0 0 0 has none.
namespace storage {

inline constexpr float inferred_confidence = 0.1F;

// A frame that is not whole at the end is dropped and reported; so are values that are not
// finite. Throws ReadError, also when the file is of the other kind.
SkeletonRecording read_msr_skeleton(const std::filesystem::path& file);
SkeletonRecording read_msr_skeleton_screen(const std::filesystem::path& file);

// By the name (a01_s02_e03_skeleton3D.txt, …_skeleton.txt), or where a name merely holds
// "skeleton", by the first lines: positions in metres or pixels.
bool is_msr_skeleton(const std::filesystem::path& file);
bool is_msr_skeleton_screen(const std::filesystem::path& file);

}  // namespace storage
