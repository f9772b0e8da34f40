#include "annotator/jobs/job_runner.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace annotator {

JobRunner::JobRunner(MainQueue& results) : results_(results) {
    for (std::size_t i = 0; i < lanes_.size(); ++i)
        threads_[i] = std::jthread([this, i](const std::stop_token& stop) { run_lane(lanes_[i], stop); });
}

JobRunner::~JobRunner() {
    const std::scoped_lock lock(mutex_);
    for (const auto& job : jobs_) job->stop.request_stop();
}

JobId JobRunner::start(Lane lane, std::string title, Work work) {
    auto job = std::make_shared<Job>();
    job->status.title = std::move(title);
    job->work = std::move(work);
    Track& track = lanes_[static_cast<std::size_t>(lane)];
    const std::scoped_lock lock(mutex_);
    job->status.id = JobId{next_++};
    forget_old();
    jobs_.push_back(job);
    track.waiting.push_back(job);
    track.changed.notify_one();
    return job->status.id;
}

void JobRunner::stop(JobId id) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::ranges::find(jobs_, id, [](const auto& job) { return job->status.id; });
    if (found != jobs_.end()) (*found)->stop.request_stop();
}

std::vector<JobStatus> JobRunner::statuses() const {
    const std::scoped_lock lock(mutex_);
    std::vector<JobStatus> statuses;
    for (const auto& job : jobs_) statuses.push_back(job->status);
    return statuses;
}

// Edits start work all day long.
void JobRunner::forget_old() {
    constexpr std::size_t kept = 20;
    auto over = jobs_.size();
    std::erase_if(jobs_, [&](const auto& job) {
        const JobState state = job->status.state;
        return over-- > kept && state != JobState::waiting && state != JobState::running;
    });
}

void JobRunner::run_lane(Track& lane, const std::stop_token& stop) {
    for (;;) {
        std::shared_ptr<Job> job;
        {
            std::unique_lock lock(mutex_);
            if (!lane.changed.wait(lock, stop, [&] { return !lane.waiting.empty(); })) return;
            job = lane.waiting.front();
            lane.waiting.pop_front();
        }
        run(job);
    }
}

// What the work holds, files among it, is let go before the job is over, and its result is posted by then.
void JobRunner::run(const std::shared_ptr<Job>& job) {
    Work work = std::exchange(job->work, {});
    JobState state = JobState::stopped;
    std::string error;
    if (!job->stop.stop_requested()) {
        set_state(*job, JobState::running);
        const JobContext context{[this, job](const Progress& progress) {
                                     const std::scoped_lock lock(mutex_);
                                     job->status.progress = progress;
                                 },
                                 job->stop.get_token()};
        try {
            std::optional<Finish> finish = work(context);
            if (finish) state = JobState::done;
            if (finish && *finish) results_.post(std::move(*finish));
        } catch (const std::exception& problem) {
            state = JobState::failed;
            error = problem.what();
        }
    }
    work = {};
    set_state(*job, state, error);
}

void JobRunner::set_state(Job& job, JobState state, const std::string& error) {
    const std::scoped_lock lock(mutex_);
    job.status.state = state;
    job.status.error = error;
}

}  // namespace annotator
