#include "annotator/cli/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "schemas/version.h"

namespace annotator {

namespace {

// Turns Ctrl+C and a polite kill into a stop request. A signal handler may do next to
// nothing, so one thread waits for the signals with everybody else blocking them.
class StopAtSignal {
public:
    StopAtSignal() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        sigaddset(&signals_, SIGUSR1);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        waiter_ = std::thread([this] {
            int signal = 0;
            sigwait(&signals_, &signal);
            if (signal == SIGUSR1) return;
            stop_.request_stop();
            sigwait(&signals_, &signal);
            if (signal != SIGUSR1) _exit(130);
        });
    }
    ~StopAtSignal() {
        pthread_kill(waiter_.native_handle(), SIGUSR1);
        waiter_.join();
    }
    StopAtSignal(const StopAtSignal&) = delete;
    StopAtSignal& operator=(const StopAtSignal&) = delete;

    [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

private:
    sigset_t signals_{};
    std::stop_source stop_;
    std::thread waiter_;
};

class ProgressLine {
public:
    explicit ProgressLine(bool json) : json_(json), terminal_(isatty(STDERR_FILENO) == 1) {}
    ~ProgressLine() {
        if (shown_) std::cerr << "\r\033[K" << std::flush;
    }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const Progress& progress) {
        if (!json_ && !terminal_) return;
        const std::scoped_lock lock(mutex_);
        const auto now = std::chrono::steady_clock::now();
        const bool last = progress.total > 0 && progress.done >= progress.total;
        if (!last && now - shown_at_ < std::chrono::milliseconds(100)) return;
        shown_at_ = now;
        if (json_)
            std::cerr
                << nlohmann::json{{"progress",
                                   {{"doing", progress.doing}, {"done", progress.done}, {"total", progress.total}}}}
                       .dump()
                << "\n";
        else
            draw(progress);
    }

private:
    void draw(const Progress& progress) {
        shown_ = true;
        std::cerr << "\r\033[K" << progress.doing;
        if (progress.total > 0) {
            constexpr int width = 24;
            const double share = std::clamp(progress.done / progress.total, 0.0, 1.0);
            const int filled = static_cast<int>(width * share);
            std::cerr << "  [" << std::string(static_cast<std::size_t>(filled), '=')
                      << std::string(static_cast<std::size_t>(width - filled), ' ') << "] "
                      << static_cast<int>(100 * share) << " %";
        }
        std::cerr << std::flush;
    }

    bool json_;
    bool terminal_;
    std::mutex mutex_;
    bool shown_ = false;  // guarded by mutex_, as the next
    std::chrono::steady_clock::time_point shown_at_;
};

}  // namespace

void Console::result(const nlohmann::json& document, const std::string& text) const {
    if (json_)
        std::cout << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    else
        std::cout << text << (text.empty() || text.back() == '\n' ? "" : "\n");
}

void Console::note(const std::string& text) const { std::cerr << text << "\n"; }

JobContext Console::job() const {
    static StopAtSignal signals;
    const auto line = std::make_shared<ProgressLine>(json_);
    return {[line](const Progress& progress) { line->show(progress); }, signals.token()};
}

CommandLine::CommandLine() : app_("Kinetograph: label dance recordings with a model in the loop.", "kinetograph") {
    app_.require_subcommand(0, 1);
    app_.fallthrough();
    app_.add_flag("--json", json_, "print one JSON document on standard output, everything else on standard error");
    app_.set_version_flag("--version", std::string(schemas::version));
    app_.footer(
        "Exit codes: 0 done, 1 could not do it, 2 wrong usage, 3 done in part (the report lists what was left out).");
}

CLI::App* CommandLine::add(const std::string& name, const std::string& help, Run run) {
    CLI::App* verb = app_.add_subcommand(name, help);
    verb->callback([this, run = std::move(run)] { chosen_ = run; });
    return verb;
}

int CommandLine::run(int count, const char* const* arguments) {
    constexpr int wrong_usage = static_cast<int>(ExitCode::wrong_usage);
    try {
        app_.parse(count, arguments);
    } catch (const CLI::ExtrasError& error) {
        if (!app_.get_subcommands().empty()) return app_.exit(error, std::cout, std::cerr), wrong_usage;
        std::cerr << "kinetograph: there is no verb '" << app_.remaining().front() << "'; the verbs are";
        for (const CLI::App* verb : app_.get_subcommands({})) std::cerr << " " << verb->get_name();
        std::cerr << "\n";
        return wrong_usage;
    } catch (const CLI::ParseError& error) {
        const int code = app_.exit(error, std::cout, std::cerr);
        return code == 0 ? 0 : wrong_usage;
    }
    if (!chosen_) {
        std::cout << app_.help();
        return count > 1 ? wrong_usage : 0;
    }
    Console console(json_);
    try {
        const ExitCode code = chosen_(console);
        std::cout.flush();
        if (!std::cout) throw std::runtime_error("standard output: could not be written");
        return static_cast<int>(code);
    } catch (const CLI::Error& error) {
        console.note("kinetograph: " + std::string(error.what()));
        return wrong_usage;
    } catch (const std::bad_alloc&) {
        console.note("kinetograph: there is not enough memory for this; nothing that was saved is lost");
    } catch (const std::exception& error) {
        console.note("kinetograph: " + std::string(error.what()));
    }
    return static_cast<int>(ExitCode::failed);
}

}  // namespace annotator
