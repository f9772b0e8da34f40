// The four workspaces of long work: Review, Train, Curate, Export.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "annotator/views/curate_view.h"
#include "annotator/views/export_view.h"
#include "annotator/views/review_view.h"
#include "annotator/views/training_view.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/split_project.h"
#include "tests/annotator/headless_window.h"
#include "tests/annotator/labelling.h"
#include "tests/annotator/views/view_stage.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;
using tests::Place;
using tests::TemporaryFolder;
using tests::ViewStage;

namespace {

struct Views {
    ReviewView review;
    TrainingView training;
    CurateView curate;
    ExportView exporting;

    // Vertices of each.
    std::vector<int> draw(ViewStage& stage, const Workbench& bench) {
        std::vector<int> vertices;
        const auto one = [&](auto& view) {
            CHECK(stage.draw(view, bench).empty());
            vertices.push_back(stage.vertices());
        };
        one(review);
        one(training);
        one(curate);
        one(exporting);
        return vertices;
    }
};

std::string long_name(const std::string& word) {
    std::string name;
    while (name.size() < 600) name += word + " ";
    return name;
}

// The project with a queue, a run, and a split.
ProjectSession with_work(ProjectSession session, int queued) {
    const auto& clips = session.document().rows<schemas::Clip>();
    const schemas::LabelId label = session.document().rows<schemas::Label>().begin()->first;
    std::vector<schemas::QueueItem> queue;
    for (const auto& [id, clip] : clips) {
        if (static_cast<int>(queue.size()) == queued) break;
        queue.push_back({id, {}, {10, 60}, 1, {"hard: the model contradicts itself (0.61)"}, {{label, 0.61}}});
    }
    session.store().replace_queue(queue);
    schemas::ModelVersion model;
    model.id = session.ids().fresh<schemas::ModelId>();
    model.family = "tcn_clip";
    model.name = "tcn_clip-1";
    model.checkpoint = "models/1.pt";
    model.options = R"({"track": "category"})";
    model.metrics = R"({"samples": 20, "labelled": 4, "suspected_label_errors": [{"clip": "x", "span": [0, 10]}],
        "validation": {"samples": 3, "accuracy": 0.67, "macro_f1": 0.5, "labels": ["a", "b"],
                       "confusion": [[1, 1], [0, 1]], "examples": []}})";
    session.store().add_model(model);
    SplitProjectOptions split;
    split.split.group_keys = {"take"};
    split_project(session, split);
    return session;
}

}  // namespace

TEST_CASE("the workspaces of long work say what to do in an empty project") {
    const TemporaryFolder folder(Place::memory);
    ViewStage stage;
    const Workbench bench(create_project(folder.path() / "p", {}, {}), [] {});
    for (const int vertices : Views().draw(stage, bench)) CHECK(vertices > 100);
}

TEST_CASE("the workspaces of long work are drawn at any size and scale, with names in any language") {
    for (const std::string word : {"الرقص الشعبي", "民族舞蹈动作", "a"}) {
        const TemporaryFolder folder(Place::memory);
        const Workbench bench(with_work(tests::large_project(folder.path() / "p", 30, long_name(word)), 20), [] {});
        for (const auto& [width, height, scale] :
             {std::tuple(1280.0F, 720.0F, 1.0F), std::tuple(640.0F, 480.0F, 1.0F), std::tuple(1920.0F, 1080.0F, 2.0F),
              std::tuple(640.0F, 480.0F, 3.0F)}) {
            ViewStage stage({width, height}, scale);
            for (const int vertices : Views().draw(stage, bench)) CHECK(vertices > 100);
        }
    }
}

TEST_CASE("a card that is clicked is opened") {
    const TemporaryFolder folder(Place::memory);
    ViewStage stage;
    Workbench bench(with_work(tests::large_project(folder.path() / "p", 10, "step"), 5), [] {});
    bench.handle(WindowIntent(ShowWorkspace{Workspace::review}));
    bench.tick();
    CHECK(bench.state().queue_index.has_value());
    ReviewView view;
    const auto intents = stage.click(view, bench, {60, 160});
    REQUIRE(intents.size() == 1);
    CHECK(std::holds_alternative<OpenQueueItem>(std::get<WorkIntent>(intents.front())));
}

TEST_CASE("a click on a label of the balance lists its clips in Annotate") {
    tests::Labelling ana;
    tests::HeadlessWindow window;
    CurateView view;
    const auto draw = [&] {
        view.draw({ana.bench(), window.outbox, window.theme, window.textures, Settings::standard(), Keymap::standard(),
                   &window.landmarks});
    };
    for (int i = 0; i < 3; ++i) window.frame(draw);
    window.click(window.landmarks.all().at("balance"), draw);
    window.click(window.landmarks.all().at("balance salsa"), draw);
    for (const Intent& intent : window.outbox.take()) ana.ask(intent);
    CHECK(ana.state().workspace == Workspace::annotate);
    CHECK(ana.state().clip_filter.category == schemas::LabelId{4});
    window.click(window.landmarks.all().at("balance Dara"), draw);
    for (const Intent& intent : window.outbox.take()) ana.ask(intent);
    CHECK(ana.state().clip_filter.performer == schemas::PerformerId{2});
    CHECK_FALSE(ana.state().clip_filter.category);
}

TEST_CASE("more splits than stand in a line can all be chosen") {
    const TemporaryFolder folder(Place::memory);
    ProjectSession session = tests::large_project(folder.path() / "p", 10, "step");
    for (int i = 0; i < 12; ++i) {
        SplitProjectOptions split;
        split.name = "a split with a long name " + std::to_string(i);
        split.split.group_keys = {"take"};
        split_project(session, split);
    }
    const Workbench bench(std::move(session), [] {});
    tests::HeadlessWindow window(900, 700);
    ExportView view;
    for (int i = 0; i < 3; ++i)
        window.frame([&] {
            view.draw({bench, window.outbox, window.theme, window.textures, Settings::standard(), Keymap::standard(),
                       &window.landmarks});
        });
    int seen = 0;
    for (const auto& [name, place] : window.landmarks.all())
        if (name.starts_with("split a split")) {
            CHECK(place.high.x <= 900);
            ++seen;
        }
    CHECK(seen == 12);
}

TEST_CASE("the keys that Train speaks of are those of the person's keymap") {
    tests::Labelling ana;
    tests::HeadlessWindow window;
    TrainingView view;
    Keymap keymap;
    keymap.bind(Action::show_annotate, {*chord_from("Alt+1")});
    const auto draw = [&] {
        view.draw({ana.bench(), window.outbox, window.theme, window.textures, Settings::standard(), keymap});
    };
    window.frame(draw);
    const std::string text = window.text(draw);
    CHECK(text.find("first (Alt+1)") != std::string::npos);
    CHECK(text.find("(F") == std::string::npos);
}

TEST_CASE("slow: the workspaces of long work stay quick with 10,000 clips") {
    const TemporaryFolder folder(Place::memory);
    ViewStage stage({1920, 1080});
    const Workbench bench(with_work(tests::large_project(folder.path() / "p", 10'000, "step"), 2'000), [] {});
    Views views;
    const auto first = views.draw(stage, bench);
    using Clock = std::chrono::steady_clock;
    std::vector<double> milliseconds;
    for (int i = 0; i < 20; ++i) {
        const auto start = Clock::now();
        views.draw(stage, bench);
        milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count() / 12);
    }
    std::ranges::sort(milliseconds);
    MESSAGE("a frame of one of them: median " << milliseconds[10] << " ms");
    CHECK(std::ranges::max(first) < 60'000);
}
