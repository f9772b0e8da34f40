#include "annotator/session/child_jobs.h"

#include <algorithm>
#include <cstdlib>

#include "annotator/playback/sound_device.h"

namespace annotator {

namespace {

constexpr std::size_t kept_when_over = 10;

std::string failure_of(const ChildEnd& end, const std::string& last_message) {
    if (!last_message.empty()) return last_message;
    if (end.signal != 0)
        return "The work was ended by signal " + std::to_string(end.signal) +
               "; nothing that was saved is lost. There may not be enough memory for it.";
    return "The work ended with code " + std::to_string(end.code) + " and did not say why.";
}

}  // namespace

std::filesystem::path program_of_verbs() {
    const char* named = std::getenv("KINETOGRAPH_PROGRAM");
    return named != nullptr && *named != '\0' ? named : "/proc/self/exe";
}

ChildJobs::~ChildJobs() {
    for (const Job& job : jobs_)
        if (job.process) job.process->cancel();
}

WorkId ChildJobs::start(WorkCommand command) {
    const WorkId id{next_++};
    JobView view;
    view.id = id;
    view.kind = command.kind;
    view.title = command.title;
    model_.state.jobs.insert(model_.state.jobs.begin(), std::move(view));
    jobs_.push_back({id, std::move(command), nullptr, 0, {}});
    forget_old();
    start_waiting();
    return id;
}

ChildJobs::Job* ChildJobs::open_job(std::optional<WorkId> id) {
    if (jobs_.empty()) return nullptr;
    if (!id) {
        const auto begun =
            std::ranges::find_if(jobs_.rbegin(), jobs_.rend(), [](const Job& job) { return job.process != nullptr; });
        return begun != jobs_.rend() ? &*begun : &jobs_.back();
    }
    const auto found = std::ranges::find(jobs_, *id, &Job::id);
    return found == jobs_.end() ? nullptr : &*found;
}

JobView& ChildJobs::view_of(const Job& job) { return *std::ranges::find(model_.state.jobs, job.id, &JobView::id); }

void ChildJobs::pause(std::optional<WorkId> id) {
    Job* job = open_job(id);
    if (job == nullptr || job->process == nullptr || view_of(*job).state != WorkState::running) return;
    job->process->pause();
    view_of(*job).state = WorkState::paused;
}

void ChildJobs::resume(std::optional<WorkId> id) {
    Job* job = open_job(id);
    if (job == nullptr || job->process == nullptr || view_of(*job).state != WorkState::paused) return;
    job->process->resume();
    view_of(*job).state = WorkState::running;
}

void ChildJobs::cancel(std::optional<WorkId> id) {
    Job* job = open_job(id);
    if (job == nullptr) return;
    if (job->process == nullptr) return close(*job, WorkState::stopped, "It was cancelled before it began.");
    job->process->cancel();
    view_of(*job).state = WorkState::stopping;
}

bool ChildJobs::start_waiting() {
    bool started = false;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
        Job& job = jobs_[i];
        const bool lane_is_free = std::none_of(jobs_.begin(), jobs_.end(), [&](const Job& other) {
            return other.process != nullptr && other.command.lane == job.command.lane;
        });
        if (job.process != nullptr || !lane_is_free) continue;
        std::vector<std::string> command{program_of_verbs().string()};
        command.insert(command.end(), job.command.arguments.begin(), job.command.arguments.end());
        command.emplace_back("--json");
        started = true;
        try {
            job.process = std::make_unique<ChildProcess>(command, [this] { model_.main_queue.post([] {}); });
            job.began = machine_seconds();
            view_of(job).state = WorkState::running;
        } catch (const std::exception& error) {
            close(job, WorkState::failed, error.what());
            --i;
        }
    }
    return started;
}

bool ChildJobs::tick() {
    bool changed = false;
    for (std::size_t i = 0; i < jobs_.size();) {
        const std::size_t before = jobs_.size();
        changed |= jobs_[i].process != nullptr && read(jobs_[i]);
        if (jobs_.size() == before) ++i;
    }
    return start_waiting() || changed;
}

bool ChildJobs::read(Job& job) {
    JobView& view = view_of(job);
    const std::optional<ChildEnd> end = job.process->end();  // before the lines: then all of them are there
    const auto lines = job.process->take_lines();
    for (const std::string& line : lines)
        if (std::string message = read_line(line, view); !message.empty()) job.last_message = std::move(message);
    view.seconds = machine_seconds() - job.began;
    if (end) finish(job, *end);
    return end.has_value() || !lines.empty();
}

void ChildJobs::finish(Job& job, const ChildEnd& end) {
    const bool was_cancelled = view_of(job).state == WorkState::stopping;
    const bool well = did_its_work(job.command, end.code, end.output);
    // A cancelled verb may have been done before it heard of it.
    if (!well && was_cancelled)
        return close(job, WorkState::stopped,
                     job.last_message.empty() ? "It was cancelled; nothing was stored." : job.last_message);
    if (!well) return close(job, WorkState::failed, failure_of(end, job.last_message));
    std::string outcome;
    try {
        outcome = read_answer(job.command, end.output, model_.state.outcomes);
    } catch (const std::exception& error) {
        return close(job, WorkState::failed, "Its answer cannot be read: " + std::string(error.what()));
    }
    if (job.command.kind == JobKind::queue) model_.state.queue_index.reset();
    const ReadAgain again = read_again_after(job.command.kind);
    close(job, WorkState::done, std::move(outcome));
    try {
        if (again == ReadAgain::everything) model_.read_again();
        if (again == ReadAgain::model_output) model_.read_model_output();
    } catch (const std::exception& error) {
        model_.say(Notice::Severity::error, "What was stored cannot be read: " + std::string(error.what()));
    }
}

void ChildJobs::close(Job& job, WorkState state, std::string outcome) {
    JobView& view = view_of(job);
    view.state = state;
    view.outcome = std::move(outcome);
    model_.say(state == WorkState::failed ? Notice::Severity::error : Notice::Severity::info,
               view.title + ": " + view.outcome);
    std::erase_if(jobs_, [id = job.id](const Job& each) { return each.id == id; });
    ++model_.revision;
    forget_old();
}

void ChildJobs::forget_old() {
    std::size_t over = 0;
    std::erase_if(model_.state.jobs,
                  [&](const JobView& view) { return is_over(view.state) && ++over > kept_when_over; });
}

}  // namespace annotator
