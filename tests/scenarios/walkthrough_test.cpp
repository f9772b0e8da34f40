#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <thread>

#include "annotator/document/document.h"
#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "storage/project/project_store.h"
#include "tests/scenarios/program.h"
#include "tests/scenarios/screen.h"
#include "tests/support/temporary_folder.h"

// A person's first hour, in a real window, with keys alone: then the database is read.

namespace {

namespace fs = std::filesystem;
using tests::Screen;
using tests::wait_until;

// What the database says, read anew each time.
class Reader {
public:
    explicit Reader(fs::path project) : project_(std::move(project)) {}

    [[nodiscard]] storage::ProjectStore store() const {
        return storage::ProjectStore::open(project_, storage::Access::read_only);
    }
    [[nodiscard]] annotator::Document document() const { return annotator::Document(store().load_rows()); }
    // Of people at work, on a track, by first frame: (clip, begin, end, label).
    using Label = std::tuple<std::string, schemas::FrameIndex, schemas::FrameIndex, std::string>;
    [[nodiscard]] std::vector<Label> labels(const std::string& author, const std::string& track) const {
        const annotator::Document rows = document();
        std::vector<Label> found;
        for (const auto& [id, segment] : rows.rows<schemas::Segment>())
            if (segment.author == author && rows.at<schemas::Track>(segment.track).name == track)
                found.emplace_back(rows.at<schemas::Clip>(segment.clip).name, segment.begin_frame, segment.end_frame,
                                   rows.at<schemas::Label>(segment.label).name);
        std::ranges::sort(found);
        return found;
    }
    [[nodiscard]] std::size_t edits() const { return store().log().entries().size(); }

private:
    fs::path project_;
};

// Everything that a person's settings and state go to.
void live_in(const fs::path& home) {
    setenv("HOME", home.c_str(), 1);
    setenv("XDG_CONFIG_HOME", (home / "config").c_str(), 1);
    setenv("XDG_STATE_HOME", (home / "state").c_str(), 1);
    setenv("USER", "Ana", 1);
}

void pause(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

}  // namespace

// Not run by itself until it passes every time (--no-skip runs it).
TEST_CASE("slow: a first hour in a real window, with keys alone, leaves exactly its labels" * doctest::skip()) {
    if (!Screen::available()) {
        MESSAGE("there is no Xvfb or no xdotool here");
        return;
    }
    const tests::TemporaryFolder home;
    live_in(home.path());
    const Screen screen(1440, 900);
    tests::Running editor({"edit"});
    const fs::path project = home.path() / "Kinetograph demo";
    const Reader reader(project);

    // The welcome screen offers the demo project.
    pause(3);
    screen.press("ctrl+shift+n");
    REQUIRE(wait_until([&] { return fs::exists(project / "editor.lock"); }, 120));
    const std::size_t edits_before = reader.edits();
    const std::string first_clip = annotator::clips_by_name(reader.document()).front()->name;

    // Plays and stops; then three primitives, drawn with marks and the keys of labels.
    screen.press("space");
    pause(0.5);
    screen.press("space Tab Home");
    screen.press("i shift+Right o 1");
    screen.press("i shift+Right o 2");
    screen.press("i shift+Right o 3");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "primitive").size() == 3; }, 20));
    auto primitives = reader.labels("Ana", "primitive");
    CHECK(std::get<0>(primitives[0]) == first_clip);
    CHECK(std::get<1>(primitives[0]) == 0);
    CHECK(std::get<2>(primitives[0]) == 10);
    CHECK(std::get<1>(primitives[2]) == 20);
    CHECK(std::get<2>(primitives[2]) == 30);
    CHECK(std::get<3>(primitives[0]) != std::get<3>(primitives[1]));

    // The boundary between the first two rolls to frame 12.
    screen.press("Escape g");
    pause(0.3);
    screen.type("12");
    screen.press("Return");
    pause(0.3);
    screen.press("bracketleft");
    REQUIRE(wait_until([&] { return std::get<2>(reader.labels("Ana", "primitive")[0]) == 12; }, 20));
    CHECK(std::get<1>(reader.labels("Ana", "primitive")[1]) == 12);

    // A comment.
    screen.press("ctrl+m");
    pause(0.3);
    screen.type("late on the beat");
    screen.press("Return");
    REQUIRE(wait_until([&] { return !reader.document().rows<schemas::Comment>().empty(); }, 20));

    // Training on the category is cancelled, started again, and its model promoted.
    screen.press("shift+Tab F3 ctrl+t");
    pause(3);
    screen.press("ctrl+shift+c");
    pause(3);
    CHECK(reader.store().models().empty());
    screen.press("ctrl+t");
    REQUIRE(wait_until([&] { return reader.store().models().size() == 1; }, 300));
    pause(1);
    screen.press("ctrl+shift+p");
    pause(5);
    screen.press("ctrl+p");
    REQUIRE(wait_until([&] { return !reader.store().proposals().empty(); }, 120));
    pause(1);

    // In the second, third and fourth clip: accept, correct, reject.
    screen.press("F1");
    screen.press("Next");
    pause(0.5);
    const auto categories = [&] { return reader.labels("Ana", "category").size(); };
    // The window hears of new proposals a little after the database.
    for (int tries = 0; tries < 10 && categories() < 1; ++tries) {
        screen.press("a");
        wait_until([&] { return categories() == 1; }, 3);
    }
    REQUIRE(categories() == 1);
    screen.press("Next");
    pause(0.5);
    screen.press("c");
    pause(0.3);
    screen.press("5");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "category").size() == 2; }, 20));
    // Clips that were labelled before have nothing to reject.
    const auto rejected = [&] { return reader.document().rows<schemas::Rejection>().size() == 1; };
    for (int tries = 0; tries < 4 && !rejected(); ++tries) {
        screen.press("Next");
        pause(0.5);
        screen.press("x");
        wait_until(rejected, 3);
    }
    REQUIRE(rejected());

    // All of it is taken back and done again.
    const annotator::Document done = reader.document();
    const std::size_t steps = reader.edits() - edits_before;
    for (std::size_t i = 0; i < steps; ++i) screen.press("ctrl+z");
    REQUIRE(wait_until([&] { return reader.labels("Ana", "primitive").empty(); }, 20));
    CHECK(reader.labels("Ana", "category").empty());
    for (std::size_t i = 0; i < steps; ++i) screen.press("ctrl+shift+z");
    REQUIRE(wait_until([&] { return reader.document() == done; }, 20));

    // Five cards of the queue.
    screen.press("F2 ctrl+shift+q");
    REQUIRE(wait_until(
        [&] {
            const auto queue = reader.store().queue();
            return !queue.empty() && !queue.front().top.empty();
        },
        120));
    pause(3);
    const std::size_t labelled = categories();
    for (std::size_t i = 1; i <= 5; ++i) {
        screen.press("a");
        REQUIRE(wait_until([&] { return categories() == labelled + i; }, 20));
    }

    // The end; the dataset is written without the window.
    screen.press("F5 ctrl+q");
    CHECK(editor.finished_well());
    const fs::path dataset = home.path() / "dataset";
    tests::answer({"export", project.string(), dataset.string()});
    CHECK(tests::answer({"verify", project.string()}).at("ok") == true);
    CHECK(tests::answer({"verify", dataset.string()}).at("ok") == true);
    CHECK(reader.labels("Ana", "primitive").size() == 3);
    CHECK(reader.labels("Ana", "category").size() == labelled + 5);
}
