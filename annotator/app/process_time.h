#pragma once

namespace annotator {

// Since the operating system started this process; 0 where it does not say.
double seconds_since_start();

}  // namespace annotator
