#pragma once

#include <memory>
#include <string>
#include <vector>

#include "annotator/cli/command_line.h"
#include "annotator/workflows/training_snapshot.h"

namespace annotator {

// The options that verbs which look at the motion of a project share.
struct PoolArguments {
    std::string track = "category";
    std::string layer;
    std::string unit;
    std::vector<std::string> without_performers;

    void add_to(CLI::App& verb);
    [[nodiscard]] PoolOptions pool() const;
};

}  // namespace annotator
