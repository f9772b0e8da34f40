#pragma once

#include <vector>

#include "annotator/document/document.h"
#include "annotator/document/journal.h"
#include "annotator/document/pose_patch.h"

// Corrections of key-points as edits. Pure; frames count in the stream itself.
namespace annotator {

// Longer runs are stored as several rows, so that correcting one frame of a long one writes little.
inline constexpr schemas::FrameIndex longest_stored_run = 64;

// Earlier corrections of the same frames are replaced. One edit whatever its size.
schemas::Edit correct_joints(const Document& document, const EditStamp& stamp, const PosePatch& patch,
                             schemas::IdSource& ids);
// As recorded again; of some joints, or of all where none is named.
schemas::Edit reset_joints(const Document& document, const EditStamp& stamp, schemas::StreamId stream,
                           schemas::FrameSpan span, const std::vector<int>& joints, schemas::IdSource& ids);

}  // namespace annotator
