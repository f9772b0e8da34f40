#pragma once

#include <string>

#include "schemas/frame.h"

namespace annotator {

// "30", "29.97" or "30000/1001". Throws CLI::ValidationError for --fps.
schemas::FrameRate rate_from(const std::string& text);

}  // namespace annotator
