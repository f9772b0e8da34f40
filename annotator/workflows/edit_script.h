#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "annotator/session/project_session.h"

namespace annotator {

struct ScriptOutcome {
    std::size_t applied = 0;
    struct Failure {
        std::size_t command = 0;  // its place in the list, from 0
        std::string reason;
    };
    std::vector<Failure> failed;
};

// Performs a list of edit commands, the editor's own, each one step of undo. A command that
// cannot be done is reported and the others are done all the same, unless the project cannot
// be written to any more: then it is the last one reported. The list is laid out as
// in schemas/json/edits.schema.json; one that is not throws std::invalid_argument before
// anything is done.
ScriptOutcome run_edit_script(ProjectSession& session, const nlohmann::json& script);

}  // namespace annotator
