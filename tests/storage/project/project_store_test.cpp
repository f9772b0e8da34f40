#include "storage/project/project_store.h"

#include <doctest/doctest.h>

#include "storage/db/statement.h"
#include "storage/db/transaction.h"
#include "storage/project/edit_log.h"
#include "tests/support/project_builder.h"
#include "tests/support/temporary_folder.h"

using namespace schemas;
using storage::Access;
using storage::Connection;
using storage::DatabaseError;
using storage::ProjectStore;

namespace {

LoggedEdit logged(std::int64_t sequence, Edit edit) {
    return {EditId{sequence}, sequence, LogKind::edit, std::nullopt, {"Ana", AuthorKind::person}, 5, std::move(edit)};
}

Segment segment(std::int64_t id, EditId edit) {
    Segment row;
    row.id = SegmentId{id};
    row.layer = LayerId{1};
    row.clip = ClipId{1};
    row.track = TrackId{1};
    row.begin_frame = 10;
    row.end_frame = 20;
    row.label = LabelId{1};
    row.author = "Ana";
    row.edit = edit;
    return row;
}

// A project with one label, written by edit 2, and a model.
struct Project {
    tests::TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "p";
    ProjectStore store = ProjectStore::create(path);

    Project() {
        store.write(logged(1, tests::small_project().edit()));
        store.write(logged(2, {"Draw", {RowChange<Segment>{std::nullopt, segment(1, EditId{2})}}}));
        store.add_model({ModelId{7}, "tcn_clip", "first", "hash", 1, 10, "models/7.pt", "{}", "{}", 3});
    }
    void execute(const std::string& sql) const { Connection(path / "project.sqlite", Access::read_write).execute(sql); }
    Proposal proposal(std::int64_t id) const {
        return {ProposalId{id},
                ModelId{7},
                ClipId{1},
                TrackId{1},
                std::nullopt,
                30,
                40,
                0.5,
                {{LabelId{2}, 0.7}, {LabelId{1}, 0.2}}};
    }
};

}  // namespace

TEST_CASE_FIXTURE(Project, "invariant 4: the database refuses a label that no edit writes") {
    CHECK_THROWS_WITH_AS(execute("INSERT INTO segment SELECT 99, layer, clip, track, performer, 50, 60, label, state, "
                                 "author, proposal, model, edit, time FROM segment"),
                         doctest::Contains("only by a person's edit"), DatabaseError);
    CHECK_THROWS_WITH_AS(execute("UPDATE segment SET label = 2"), doctest::Contains("only by a person's edit"),
                         DatabaseError);
    CHECK_THROWS_WITH_AS(execute("DELETE FROM segment"), doctest::Contains("only by a person's edit"), DatabaseError);
}

TEST_CASE_FIXTURE(Project, "invariant 4: no kind of author is a model") {
    CHECK_THROWS_AS(execute("INSERT INTO edit_log VALUES (3, 3, 'edit', NULL, 'tcn_clip', 'model', 0, 'Label', '[]')"),
                    DatabaseError);
}

TEST_CASE_FIXTURE(Project, "invariant 4: writing and replacing proposals leaves every label as it was") {
    const auto before = store.load_rows();
    store.replace_proposals(TrackId{1}, {ClipId{1}}, {proposal(1), proposal(2)});
    store.replace_proposals(TrackId{1}, {ClipId{1}}, {proposal(3)});
    CHECK(store.load_rows() == before);
    CHECK(store.proposals() == std::vector{proposal(3)});
}

TEST_CASE_FIXTURE(Project, "a proposal that a label came from is kept when others are replaced") {
    store.replace_proposals(TrackId{1}, {ClipId{1}}, {proposal(1), proposal(2)});
    Segment accepted = segment(5, EditId{3});
    accepted.begin_frame = 30;
    accepted.end_frame = 40;
    accepted.proposal = ProposalId{1};
    store.write(logged(3, {"Accept", {RowChange<Segment>{std::nullopt, accepted}}}));
    store.replace_proposals(TrackId{1}, {ClipId{1}}, {});
    CHECK(store.proposals() == std::vector{proposal(1)});
}

TEST_CASE_FIXTURE(Project, "the journal can be neither changed nor shortened") {
    CHECK_THROWS_AS(execute("UPDATE edit_log SET title = 'x'"), DatabaseError);
    CHECK_THROWS_AS(execute("DELETE FROM edit_log"), DatabaseError);
}

TEST_CASE_FIXTURE(Project, "an edit is written whole or not at all") {
    const auto before = store.load_rows();
    Segment outside = segment(6, EditId{3});
    outside.end_frame = 1'000;
    CHECK_THROWS_AS(store.write(logged(3, {"Two",
                                           {RowChange<Performer>{std::nullopt, Performer{PerformerId{9}, "Eve"}},
                                            RowChange<Segment>{std::nullopt, outside}}})),
                    DatabaseError);
    CHECK(store.load_rows() == before);
    CHECK(store.log().last_sequence() == 2);
}

TEST_CASE_FIXTURE(Project, "rows and log come back as they were written") {
    CHECK(store.log().logged(EditId{1}).edit == tests::small_project().edit());
    CHECK(std::get<std::vector<Segment>>(store.load_rows()) == std::vector{segment(1, EditId{2})});
    CHECK(store.integrity_problems().empty());
}

TEST_CASE_FIXTURE(Project, "a project of a newer version is refused and left as it is") {
    execute("PRAGMA user_version = 99");
    CHECK_THROWS_WITH_AS((void)ProjectStore::open(path, Access::read_write),
                         doctest::Contains("newer Kinetograph (schema 99"), DatabaseError);
}

TEST_CASE("a database of another program is refused") {
    const tests::TemporaryFolder folder;
    Connection(folder.path() / "project.sqlite", Access::create).execute("CREATE TABLE photos (id INTEGER)");
    CHECK_THROWS_WITH_AS((void)ProjectStore::open(folder.path(), Access::read_write),
                         doctest::Contains("no Kinetograph project"), DatabaseError);
}

TEST_CASE("a folder with something in it does not become a project") {
    const tests::TemporaryFolder folder;
    std::filesystem::create_directory(folder.path() / "mine");
    CHECK_THROWS_WITH((void)ProjectStore::create(folder.path()), doctest::Contains("is not empty"));
    CHECK_THROWS_WITH((void)ProjectStore::open(folder.path(), Access::read_write), doctest::Contains("is no project"));
}

TEST_CASE("media paths are stored relative to the project and found again") {
    const tests::TemporaryFolder folder;
    const ProjectStore store = ProjectStore::create(folder.path() / "p");
    CHECK(store.stored_path(folder.path() / "media" / "a.bvh") == "../media/a.bvh");
    CHECK(std::filesystem::weakly_canonical(store.resolved_path("../media/a.bvh")) ==
          std::filesystem::weakly_canonical(folder.path() / "media" / "a.bvh"));
}

TEST_CASE_FIXTURE(Project, "splits and queues come back as they were written") {
    const Split split{SplitId{1},
                      "main",
                      "60/20/20",
                      "performer",
                      3,
                      4,
                      {{ClipId{1}, 0, Subset::train}, {ClipId{2}, 0, Subset::test}}};
    store.put_split(split);
    store.put_split(split);
    CHECK(store.splits() == std::vector{split});
    store.replace_queue({{ClipId{1}, std::nullopt, {3, 9}, 0.5, {"rare class"}, {{LabelId{1}, 0.25}}}});
    REQUIRE(store.queue().size() == 1);
    CHECK(store.queue()[0].span == FrameSpan{3, 9});
    CHECK(store.queue()[0].reasons == std::vector<std::string>{"rare class"});
}
