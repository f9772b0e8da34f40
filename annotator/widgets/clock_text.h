#pragma once

#include <string>

#include "schemas/annotation.h"

namespace annotator {

// "0:04.250", "1:02:03.004": for people, to the millisecond. Times before the beginning are 0.
std::string clock_text(double seconds);

// "12 Mar 2026, 14:05", in local time.
std::string date_text(schemas::Timestamp time);

}  // namespace annotator
