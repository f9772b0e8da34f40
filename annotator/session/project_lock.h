#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "annotator/session/project_session.h"
#include "storage/export/atomic_file.h"

namespace annotator {

// That one editor has a project open: a lock of the operating system on PROJECT/editor.lock, which ends with the
// program, however it ends. The file says who has it, for the one who comes second.
//
// Thread: one.
class ProjectLock {
public:
    // Who has it: "ana on studio-2 (process 4711)".
    struct Refusal {
        std::string held_by;  // "" where it is not that
        std::string problem;  // why nothing can be written there; "" where it is not that
    };
    // Nullopt, with the reason, where somebody else has it or nothing can be written there.
    static std::optional<ProjectLock> take(const std::filesystem::path& project, Refusal& refusal);

private:
    explicit ProjectLock(storage::Descriptor file) : file_(std::move(file)) {}

    storage::Descriptor file_;
};

// A project as an editor opens it.
struct OpenedProject {
    ProjectSession session;
    std::optional<ProjectLock> lock;
    std::string read_only_because;  // "" where it can be edited
};

// Read-only, with a sentence that says why, where another editor has it or the disk cannot be written. Throws as
// ProjectSession does.
OpenedProject open_for_editing(const std::filesystem::path& folder, SessionOptions options);

}  // namespace annotator
