#pragma once

#include <memory>
#include <vector>

#include "inference/stream_model.h"

namespace inference {

// ms_tcn: what a network says of every frame and every boundary of a stream.
std::vector<std::unique_ptr<StreamFamily>> stream_families();

}  // namespace inference
