#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/playback/sound_device.h"
#include "annotator/session/workbench.h"
#include "annotator/workflows/create_project.h"
#include "tests/support/temporary_folder.h"

// A workbench with work in the background, and the program that does it.
namespace tests {

inline std::filesystem::path program() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kinetograph";
}

inline bool program_is_there() {
    if (std::filesystem::exists(program())) return true;
    MESSAGE("the program is not built beside this test");
    return false;
}

// A script in place of the program: it gets the verb and its arguments.
struct Program {
    explicit Program(const std::filesystem::path& file) { setenv("KINETOGRAPH_PROGRAM", file.c_str(), 1); }
    Program(const tests::TemporaryFolder& folder, const std::string& script) {
        const auto file = folder.file("program", "#!/bin/sh\n" + script);
        std::filesystem::permissions(file, std::filesystem::perms::owner_all);
        setenv("KINETOGRAPH_PROGRAM", file.c_str(), 1);
    }
    ~Program() { unsetenv("KINETOGRAPH_PROGRAM"); }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
};

// A workbench whose loop goes round when it is woken, as the window's does.
class Bench {
public:
    explicit Bench(annotator::ProjectSession session) : bench(std::move(session), [this] { wake(); }) {}

    template <class Wanted>
    void send(Wanted wanted) {
        annotator::Outbox outbox;
        outbox.send(std::move(wanted));
        for (const annotator::Intent& intent : outbox.take()) bench.handle(intent);
    }

    // Goes on until it holds; false after that many seconds.
    bool until(const std::function<bool()>& holds, double seconds = 120) {
        const double start = annotator::machine_seconds();
        for (;;) {
            bench.tick();
            if (holds()) return true;
            if (annotator::machine_seconds() - start > seconds) return false;
            std::unique_lock lock(mutex_);
            woken_.wait_for(lock, std::chrono::milliseconds(50), [this] { return wakes_ > 0; });
            wakes_ = 0;
        }
    }
    bool until_over(std::size_t place = 0) {
        return until([&] { return annotator::is_over(job(place).state); });
    }

    [[nodiscard]] const annotator::EditorModel& model() const { return bench.model(); }
    [[nodiscard]] const annotator::JobView& job(std::size_t place = 0) const { return bench.state().jobs.at(place); }
    [[nodiscard]] bool said(const std::string& words) const {
        return std::ranges::any_of(bench.state().notices, [&](const annotator::Notice& notice) {
            return notice.text.find(words) != std::string::npos;
        });
    }

private:
    void wake() {
        const std::scoped_lock lock(mutex_);
        ++wakes_;
        woken_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable woken_;
    int wakes_ = 0;  // guarded by mutex_

public:
    annotator::Workbench bench;
};

inline annotator::ProjectSession fresh_project(const tests::TemporaryFolder& folder) {
    return annotator::create_project(folder.path() / "project", {}, {});
}

inline schemas::TrackId category(const Bench& bench) {
    return annotator::track_of_kind(bench.model().document(), schemas::TrackKind::category)->id;
}

}  // namespace tests
