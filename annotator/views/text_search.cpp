#include "annotator/views/text_search.h"

#include <algorithm>

namespace annotator {

bool has_text(std::string_view name, std::string_view text) {
    return std::ranges::search(name, text, {}, lower, lower).begin() != name.end() || text.empty();
}

bool begins_with_text(std::string_view name, std::string_view text) {
    return std::ranges::equal(name.substr(0, text.size()), text, {}, lower, lower);
}

}  // namespace annotator
