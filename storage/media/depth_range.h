#pragma once

#include <optional>
#include <stop_token>

#include "storage/media/depth_reader.h"

namespace storage {

// Over all frames, each decoded once. nullopt when stopped. Throws ReadError.
std::optional<DepthRange> depth_range(DepthReader& recording, std::stop_token stop = {});
DepthRange depth_range(const DepthFrame& frame);

}  // namespace storage
