#include "annotator/workflows/bench_editor.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/workbench.h"
#include "annotator/views/clip_list_view.h"
#include "annotator/views/timeline_view.h"
#include "annotator/widgets/headless_screen.h"
#include "annotator/workflows/bench_tools.h"
#include "annotator/workflows/demo_project.h"

namespace annotator {

namespace {

namespace fs = std::filesystem;

constexpr double start_bound_ms = 1500, idle_bound_percent = 3, frame_bound_ms = 20, cancel_bound_ms = 200;
constexpr double edit_bound_ms = 5;
constexpr int starts = 5, idle_seconds = 10, frames_while_training = 600, frames_an_edit = 20;
constexpr double most_seconds_to_wait = 60;

// On a screen of its own, drawn by Mesa's software, as nobody in particular.
std::string in_a_window(const fs::path& home, const std::string& command) {
    return "HOME=" + quoted(home.string()) + " XDG_CONFIG_HOME= XDG_STATE_HOME= LIBGL_ALWAYS_SOFTWARE=1 " +
           "xvfb-run -a -s '-screen 0 1920x1200x24' sh -c " + quoted(command);
}

// The median of some starts.
std::optional<double> milliseconds_to_first_picture(const fs::path& program, const fs::path& home,
                                                    const fs::path& project) {
    const fs::path picture = home / "picture.png";
    const std::string edit = quoted(program.string()) + " edit " + quoted(project.string()) +
                             " --timing --screenshot " + quoted(picture.string()) + " 2>&1";
    std::vector<double> times;
    for (int i = 0; i < starts; ++i) {
        const auto said = output_of(in_a_window(home, edit));
        double milliseconds = 0;
        if (!said || std::sscanf(said->c_str(), "first picture after %lf ms", &milliseconds) != 1) return std::nullopt;
        times.push_back(milliseconds);
    }
    return median_of(times);
}

// Of one core, while nobody touches the window that shows a clip.
std::optional<double> percent_while_idle(const fs::path& program, const fs::path& home, const fs::path& project) {
    const std::string ticks = "cut -d' ' -f14,15 /proc/$editor/stat";
    const auto said = output_of(in_a_window(
        home, quoted(program.string()) + " edit " + quoted(project.string()) + " & editor=$!; sleep 5; " + ticks +
                  "; sleep " + std::to_string(idle_seconds) + "; " + ticks + "; kill $editor; wait $editor; true"));
    double user = 0, system = 0, user_later = 0, system_later = 0;
    if (!said) return std::nullopt;
    std::istringstream numbers(*said);
    if (!(numbers >> user >> system >> user_later >> system_later)) return std::nullopt;
    constexpr double ticks_a_second = 100;
    return 100 * (user_later + system_later - user - system) / ticks_a_second / idle_seconds;
}

// A person who labels while a model learns.
class Labeller {
public:
    explicit Labeller(const fs::path& project) : bench_(ProjectSession(project, {}), [] {}) {
        clip_ = clips_by_name(bench_.document()).front()->id;
        bench_.handle(OpenClip{clip_, {}});
    }

    bool start_training() {
        const schemas::Track* track = track_of_kind(bench_.document(), schemas::TrackKind::category);
        bench_.handle(StartTraining{.track = track->id, .steps = 100'000});
        return until([&] { return !job().curve.empty(); });
    }

    struct Worked {
        std::vector<double> frames, edits;  // milliseconds
    };
    Worked work() {
        Worked worked;
        for (int i = 0; i < frames_while_training; ++i) {
            if (i % frames_an_edit == 0) worked.edits.push_back(1000 * seconds_of([&] { edit(i); }));
            worked.frames.push_back(1000 * seconds_of([&] { frame(); }));
            std::this_thread::sleep_for(std::chrono::milliseconds(12));
        }
        return worked;
    }

    double milliseconds_to_cancel() {
        return 1000 * seconds_of([&] {
                   bench_.handle(CancelJob{});
                   until([&] { return is_over(job().state); });
               });
    }

private:
    [[nodiscard]] const JobView& job() const { return bench_.state().jobs.front(); }

    void frame() {
        bench_.tick();
        screen_.frame([&] {
            timeline_.draw({bench_, outbox_, screen_.theme(), screen_.textures()});
            clips_.draw({bench_, outbox_, screen_.theme(), screen_.textures()});
        });
        for (const Intent& intent : outbox_.take()) bench_.handle(intent);
    }

    void edit(int i) { bench_.handle(AddComment{{i % 40, i % 40 + 1}, "beat " + std::to_string(i)}); }

    bool until(const std::function<bool()>& holds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(most_seconds_to_wait);
        while (!holds()) {
            if (std::chrono::steady_clock::now() > end) return false;
            bench_.tick();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return true;
    }

    HeadlessScreen screen_{1920, 700, 1};
    Workbench bench_;
    schemas::ClipId clip_{};
    TimelineView timeline_;
    ClipListView clips_;
    Outbox outbox_;
};

}  // namespace

std::vector<BenchRow> bench_editor(const std::filesystem::path& program, const JobContext& job) {
    const Workplace workplace;
    const fs::path large = workplace.folder / "large", demo = workplace.folder / "demo";
    job.report({"Making a project with 5,000 clips", 0, 3});
    make_large_project(large, 5'000, 20);
    if (!make_demo_project(demo, {[](const Progress&) {}, job.stop})) return {};

    std::vector<BenchRow> rows;
    job.report({"Starting", 1, 3});
    if (const auto time = milliseconds_to_first_picture(program, workplace.folder, large))
        rows.push_back({"first picture of 5,000 clips, median", *time, "ms", start_bound_ms, "bound"});
    if (const auto share = percent_while_idle(program, workplace.folder, demo))
        rows.push_back({"idle window, of a core", *share, "%", idle_bound_percent, "bound"});
    if (job.stop.stop_requested()) return {};

    job.report({"Labelling while a model learns", 2, 3});
    Labeller labeller(demo);
    if (!labeller.start_training()) throw std::runtime_error("the training that is measured beside does not begin");
    const auto [frames, edits] = labeller.work();
    rows.push_back(
        {"frame while a model trains, 99th percentile", quantile_of(frames, 0.99), "ms", frame_bound_ms, "bound"});
    rows.push_back({"edit while a model trains, median", median_of(edits), "ms", edit_bound_ms, "bound"});
    rows.push_back({"training ends after cancel", labeller.milliseconds_to_cancel(), "ms", cancel_bound_ms, "bound"});
    return rows;
}

}  // namespace annotator
