#include "annotator/workflows/relink.h"

#include <doctest/doctest.h>

#include "annotator/workflows/status.h"
#include "tests/annotator/small_films.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using tests::TemporaryFolder;

}  // namespace

TEST_CASE("recordings that were moved and renamed are found by their content, and undo forgets it") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    const Document before = session.document();
    rename(folder.path() / "recordings", folder.path() / "archive");
    rename(folder.path() / "archive/a01_s01_e01_skeleton3D.txt", folder.path() / "archive/first.txt");
    CHECK(project_status(session).problems.size() == 4);
    const auto result = relink(session, folder.path() / "archive", {});
    REQUIRE(result);
    CHECK(result->found.size() == 4);
    CHECK(result->missing.empty());
    CHECK(project_status(session).problems.empty());
    CHECK(session.undo() == "Relink moved recordings");
    CHECK(session.document() == before);
}

TEST_CASE("another file of the same name is not taken for the missing one") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    std::filesystem::remove(folder.path() / "recordings/a01_s01_e01_skeleton3D.txt");
    tests::write_file(folder, "elsewhere/a01_s01_e01_skeleton3D.txt", tests::msr_lines(9));
    const auto result = relink(session, folder.path() / "elsewhere", {});
    REQUIRE(result);
    CHECK(result->found.empty());
    CHECK(result->missing == std::vector<std::string>{"../recordings/a01_s01_e01_skeleton3D.txt"});
    CHECK(session.journal().undone.empty());
}

TEST_CASE("all streams of a moved file move with it") {
    const TemporaryFolder folder;
    tests::write_film(folder, {"r/walk.mkv", tests::even_times(25), tests::unlike_sound(1, 8'000, 1)});
    ProjectSession session = tests::imported_project(folder);
    rename(folder.path() / "r", folder.path() / "moved");
    const auto result = relink(session, folder.path(), {});
    CHECK(result->found.size() == 1);
    for (const auto& [id, stream] : session.document().rows<schemas::Stream>())
        CHECK(stream.path == "../moved/walk.mkv");
}

TEST_CASE("a folder that is not there cannot be searched") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    CHECK_THROWS_AS((void)relink(session, folder.path() / "nowhere", {}), storage::ReadError);
}

}  // namespace annotator
