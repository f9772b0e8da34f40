#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "storage/media/depth_reader.h"

// What a video of depth says about itself in the tags of its container:
//
//     DEPTH_METRES_PER_VALUE   0.005                  absent where it is not known
//     DEPTH_UNIT               how that is known, or what the values are, for people
//     DEPTH_RANGE              smallest largest 1st-percentile 99th-percentile measured holes
namespace storage {

std::map<std::string, std::string> depth_tags(const DepthUnit& unit, const std::optional<DepthRange>& range);

// `tag` gives the text of a tag, nullopt where there is none. What makes no sense counts as absent.
using TagReader = std::function<std::optional<std::string>(const char* name)>;
DepthUnit depth_unit_from_tags(const TagReader& tag);
std::optional<DepthRange> depth_range_from_tags(const TagReader& tag);

}  // namespace storage
