#include "annotator/session/workbench.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "tests/annotator/labelling.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

// In the database's file alone, without its log.
std::size_t segments_without_the_log(const tests::Labelling& ana, const std::filesystem::path& copy) {
    std::filesystem::create_directories(copy);
    std::filesystem::copy_file(ana.model().folder / "project.sqlite", copy / "project.sqlite",
                               std::filesystem::copy_options::overwrite_existing);
    const auto store = storage::ProjectStore::open(copy, storage::Access::read_only);
    return Document(store.load_rows()).rows<schemas::Segment>().size();
}

// In place of the program's verbs.
struct NoProgram {
    NoProgram() { setenv("KINETOGRAPH_PROGRAM", "/bin/true", 1); }
    ~NoProgram() { unsetenv("KINETOGRAPH_PROGRAM"); }
    NoProgram(const NoProgram&) = delete;
    NoProgram& operator=(const NoProgram&) = delete;
};

}  // namespace

TEST_CASE("every action is performed here, but for those that are the app's") {
    const NoProgram no_program;
    tests::Labelling ana;
    for (const ActionInfo& info : all_actions()) {
        const bool is_the_apps =
            info.action == Action::quit || info.action == Action::close_project || info.action == Action::demo_project;
        INFO(info.name);
        CHECK(ana.bench().handle(info.action) != is_the_apps);
    }
}

TEST_CASE("what fails between two pictures is said, and the next picture comes") {
    tests::Labelling ana;
    auto& model = const_cast<EditorModel&>(ana.model());
    bool ran = false;
    model.main_queue.post([] { throw std::runtime_error("the disk is gone"); });
    model.main_queue.post([&] { ran = true; });
    CHECK(ana.bench().tick());
    CHECK(ran);
    CHECK(ana.said() == "the disk is gone");
    CHECK(ana.state().notices.back().severity == Notice::Severity::error);
}

TEST_CASE("an edit counts as made although the log of your hour cannot be written") {
    tests::Labelling ana;
    ana.bench().keep_events("/tmp/" + std::string(300, 'x'));
    ana.draw(0, 50, 1);
    CHECK(ana.segments() == "[0,50) step");
    CHECK(ana.is_stored());
    CHECK(ana.said().empty());
}

TEST_CASE("what another program makes of a model is read though no edit tells of it") {
    tests::Labelling ana;
    ana.bench().look_for_changes();
    CHECK(ana.said().empty());
    auto other = storage::ProjectStore::open(ana.model().folder, storage::Access::read_write);
    const schemas::QueueItem item{schemas::ClipId{1}, {}, {0, 30}, 0.9, {}, {}};
    other.replace_queue({item});
    ana.bench().look_for_changes();
    CHECK(ana.model().output.queue.size() == 1);
    CHECK_FALSE(ana.said().empty());
    const std::uint64_t revision = ana.model().revision;
    ana.bench().look_for_changes();
    CHECK(ana.model().revision == revision);
}

TEST_CASE("a comment cannot be begun where it could not be stored") {
    tests::Labelling ana;
    const_cast<EditorModel&>(ana.model()).read_only_because = "Ben has it open.";
    ana.key(Action::add_comment);
    CHECK(ana.state().asking == Asking::nothing);
    CHECK(ana.said() == "Ben has it open.");
}

TEST_CASE("the log is folded into the database's file while the hands rest, not by an edit") {
    const tests::TemporaryFolder folder;
    tests::Labelling ana;
    const auto rest = [&] {
        for (int i = 0; i < 2; ++i) {
            ana.bench().tick();
            std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        }
        ana.bench().tick();
    };
    rest();
    const std::size_t before = segments_without_the_log(ana, folder.path() / "before");
    ana.draw(0, 50, 1);
    CHECK(segments_without_the_log(ana, folder.path() / "edited") == before);
    ana.bench().tick();
    CHECK(ana.bench().due_in_seconds().value_or(9) <= 1);
    rest();
    CHECK(segments_without_the_log(ana, folder.path() / "rested") == before + 1);
}

TEST_CASE("a key dismisses the newest notice, whatever it says") {
    tests::Labelling ana;
    ana.bench().say(Notice::Severity::error, "Broken.");
    ana.bench().say(Notice::Severity::error, "Broken again.");
    ana.key(Action::dismiss_notice);
    CHECK(ana.said() == "Broken.");
    ana.key(Action::dismiss_notice).key(Action::dismiss_notice);
    CHECK(ana.said().empty());
}
