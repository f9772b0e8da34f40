#include "annotator/cli/frame_rate_argument.h"

#include <CLI/CLI.hpp>

#include <numeric>
#include <stdexcept>

namespace annotator {

namespace {

schemas::FrameRate reduced(schemas::FrameRate rate) {
    const std::int64_t divisor = std::gcd(rate.numerator, rate.denominator);
    return {rate.numerator / divisor, rate.denominator / divisor};
}

}  // namespace

schemas::FrameRate rate_from(const std::string& text) {
    const auto slash = text.find('/');
    std::size_t used = 0;
    try {
        const double value = std::stod(text.substr(0, slash), &used);
        if (slash == std::string::npos && used == text.size() && value >= 0.001 && value <= 1e6)
            return reduced({static_cast<std::int64_t>(value * 1000 + 0.5), 1000});
        const schemas::FrameRate rate{std::stoll(text.substr(0, slash)), std::stoll(text.substr(slash + 1))};
        if (schemas::is_valid(rate)) return rate;
    } catch (const std::logic_error&) {
    }
    throw CLI::ValidationError("--fps",
                               "'" + text + "' is no frame rate; expected a number or a fraction such as 30000/1001");
}

}  // namespace annotator
