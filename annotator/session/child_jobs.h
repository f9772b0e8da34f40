#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/child_process.h"
#include "annotator/session/editor_model.h"
#include "annotator/session/work_command.h"

namespace annotator {

// Runs verbs of this program as child processes, one at a time in each lane, and keeps EditorState::jobs, the outcomes
// and what was read of the project up to date. What is asked for meanwhile waits its turn.
//
// Thread: the UI's.
class ChildJobs {
public:
    explicit ChildJobs(EditorModel& model) : model_(model) {}
    // Cancels what runs, and waits: once for all of it.
    ~ChildJobs();
    ChildJobs(const ChildJobs&) = delete;
    ChildJobs& operator=(const ChildJobs&) = delete;

    WorkId start(WorkCommand command);
    // Of the jobs that are not over; none is named: the newest that has begun, else the newest. Nothing happens when
    // there is none.
    void pause(std::optional<WorkId> job);
    void resume(std::optional<WorkId> job);
    void cancel(std::optional<WorkId> job);
    // True when what is shown has changed.
    bool tick();

private:
    struct Job {
        WorkId id{};
        WorkCommand command;
        std::unique_ptr<ChildProcess> process;  // null while it waits
        double began = 0;
        std::string last_message;
    };

    Job* open_job(std::optional<WorkId> id);
    JobView& view_of(const Job& job);
    bool start_waiting();
    bool read(Job& job);
    void finish(Job& job, const ChildEnd& end);
    void close(Job& job, WorkState state, std::string outcome);
    void forget_old();

    EditorModel& model_;
    std::vector<Job> jobs_;  // not over; oldest first
    std::uint64_t next_ = 1;
};

// Whose verbs are run: this very program, unless KINETOGRAPH_PROGRAM names another.
std::filesystem::path program_of_verbs();

}  // namespace annotator
