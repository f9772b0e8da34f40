#pragma once

#include <string>

namespace annotator {

// "0:04.250", "1:02:03.004": for people, to the millisecond. Times before the beginning are 0.
std::string clock_text(double seconds);

}  // namespace annotator
