#include "storage/media/msr_depth_unit.h"

#include <algorithm>
#include <regex>
#include <string>

namespace storage {

namespace {

// Bodies of the set have values of 290 to 650; in millimetres nobody stands that near.
constexpr std::uint16_t least_raw = 200, most_raw = 1000;

}  // namespace

DepthUnit msr_depth_unit(DepthReader& recording) {
    for (schemas::FrameIndex index = 0; index < recording.frames(); ++index) {
        std::vector<std::uint16_t> values = recording.frame(index).values;
        std::erase(values, std::uint16_t{0});
        if (values.empty()) continue;
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::ranges::nth_element(values, middle);
        if (least_raw <= *middle && *middle < most_raw)
            return {msr_metres_per_value,
                    "raw sensor units of MSR-Action3D, 5 mm each as its skeletons show; the file does not say it"};
        break;
    }
    return {std::nullopt, "the recording does not say its unit"};
}

bool is_msr_take(std::string_view file_name) {
    static const std::regex take("a[0-9]+_s[0-9]+_e[0-9]+.*");
    return std::regex_match(file_name.begin(), file_name.end(), take);
}

}  // namespace storage
