#pragma once

#include <optional>
#include <string_view>

#include "schemas/frame.h"

namespace storage {

// The rate of a period that was written with few digits ("0.0333", ".0083333"): a usual
// rate (30, 120, 30000/1001 …) or a whole one where the last digit, or two parts in ten
// thousand, allow it, else exactly what is written. Nothing when the text is no period
// between 10 microseconds and 100 seconds.
std::optional<schemas::FrameRate> rate_from_period(std::string_view seconds);

// The usual rate nearest to a measured one within 2 %, else the measured one in thousandths.
schemas::FrameRate rate_from_measured(double per_second);

}  // namespace storage
