#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace annotator {

struct FuzzyMatch {
    double score = 0;                    // more is better
    std::vector<std::size_t> positions;  // bytes of the text that match
};

// Whether the letters of the query come in the text in their order, spaces apart, upper and lower case of ASCII alike.
// What stands together, at the start of the text or of a word, counts more; an empty query matches everything.
std::optional<FuzzyMatch> fuzzy_match(std::string_view query, std::string_view text);

}  // namespace annotator
