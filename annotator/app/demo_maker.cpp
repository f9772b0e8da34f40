#include "annotator/app/demo_maker.h"

#include <nlohmann/json.hpp>

#include "annotator/session/child_jobs.h"

namespace annotator {

DemoMaker::DemoMaker(std::filesystem::path folder, std::function<void()> wake)
    : folder_(std::move(folder)),
      progress_{"Making the demo project", 0, 0},
      process_({program_of_verbs().string(), "demo-project", folder_.string(), "--json"}, std::move(wake)) {}

bool DemoMaker::tick() {
    bool changed = false;
    const std::optional<ChildEnd> end = process_.end();  // before the lines: then all of them are there
    for (const std::string& line : process_.take_lines()) {
        changed = true;
        const nlohmann::json document = nlohmann::json::parse(line, nullptr, false);
        if (document.is_object() && document.contains("progress")) {
            const nlohmann::json& told = document["progress"];
            progress_ = {told.value("doing", ""), told.value("done", 0.0), told.value("total", 0.0)};
        } else {
            said_ = line;
        }
    }
    if (end_ || !end) return changed;
    end_ = end;
    return true;
}

void DemoMaker::cancel() {
    cancelled_ = true;
    process_.cancel();
}

DemoProgress DemoMaker::progress() const {
    const bool known = progress_.total > 0;
    return {progress_.doing, known ? static_cast<float>(progress_.done / progress_.total) : -1.0F};
}

std::optional<std::string> DemoMaker::failure() const {
    if (!end_ || made()) return std::nullopt;
    return folder_.string() + ": the demo project could not be made" + (said_.empty() ? "." : " (" + said_ + ").");
}

}  // namespace annotator
