#pragma once

#include <string>

#include "schemas/edit.h"

namespace tests {

// Rows of a small project, with ids that a test can write down. Clips have 100 frames.
struct ProjectBuilder {
    schemas::ProjectRows rows;

    ProjectBuilder& clip(std::int64_t id, const std::string& name, schemas::FrameIndex frames = 100);
    ProjectBuilder& track(std::int64_t id, const std::string& name,
                          schemas::TrackKind kind = schemas::TrackKind::primitive, bool exclusive = true);
    ProjectBuilder& label(std::int64_t id, std::int64_t track, const std::string& name);
    ProjectBuilder& layer(std::int64_t id, const std::string& name,
                          schemas::LayerKind kind = schemas::LayerKind::person);
    // A skeleton stream beside the take's reference.
    ProjectBuilder& skeleton(std::int64_t id, std::int64_t take, schemas::FrameIndex frames = 100);
    ProjectBuilder& performer(std::int64_t id, const std::string& name);

    // The rows as the edit that makes them.
    [[nodiscard]] schemas::Edit edit() const;
};

// Clips 1 and 2, track 1 (exclusive) with labels 1 2 3, track 2 (free) with label 4, layers 1
// and 2, performers 1 and 2.
ProjectBuilder small_project();

}  // namespace tests
