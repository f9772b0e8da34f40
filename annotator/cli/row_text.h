#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/proposal.h"

namespace annotator {

// [{"label", "score"}], best first, by name.
nlohmann::json top_json(const Document& document, const std::vector<schemas::LabelScore>& top);
// "jump 62 %, turn 20 %"
std::string top_text(const Document& document, const std::vector<schemas::LabelScore>& top, std::size_t count);

}  // namespace annotator
