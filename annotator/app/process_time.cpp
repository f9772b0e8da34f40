#include "annotator/app/process_time.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace annotator {

double seconds_since_start() {
    std::ifstream stream("/proc/self/stat");
    std::string text;
    if (!std::getline(stream, text)) return 0;
    // The name stands in brackets and may hold anything; field 22 is the 20th behind it.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string field;
    for (int i = 0; i < 20; ++i) fields >> field;
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9 -
           std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace annotator
