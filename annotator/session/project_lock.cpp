#include "annotator/session/project_lock.h"

#include <fcntl.h>
#include <pwd.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace annotator {

namespace {

using nlohmann::json;

std::string host_name() {
    char name[256] = "";
    gethostname(name, sizeof(name) - 1);
    return name;
}

std::string user_name() {
    const passwd* entry = getpwuid(getuid());
    return entry != nullptr ? entry->pw_name : std::to_string(getuid());
}

std::string holder_in(const std::filesystem::path& file) {
    std::ifstream stream(file);
    const json written = json::parse(stream, nullptr, false);
    if (!written.is_object()) return "another editor";
    return written.value("user", "somebody") + " on " + written.value("host", "an unknown machine") + " (process " +
           std::to_string(written.value("process", 0)) + ")";
}

}  // namespace

std::optional<ProjectLock> ProjectLock::take(const std::filesystem::path& project, Refusal& refusal) {
    const std::filesystem::path path = project / "editor.lock";
    storage::Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (file.number() < 0) {
        refusal.problem = std::strerror(errno);
        return std::nullopt;
    }
    if (flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            refusal.held_by = holder_in(path);
        else
            refusal.problem = std::strerror(errno);
        return std::nullopt;
    }
    const std::string text = json{{"user", user_name()}, {"host", host_name()}, {"process", getpid()}}.dump(
                                 -1, ' ', false, json::error_handler_t::replace) +
                             "\n";
    int error = ftruncate(file.number(), 0) == 0 ? 0 : errno;
    if (error == 0) error = storage::write_fully(file.number(), text);
    if (error != 0) {
        refusal.problem = std::strerror(error);
        return std::nullopt;
    }
    return ProjectLock(std::move(file));
}

OpenedProject open_for_editing(const std::filesystem::path& folder, SessionOptions options) {
    // A folder that is no project says so itself, and gets no lock.
    if (!std::filesystem::exists(folder / "project.sqlite") || options.access == storage::Access::read_only)
        return {ProjectSession(folder, std::move(options)), std::nullopt, ""};
    ProjectLock::Refusal refusal;
    std::optional<ProjectLock> lock = ProjectLock::take(folder, refusal);
    if (lock) return {ProjectSession(folder, std::move(options)), std::move(lock), ""};
    options.access = storage::Access::read_only;
    const std::string name = std::filesystem::absolute(folder).lexically_normal().filename().string();
    const std::string why =
        refusal.held_by.empty()
            ? name + ": cannot be written here (" + refusal.problem +
                  "). You can look at everything; to edit, copy the project to a disk that can be written."
            : name + ": " + refusal.held_by +
                  " has it open. You can look at everything; to edit, close it there and open it here again.";
    return {ProjectSession(folder, std::move(options)), std::nullopt, why};
}

}  // namespace annotator
