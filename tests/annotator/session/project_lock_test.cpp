#include "annotator/session/project_lock.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>

#include "annotator/session/workbench.h"
#include "tests/support/project_builder.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

std::filesystem::path project_in(const tests::TemporaryFolder& folder) {
    ProjectSession session = ProjectSession::create(folder.path() / "dance", {});
    session.commit([](const EditStamp&) { return tests::small_project().edit(); });
    return folder.path() / "dance";
}

}  // namespace

TEST_CASE("the first editor may edit, and the second one looks on and says who has the project") {
    const tests::TemporaryFolder folder;
    const auto project = project_in(folder);
    const OpenedProject first = open_for_editing(project, {});
    CHECK(first.lock);
    CHECK(first.read_only_because.empty());

    OpenedProject second = open_for_editing(project, {});
    CHECK_FALSE(second.lock);
    CHECK(second.read_only_because.find("process " + std::to_string(getpid())) != std::string::npos);
    CHECK(second.read_only_because.starts_with("dance: "));

    Workbench bench(
        std::move(second.session), [] {}, second.read_only_because);
    CHECK(bench.document().rows<schemas::Clip>().size() == 2);
    CHECK_FALSE(bench.model().read_only_because.empty());
    bench.handle(LabelIntent(DrawSegment{{0, 5}, schemas::LabelId{1}}));
    CHECK(bench.document().rows<schemas::Segment>().empty());
}

TEST_CASE("a project is free again when its editor is gone") {
    const tests::TemporaryFolder folder;
    const auto project = project_in(folder);
    { const OpenedProject first = open_for_editing(project, {}); }
    CHECK(open_for_editing(project, {}).lock);
}

TEST_CASE("a lock file that says nothing of use is no obstacle") {
    const tests::TemporaryFolder folder;
    const auto project = project_in(folder);
    std::ofstream(project / "editor.lock") << "\0\xff nonsense";
    CHECK(open_for_editing(project, {}).lock);
}

TEST_CASE("a folder that is no project gets no lock") {
    const tests::TemporaryFolder folder;
    CHECK_THROWS(open_for_editing(folder.path(), {}));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "editor.lock"));
}

TEST_CASE("a project that cannot be written is opened for looking, with a sentence") {
    if (geteuid() == 0) return;  // root may write everywhere
    const tests::TemporaryFolder folder;
    const auto project = project_in(folder);
    std::filesystem::permissions(project, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    const OpenedProject opened = open_for_editing(project, {});
    CHECK(opened.read_only_because.find("cannot be written") != std::string::npos);
    std::filesystem::permissions(project, std::filesystem::perms::owner_all);
}
