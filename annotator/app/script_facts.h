#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

#include "annotator/session/workbench.h"

// What scripts may expect and wait for.
namespace annotator {

// Everything that {"expect": …} knows, by name. Counts of segments, proposals, key poses and comments are of the clip
// that is shown; labels of truth layers do not count. `label` and `span` are of the selected segment.
nlohmann::json script_facts(const Workbench& bench);
// Why the expectation does not hold: "expected segments 3, found 2"; nullopt when it holds. Of `notice` a part is
// enough. Throws std::invalid_argument for names that there are not.
std::optional<std::string> unmet(const nlohmann::json& expected, const nlohmann::json& facts);

// The recordings of the clip that is shown are there, or it is known why not, and so are the pictures of its frame.
bool media_settled(const Workbench& bench);
// No work waits or runs.
bool jobs_settled(const Workbench& bench);

}  // namespace annotator
