#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/jobs/main_queue.h"

namespace annotator {

enum class JobId : std::uint64_t {};
enum class Lane { compute, file };
enum class JobState { waiting, running, done, stopped, failed };

struct JobStatus {
    JobId id{};
    std::string title;
    JobState state = JobState::waiting;
    Progress progress;
    std::string error;  // of a failed job
};

// Runs long work beside the main thread: two lanes, one job at a time in each. Work gets
// values or a read-only snapshot; it returns what the main thread is to do with the result,
// and nothing when it was stopped.
//
// Thread: the main thread, which also drains the queue that results are posted to.
class JobRunner {
public:
    // Runs on the main thread.
    using Finish = std::function<void()>;
    using Work = std::function<std::optional<Finish>(const JobContext&)>;

    explicit JobRunner(MainQueue& results);
    ~JobRunner();  // stops what runs and waits for it

    JobId start(Lane lane, std::string title, Work work);
    void stop(JobId id);
    [[nodiscard]] std::vector<JobStatus> statuses() const;  // oldest first; of what is over the last ones alone

private:
    struct Job {
        JobStatus status;
        Work work;
        std::stop_source stop;
    };
    struct Track {
        std::deque<std::shared_ptr<Job>> waiting;  // guarded by mutex_
        std::condition_variable_any changed;
    };

    void forget_old();  // with mutex_ held
    void run_lane(Track& lane, const std::stop_token& stop);
    void run(const std::shared_ptr<Job>& job);
    void set_state(Job& job, JobState state, const std::string& error = {});

    MainQueue& results_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Job>> jobs_;  // guarded by mutex_
    std::uint64_t next_ = 1;
    std::array<Track, 2> lanes_;
    std::array<std::jthread, 2> threads_;  // last: they end before what they use
};

}  // namespace annotator
