#include "annotator/app/shown_characters.h"

#include <doctest/doctest.h>

#include <optional>

#include "annotator/workflows/create_project.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;

namespace {

// With one clip of that name.
ProjectSession project_named(const std::filesystem::path& folder, const std::string& name) {
    ProjectSession session = create_project(folder, {}, {});
    session.commit([&](const EditStamp&) {
        const schemas::Take take{session.ids().fresh<schemas::TakeId>(), name, {}, {}, {}, {}};
        return schemas::Edit{"Add take", {schemas::RowChange<schemas::Take>{std::nullopt, take}}};
    });
    return session;
}

}  // namespace

TEST_CASE("what is typed wants its characters, and the usual ones are always there") {
    ShownCharacters characters;
    CHECK_FALSE(characters.take("Größe"));
    CHECK(characters.take("舞 прыжок"));
    CHECK(characters.all().contains(U'舞'));
    CHECK_FALSE(characters.take("舞"));
}

TEST_CASE("a project that takes the place of another one is looked through, whatever its revision") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    ShownCharacters characters;
    std::optional<EditorModel> model;
    model.emplace(project_named(folder.path() / "a", "turn"), [] {});
    characters.take(*model);
    const std::uint64_t revision = model->revision;
    model.emplace(project_named(folder.path() / "b", "回転"), [] {});
    REQUIRE(model->revision == revision);
    characters.forget_model();
    CHECK(characters.take(*model));
    CHECK(characters.all().contains(U'転'));
}

TEST_CASE("notices and jobs want their characters though no revision tells of them") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    ShownCharacters characters;
    EditorModel model(project_named(folder.path() / "a", "turn"), [] {});
    characters.take(model);
    model.say(Notice::Severity::info, "跳.mp4: is missing");
    CHECK(characters.take(model));
    JobView job;
    job.outcome = "Wrote 3 files to /home/舞.";
    model.state.jobs.push_back(job);
    CHECK(characters.take(model));
    CHECK(characters.all().contains(U'舞'));
}
