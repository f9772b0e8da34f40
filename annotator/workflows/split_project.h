#pragma once

#include <string>
#include <vector>

#include "annotator/session/project_session.h"
#include "storage/export/split_assignment.h"

namespace annotator {

struct SplitProjectOptions {
    std::string name = "main";
    storage::SplitOptions split;  // its seed and keys; an empty list of group keys means performer and take
};

struct SplitProjectResult {
    schemas::Split split;
    storage::SplitAssignment assignment;
    std::vector<storage::Leak> leaks;  // over performer, take, choreography and music, asked for or not
};

// Assigns every clip to a subset and stores it under its name. Strata are the labels of each
// track, by frames. Throws std::invalid_argument for options that make no sense.
SplitProjectResult split_project(ProjectSession& session, SplitProjectOptions options);

// The clips as splits see them. A clip of several performers has several values of that key.
std::vector<storage::SplitItem> split_items(const Document& document);

}  // namespace annotator
