#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/carry_labels.h"

namespace annotator {

// How the frames of a copy are found in the original: by a frame map that came with the copy, by their times, or by
// what they show.
enum class RetimeMethod { map, pts, content };

struct RetimeOptions {
    std::string take;            // that has the labels
    std::filesystem::path copy;  // the re-encoded, trimmed or other-rate video
    // Empty: the map if one is given, the times if they fit at one place only, else the content.
    std::optional<RetimeMethod> by;
    std::optional<std::filesystem::path> map;  // of normalise
    std::string layer;                         // one layer alone; empty: all
};

struct RetimeResult {
    std::string take, clip;  // the copy's
    RetimeMethod method = RetimeMethod::content;
    CarriedLabels labels;
};

// Below, a person should look at a boundary.
inline constexpr double sure_boundary = 0.9;

// Brings the labels of a take onto a copy of its video: imports the copy as a take of its own, unless it is in the
// project already, and writes the labels into the same layers as one edit. Nothing is imported when the copy does
// not fit. nullopt when stopped; then no label was written.
//
// Throws std::invalid_argument for names that are not there, storage::ReadError for a file that cannot be read or a
// video that does not show the take.
std::optional<RetimeResult> retime(ProjectSession& session, const RetimeOptions& options, const JobContext& job);

}  // namespace annotator

template <>
struct schemas::EnumNames<annotator::RetimeMethod> {
    static constexpr std::array<std::string_view, 3> names{"map", "pts", "content"};
};
