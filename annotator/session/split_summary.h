#pragma once

#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/split.h"
#include "storage/export/split_assignment.h"

namespace annotator {

// What a stored split makes of the project as it is now.
struct SplitSummary {
    std::vector<storage::SubsetShare> shares;  // by fold and subset; targets are not known
    std::vector<storage::Leak> leaks;          // over performer, take, choreography and music
    std::int64_t without = 0;                  // clips that came after it was made
};

// Pure.
SplitSummary split_summary(const Document& document, const schemas::Split& split);

}  // namespace annotator
