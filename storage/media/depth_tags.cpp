#include "storage/media/depth_tags.h"

#include <cmath>
#include <locale>
#include <sstream>

namespace storage {

namespace {

constexpr const char* metres_tag = "DEPTH_METRES_PER_VALUE";
constexpr const char* unit_tag = "DEPTH_UNIT";
constexpr const char* range_tag = "DEPTH_RANGE";

// Numbers with a point, whatever the machine's locale.
template <class Stream>
Stream plain(const std::string& text = {}) {
    Stream stream(text);
    stream.imbue(std::locale::classic());
    return stream;
}

}  // namespace

std::map<std::string, std::string> depth_tags(const DepthUnit& unit, const std::optional<DepthRange>& range) {
    std::map<std::string, std::string> tags;
    if (unit.metres) {
        auto text = plain<std::ostringstream>();
        text.precision(17);
        text << *unit.metres;
        tags[metres_tag] = text.str();
    }
    if (!unit.source.empty()) tags[unit_tag] = unit.source;
    if (range) {
        auto text = plain<std::ostringstream>();
        text << range->smallest << ' ' << range->largest << ' ' << range->percentile_1 << ' ' << range->percentile_99
             << ' ' << range->measured << ' ' << range->holes;
        tags[range_tag] = text.str();
    }
    return tags;
}

DepthUnit depth_unit_from_tags(const TagReader& tag) {
    const std::optional<std::string> source = tag(unit_tag);
    DepthUnit unit{std::nullopt, source.value_or("the recording does not say its unit")};
    const std::optional<std::string> text = tag(metres_tag);
    if (!text) return unit;
    auto stream = plain<std::istringstream>(*text);
    double metres = 0;
    if (stream >> metres && std::isfinite(metres) && metres > 0) {
        unit.metres = metres;
        if (!source) unit.source = "the tags of the video";
    }
    return unit;
}

std::optional<DepthRange> depth_range_from_tags(const TagReader& tag) {
    const std::optional<std::string> text = tag(range_tag);
    if (!text) return std::nullopt;
    auto stream = plain<std::istringstream>(*text);
    DepthRange range;
    stream >> range.smallest >> range.largest >> range.percentile_1 >> range.percentile_99 >> range.measured >>
        range.holes;
    const bool ordered = range.smallest <= range.percentile_1 && range.percentile_1 <= range.percentile_99 &&
                         range.percentile_99 <= range.largest;
    return stream && ordered ? std::optional(range) : std::nullopt;
}

}  // namespace storage
