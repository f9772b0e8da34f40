#include "annotator/session/work_controller.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <thread>

#include "annotator/document/commands.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/playback/sound_device.h"
#include "annotator/session/dataset_forms.h"
#include "annotator/session/review.h"
#include "annotator/session/training_form.h"
#include "annotator/session/workbench.h"
#include "annotator/workflows/retrain.h"
#include "tests/annotator/working.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;
using tests::Bench;
using tests::category;
using tests::fresh_project;
using tests::Program;
using tests::program;
using tests::program_is_there;

namespace {

// A program that does nothing but write down what it was asked for.
std::string note_arguments(const tests::TemporaryFolder& folder) {
    return R"(echo "$@" >> ")" + (folder.path() / "asked").string() + R"("; echo '{}')";
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
    const Program program(folder, note_arguments(folder));
    Bench bench(fresh_project(folder));
    const auto asked = [&] { return tests::text_in(folder.path() / "asked"); };

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
    const Program program(folder, note_arguments(folder));
    Bench bench(fresh_project(folder));
    const auto asked = [&] { return tests::text_in(folder.path() / "asked"); };
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
