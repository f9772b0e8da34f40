#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "storage/formats/imported_labels.h"
#include "storage/text_file.h"

namespace storage {

// The number of frames of the clip that a file calls `key`, where the project knows it.
std::optional<schemas::FrameIndex> known_frames(const LabelImportOptions& options, std::string_view key);

// `span` as it can be kept: as it is if it lies in the clip, cut at the clip's ends if a part does, nullopt
// if it is empty or wholly outside. What was done is listed under `line`.
std::optional<schemas::FrameSpan> fitted(schemas::FrameSpan span, std::optional<schemas::FrameIndex> frames,
                                         std::size_t line, ProblemList& problems);

}  // namespace storage
