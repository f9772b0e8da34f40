#include "annotator/widgets/clock_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace annotator {

std::string clock_text(double seconds) {
    const long long milliseconds = std::llround(std::max(0.0, seconds) * 1000);
    const long long minutes = milliseconds / 60'000;
    char text[48];
    if (minutes >= 60)
        std::snprintf(text, sizeof text, "%lld:%02lld:%02lld.%03lld", minutes / 60, minutes % 60,
                      milliseconds / 1000 % 60, milliseconds % 1000);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld.%03lld", minutes, milliseconds / 1000 % 60, milliseconds % 1000);
    return text;
}

std::string date_text(schemas::Timestamp time) {
    const std::time_t seconds = time / 1'000'000;
    std::tm local{};
    localtime_r(&seconds, &local);
    char text[64];
    return std::strftime(text, sizeof text, "%-d %b %Y, %H:%M", &local) > 0 ? text : "";
}

}  // namespace annotator
