#include "storage/skeleton/frame_rate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "storage/text_file.h"

namespace storage {

namespace {

using schemas::FrameRate;

constexpr std::array<FrameRate, 27> usual_rates = {
    {{10, 1},  {12, 1},  {15, 1},  {20, 1},  {24, 1},       {25, 1},       {30, 1},       {48, 1},        {50, 1},
     {60, 1},  {72, 1},  {75, 1},  {90, 1},  {100, 1},      {120, 1},      {144, 1},      {150, 1},       {180, 1},
     {200, 1}, {240, 1}, {250, 1}, {300, 1}, {24000, 1001}, {30000, 1001}, {60000, 1001}, {120000, 1001}, {360, 1}}};

std::optional<FrameRate> usual_rate(double per_second, double lowest, double highest) {
    std::optional<FrameRate> best;
    for (const FrameRate& rate : usual_rates) {
        if (rate.per_second() < lowest || rate.per_second() > highest) continue;
        if (!best || std::abs(rate.per_second() - per_second) < std::abs(best->per_second() - per_second)) best = rate;
    }
    return best;
}

// One unit of the last digit that says something: 1e-7 for ".0083333", 1e-5 for "8.33e-3".
double last_digit(std::string_view text) {
    const std::size_t exponent_at = std::min(text.find_first_of("eE"), text.size());
    const double exponent = exponent_at == text.size() ? 0 : number_in(text.substr(exponent_at + 1)).value_or(0);
    std::string_view digits = text.substr(0, exponent_at);
    while (digits.ends_with('0')) digits.remove_suffix(1);
    const std::size_t point = digits.find('.');
    const std::size_t decimals = point == std::string_view::npos ? 0 : digits.size() - point - 1;
    return std::pow(10, exponent - static_cast<double>(decimals));
}

FrameRate exact_rate(double seconds) {
    const std::int64_t nanoseconds = std::llround(seconds * 1e9);
    const std::int64_t divisor = std::gcd(std::int64_t{1000000000}, nanoseconds);
    return {1000000000 / divisor, nanoseconds / divisor};
}

}  // namespace

std::optional<FrameRate> rate_from_period(std::string_view seconds) {
    const std::optional<double> period = number_in(seconds);
    if (!period || !(*period >= 1e-5 && *period <= 100)) return std::nullopt;
    const double slack = std::max(last_digit(seconds), *period * 2e-4);
    const double per_second = 1 / *period;
    const double lowest = 1 / (*period + slack);
    const double highest = slack < *period ? 1 / (*period - slack) : per_second * 2;
    const double whole = std::round(per_second);
    if (std::abs(whole - per_second) < 1e-9 * per_second) return FrameRate{std::llround(whole), 1};
    if (const std::optional<FrameRate> usual = usual_rate(per_second, lowest, highest)) return usual;
    const bool precise = slack < *period * 0.02;
    if (precise && lowest <= whole && whole <= highest) return FrameRate{std::llround(whole), 1};
    return exact_rate(*period);
}

FrameRate rate_from_measured(double per_second) {
    if (const std::optional<FrameRate> usual = usual_rate(per_second, per_second * 0.98, per_second * 1.02))
        return *usual;
    return {std::max<std::int64_t>(1, std::llround(per_second * 1000)), 1000};
}

}  // namespace storage
