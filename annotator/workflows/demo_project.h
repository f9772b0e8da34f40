#pragma once

#include <filesystem>
#include <optional>

#include "annotator/jobs/job_context.h"

namespace annotator {

struct DemoProject {
    std::size_t clips = 0;
    std::size_t labelled = 0;  // clips that carry a category by hand
    std::size_t videos = 0;
};

// A project to try the editor on, in some seconds: synthetic dancers in `folder`/recordings, what they dance in the
// hidden layer "truth", and a part of it labelled by hand in the layer "Demo", so that a model can be trained at once.
// A queue of what to label next is there, too. nullopt when stopped; then the folder is to be deleted.
//
// Throws std::runtime_error when the folder exists and is not empty.
std::optional<DemoProject> make_demo_project(const std::filesystem::path& folder, const JobContext& job);

// Models of both tracks, trained in some seconds on the labelled part; what they propose for the rest, and the queue
// that the first makes. The number of proposals; nullopt when stopped. Throws std::runtime_error where the module that
// trains is missing (inference::engine).
std::optional<std::size_t> teach_demo_project(const std::filesystem::path& folder, const JobContext& job);

}  // namespace annotator
