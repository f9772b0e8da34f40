#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "annotator/jobs/child_process.h"
#include "annotator/jobs/job_context.h"
#include "annotator/views/welcome_view.h"

namespace annotator {

// Makes the demo project with this program's own verb, in the background. Its destructor cancels what is not done, and
// waits for it.
//
// Thread: the UI's.
class DemoMaker {
public:
    // `wake` is called on any thread when tick() has something to do. Throws std::system_error when it cannot start.
    DemoMaker(std::filesystem::path folder, std::function<void()> wake);

    // True when something has changed.
    bool tick();
    // Without waiting: tick() sees the end.
    void cancel();
    [[nodiscard]] bool is_cancelled() const { return cancelled_; }
    [[nodiscard]] bool is_over() const { return end_.has_value(); }
    [[nodiscard]] DemoProgress progress() const;
    [[nodiscard]] bool made() const { return end_ && (end_->code == 0 || end_->code == made_without_a_model); }
    // Why it could not be made; nullopt while it may still be.
    [[nodiscard]] std::optional<std::string> failure() const;
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    static constexpr int made_without_a_model = 3;

    std::filesystem::path folder_;
    Progress progress_;
    std::string said_;  // the last line that was no progress
    std::optional<ChildEnd> end_;
    bool cancelled_ = false;
    ChildProcess process_;
};

}  // namespace annotator
