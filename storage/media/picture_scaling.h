#pragma once

#include "schemas/picture.h"

namespace storage {

// The picture at another size, its sides scaled each for itself: every pixel counts when it shrinks, and it is
// smooth when it grows. Throws std::invalid_argument for an empty picture or size.
//
// Thread: any.
schemas::Picture scaled(const schemas::Picture& picture, int width, int height);

}  // namespace storage
