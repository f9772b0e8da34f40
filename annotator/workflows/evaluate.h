#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <set>
#include <string>

#include "annotator/session/project_session.h"

namespace annotator {

inline constexpr const char* proposals_layer = "proposals";  // the present proposals, as if they were a layer

struct EvaluateOptions {
    std::string layer;            // what is judged: a layer's name, or proposals_layer
    std::string against;          // the truth: a layer's name
    std::string track;            // empty: the one on which `against` has most labels
    std::set<std::string> clips;  // only these, by name; empty: every clip on which `against` has labels
    std::string beside = {};      // a layer whose labelled segments do not count: the rest is judged
};

// All metrics of models.md 2.8 between two layers, as the JSON of design section 9; spans are
// compared frame by frame. Where the truth came with tolerance intervals the boundary F1
// within them is "boundary_f1_tolerance". Throws std::invalid_argument for unknown names, and
// where the truth has no label at all on the track.
nlohmann::json evaluate(ProjectSession& session, const EvaluateOptions& options);

}  // namespace annotator
