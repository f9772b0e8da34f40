#include "annotator/session/work_controller.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/playback/sound_device.h"
#include "annotator/session/dataset_forms.h"
#include "annotator/session/review.h"
#include "annotator/session/training_form.h"
#include "annotator/session/workbench.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/demo_project.h"
#include "annotator/workflows/retrain.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

std::filesystem::path program() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "kinetograph";
}

bool program_is_there() {
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
    explicit Bench(ProjectSession session) : bench(std::move(session), [this] { wake(); }) {}

    template <class Wanted>
    void send(Wanted wanted) {
        Outbox outbox;
        outbox.send(std::move(wanted));
        for (const Intent& intent : outbox.take()) bench.handle(intent);
    }

    // Goes on until it holds; false after that many seconds.
    bool until(const std::function<bool()>& holds, double seconds = 120) {
        const double start = machine_seconds();
        for (;;) {
            bench.tick();
            if (holds()) return true;
            if (machine_seconds() - start > seconds) return false;
            std::unique_lock lock(mutex_);
            woken_.wait_for(lock, std::chrono::milliseconds(50), [this] { return wakes_ > 0; });
            wakes_ = 0;
        }
    }
    bool until_over(std::size_t place = 0) {
        return until([&] { return is_over(job(place).state); });
    }

    [[nodiscard]] const EditorModel& model() const { return bench.model(); }
    [[nodiscard]] const JobView& job(std::size_t place = 0) const { return bench.state().jobs.at(place); }
    [[nodiscard]] bool said(const std::string& words) const {
        return std::ranges::any_of(bench.state().notices,
                                   [&](const Notice& notice) { return notice.text.find(words) != std::string::npos; });
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
    Workbench bench;
};

ProjectSession fresh_project(const tests::TemporaryFolder& folder) {
    return create_project(folder.path() / "project", {}, {});
}

schemas::TrackId category(const Bench& bench) {
    return track_of_kind(bench.model().document(), schemas::TrackKind::category)->id;
}

}  // namespace

TEST_CASE("work that fails says why, and the next one runs") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "echo 'kinetograph: no skeleton' >&2; exit 1");
    Bench bench(fresh_project(folder));
    bench.send(StartTraining{.track = category(bench)});
    CHECK(bench.job().state == WorkState::running);
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::failed);
    CHECK(bench.job().outcome == "no skeleton");
    CHECK(bench.said("no skeleton"));
    bench.send(StartTraining{.track = category(bench)});
    CHECK(bench.until_over());
    CHECK(bench.bench.state().jobs.size() == 2);
}

TEST_CASE("a program that crashes takes nothing with it") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "kill -SEGV $$");
    Bench bench(fresh_project(folder));
    bench.send(CheckProject{});
    REQUIRE(bench.until_over());
    CHECK(bench.job().outcome.find("signal 11") != std::string::npos);
}

TEST_CASE("an answer that is no JSON is a failure with a sentence") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "echo broken");
    Bench bench(fresh_project(folder));
    bench.send(CheckProject{});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::failed);
    CHECK(bench.job().outcome.starts_with("Its answer cannot be read"));
}

TEST_CASE("two heavy jobs run one after the other; light ones run beside them") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "case $1 in check) echo '{\"findings\":[]}';; *) sleep 100;; esac");
    Bench bench(fresh_project(folder));
    bench.send(StartTraining{.track = category(bench)});
    bench.send(Prelabel{category(bench), {}});
    bench.send(CheckProject{});
    CHECK(bench.job(2).state == WorkState::running);
    CHECK(bench.job(1).state == WorkState::waiting);
    CHECK(bench.until([&] { return bench.job(0).state == WorkState::done; }));
    CHECK(bench.job(1).state == WorkState::waiting);
    bench.send(CancelJob{bench.job(2).id});
    CHECK(bench.until([&] { return bench.job(1).state == WorkState::running; }));
    CHECK(bench.job(2).state == WorkState::stopped);
    bench.send(CancelJob{});
    CHECK(bench.until_over(1));
}

TEST_CASE("work is paused, goes on, and can be cancelled before it began") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "sleep 100");
    Bench bench(fresh_project(folder));
    bench.send(StartTraining{.track = category(bench)});
    bench.send(BuildQueue{category(bench), 20, {}});
    bench.send(PauseJob{bench.job(1).id});
    CHECK(bench.job(1).state == WorkState::paused);
    bench.send(CancelJob{bench.job(0).id});
    CHECK(bench.job(0).state == WorkState::stopped);
    bench.send(ResumeJob{});
    CHECK(bench.job(1).state == WorkState::running);
    bench.send(PauseJob{});
    bench.send(CancelJob{});
    REQUIRE(bench.until_over(1));
    CHECK(bench.job(1).state == WorkState::stopped);
}

TEST_CASE("cancelling the running job does not cancel one that waits") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "sleep 100");
    Bench bench(fresh_project(folder));
    bench.send(StartTraining{.track = category(bench)});
    bench.send(BuildQueue{category(bench), 20, {}});
    bench.send(Action::cancel_job);
    CHECK(bench.job(0).state == WorkState::waiting);
    CHECK(bench.job(1).state == WorkState::stopping);
    REQUIRE(bench.until([&] { return bench.job(0).state == WorkState::running; }));
    bench.send(Action::cancel_job);
    CHECK(bench.until_over());
}

TEST_CASE("slow: what runs when a project is closed is waited for together") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "trap '' INT; while :; do sleep 0.05; done");
    double start = 0;
    {
        Bench bench(fresh_project(folder));
        bench.send(StartTraining{.track = category(bench)});
        bench.send(CheckProject{});
        CHECK(bench.until([&] { return bench.job(0).state == WorkState::running; }));
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        start = machine_seconds();
    }
    CHECK(machine_seconds() - start < 3.5);  // each has two seconds to end by itself
}

TEST_CASE("a project that is only read can be checked and exported, not trained on") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "echo '{\"findings\":[]}'");
    { fresh_project(folder); }
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    EditorModel model(ProjectSession(folder.path() / "project", std::move(reading)), [] {});
    model.read_only_because = "Ana has this project open.";
    WorkController work(model);
    work.perform(Action::start_training);
    work.perform(Action::build_queue);
    CHECK(model.state.jobs.empty());
    CHECK(model.state.notices.back().text == "Ana has this project open.");
    work.perform(Action::check_project);
    CHECK(model.state.jobs.size() == 1);
}

TEST_CASE("the split and the dataset are made by keys, as the forms say") {
    const tests::TemporaryFolder folder;
    const Program program(folder, R"(echo "$@" >> ")" + (folder.path() / "asked").string() + R"("; echo '{}')");
    Bench bench(fresh_project(folder));
    const auto asked = [&] {
        std::ifstream stream(folder.path() / "asked");
        return std::string(std::istreambuf_iterator<char>(stream), {});
    };

    // The first key shows what would be written, the second writes it.
    bench.send(Action::export_dataset);
    CHECK(bench.bench.state().workspace == Workspace::export_dataset);
    CHECK(bench.bench.state().jobs.empty());
    bench.send(Action::export_dataset);
    REQUIRE(bench.until_over());
    CHECK(asked().find((folder.path() / "project-dataset").string()) != std::string::npos);

    MakeSplit split = split_to_make(bench.model());
    CHECK(split.group == "performer,take");
    split.name = "by people";
    split.seed = 4;
    bench.send(PrepareSplit{split});
    CHECK(split_to_make(bench.model()) == split);
    bench.send(Action::make_split);
    REQUIRE(bench.until_over());
    CHECK(asked().find("by people") != std::string::npos);

    bench.send(PrepareExport{{"", "mstcn", "an older one"}});
    bench.send(split);
    CHECK(bench.bench.state().export_form->split == "by people");
    REQUIRE(bench.until_over());
    for (const Action action : {Action::export_dataset, Action::dry_run}) {
        bench.send(action);
        CHECK(bench.said("Say first which folder"));
    }
    CHECK(bench.bench.state().jobs.size() == 3);

    bench.send(PrepareExport{{folder.path() / "elsewhere", "mstcn", ""}});
    bench.send(Action::dry_run);
    REQUIRE(bench.until_over());
    CHECK(bench.bench.state().jobs.front().kind == JobKind::plan_export);
}

TEST_CASE("training is started by its key as the form says, with the usual steps until it is touched") {
    const tests::TemporaryFolder folder;
    const Program program(folder, R"(echo "$@" >> ")" + (folder.path() / "asked").string() + R"("; echo '{}')");
    Bench bench(fresh_project(folder));
    const auto asked = [&] {
        std::ifstream stream(folder.path() / "asked");
        return std::string(std::istreambuf_iterator<char>(stream), {});
    };
    StartTraining form = training_to_start(bench.model());
    CHECK(form.steps == 1800);
    const auto* primitive = track_of_kind(bench.model().document(), schemas::TrackKind::primitive);
    REQUIRE(primitive != nullptr);
    form.track = primitive->id;
    form.steps = 400;
    form.seed = 3;
    bench.send(PrepareTraining{form});
    CHECK(training_to_start(bench.model()) == form);
    bench.send(Action::start_training);
    REQUIRE(bench.until_over());
    CHECK(asked().find("--track=" + primitive->name) != std::string::npos);
    CHECK(asked().find("--seed=3") != std::string::npos);
    CHECK(asked().find("--steps=400") != std::string::npos);
    // A track that is gone gives way to one that there is.
    form.track = schemas::TrackId{1};
    bench.send(PrepareTraining{form});
    CHECK(bench.model().document().find<schemas::Track>(training_to_start(bench.model()).track) != nullptr);
}

TEST_CASE("words of a list are set and taken away") {
    std::string list;
    for (const char* word : {"take", "performer", "view"}) set_word(list, word, true);
    set_word(list, "take", true);
    CHECK(list == "take,performer,view");
    CHECK(has_word(list, "view"));
    CHECK_FALSE(has_word(list, "form"));
    set_word(list, "performer", false);
    CHECK(list == "take,view");
    set_word(list, "take", false);
    set_word(list, "view", false);
    CHECK(list.empty());
}

TEST_CASE("keys say what is missing instead of doing nothing") {
    const tests::TemporaryFolder folder;
    Bench bench(fresh_project(folder));
    bench.send(Action::promote_model);
    CHECK(bench.said("There is no model to promote yet."));
    bench.send(Action::next_in_queue);
    CHECK(bench.said("There is nothing to review."));
}

TEST_CASE("the work that was over first is forgotten first") {
    const tests::TemporaryFolder folder;
    const Program program(folder, "echo '{\"findings\":[]}'");
    Bench bench(fresh_project(folder));
    for (int i = 0; i < 14; ++i) bench.send(CheckProject{});
    REQUIRE(bench.until([&] { return is_over(bench.job(0).state); }));
    CHECK(bench.bench.state().jobs.size() == 10);
}

TEST_CASE("slow: the loop as the editor runs it: train, cancel, train, promote, pre-label, queue, classify again") {
    if (!program_is_there()) return;
    const tests::TemporaryFolder folder;
    REQUIRE(make_demo_project(folder.path() / "demo", {}));
    const Program real(program());
    Bench bench(ProjectSession(folder.path() / "demo", {}));
    const schemas::TrackId track = category(bench);
    REQUIRE_FALSE(bench.model().output.queue.empty());

    // Cancelled while it learns: nothing is stored, and soon.
    bench.send(StartTraining{.track = track, .steps = 2000});
    REQUIRE(bench.until([&] { return !bench.job().curve.empty(); }));
    const double cancelled = machine_seconds();
    bench.send(CancelJob{});
    REQUIRE(bench.until_over());
    MESSAGE("cancelled in " << static_cast<int>(1000 * (machine_seconds() - cancelled)) << " ms");
    CHECK(bench.job().state == WorkState::stopped);
    CHECK(bench.model().output.models.empty());

    // Edits and undo go on meanwhile: training reads a frozen snapshot.
    bench.send(StartTraining{.track = track, .steps = 60});
    const Document before = bench.model().document();
    REQUIRE(bench.until([&] { return !bench.job().curve.empty(); }));
    bench.send(UndoEdit{});
    bench.send(RedoEdit{});
    CHECK(bench.model().document() == before);
    bench.send(UndoEdit{});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::done);
    CHECK_FALSE(bench.model().document() == before);
    bench.send(RedoEdit{});
    CHECK(bench.model().document() == before);
    CHECK(std::ranges::any_of(bench.job().curve,
                              [](const CurvePoint& point) { return point.figures.contains("validation_accuracy"); }));

    // Only a person promotes.
    REQUIRE(bench.model().output.models.size() == 1);
    CHECK(bench.model().output.promoted.empty());
    bench.send(Action::promote_model);
    CHECK(bench.model().output.promoted.at(track) == bench.model().output.models.front().id);

    bench.send(Prelabel{track, {}});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::done);
    CHECK_FALSE(bench.model().output.proposals.empty());
    bench.send(BuildQueue{track, 5, {}});
    REQUIRE(bench.until_over());
    CHECK(bench.model().output.queue.size() == 5);
    CHECK(bench.model().output.queue_track == track);
    bench.send(ShowWorkspace{Workspace::review});
    bench.bench.tick();
    CHECK(bench.bench.state().queue_index == 0);
    bench.send(Action::next_in_queue);
    CHECK(bench.bench.state().queue_index == 1);

    // What is selected gets its five likeliest labels.
    const auto& segments = bench.model().document().rows<schemas::Segment>();
    const auto labelled = std::ranges::find_if(segments, [&](const auto& entry) {
        return entry.second.track == track && entry.second.state == schemas::LabelState::drawn;
    });
    REQUIRE(labelled != segments.end());
    bench.send(OpenClip{labelled->second.clip, {}});
    bench.send(SelectSegment{labelled->first});
    REQUIRE(bench.until([&] { return bench.bench.state().suggestions.contains(labelled->first); }));
    CHECK(bench.bench.state().suggestions.at(labelled->first).size() == 5);

    // What is drawn, and what is moved, is classified again.
    const auto* open_clip = clip_named(bench.model().document(), "a03_s04_e04");
    REQUIRE(open_clip != nullptr);
    bench.send(OpenClip{open_clip->id, {}});
    bench.send(SetActiveLine{track, {}});
    bench.send(DrawSegment{{0, open_clip->end_frame - 10}, labelled->second.label});
    REQUIRE(bench.model().state.selection.segment());
    const schemas::SegmentId drawn = *bench.model().state.selection.segment();
    const auto suggested = [&] { return bench.bench.state().suggestions.contains(drawn); };
    REQUIRE(bench.until(suggested));
    bench.send(MoveBoundary{drawn, Edge::end, open_clip->end_frame - 4, BoundaryMove::trim});
    CHECK_FALSE(suggested());
    REQUIRE(bench.until(suggested));
    CHECK(bench.model().moved.empty());
}

TEST_CASE("slow: what another program imports is read, and edits go on") {
    if (!program_is_there()) return;
    const tests::TemporaryFolder folder;
    REQUIRE(make_demo_project(folder.path() / "demo", {}));
    const Program real(program());
    Bench bench(fresh_project(folder));
    bench.send(ImportRecordings{{folder.path() / "demo" / "recordings" / "clips" / "a01_s01_e01_skeleton3D.txt"}});
    REQUIRE(bench.until_over());
    CHECK(bench.job().state == WorkState::done);
    CHECK(bench.job().outcome == "1 take was added.");
    CHECK(bench.model().document().rows<schemas::Clip>().size() == 1);
    bench.send(UndoEdit{});
    CHECK(bench.model().document().rows<schemas::Clip>().empty());
}
