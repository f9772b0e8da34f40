#include "storage/project/project_store.h"

#include <doctest/doctest.h>

#include "storage/db/migrations.h"
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

JointCorrection correction(EditId edit) {
    JointCorrection row;
    row.id = JointCorrectionId{5};
    row.stream = StreamId{9};
    row.joint = 2;
    row.begin_frame = 10;
    row.end_frame = 13;
    row.state = PointState::occluded;
    row.points = {{0.1F, -2.5F, 1e-30F, 1}, {1.0F / 3, 3e30F, -0.0F, 0.25F}, {}};
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

// A project as the first released schema left it: a take with one stream and its frame table, and the journal's
// line about it.
std::filesystem::path project_of_the_first_schema(const tests::TemporaryFolder& folder) {
    Connection connection(folder.path() / "project.sqlite", Access::create);
    storage::migrate(connection, embedded_sql().first(1));
    storage::Transaction transaction(connection);
    connection.execute(R"(
        INSERT INTO edit_log VALUES (5, 1, 'edit', NULL, 'Ana', 'person', 9, 'Import 1 takes', '[{"row": "stream",
            "after": {"id": "3", "take": "2", "performer": null, "kind": "skeleton", "role": "reference", "format":
            "bvh", "path": "a.bvh", "sha256": "00", "frames": 2, "rate_numerator": 30, "rate_denominator": 1,
            "offset_seconds": 0.5, "layout": "cmu31"}}]');
        INSERT INTO take VALUES (2, 'walk', NULL, NULL, NULL, NULL);
        INSERT INTO stream VALUES (3, 2, NULL, 'skeleton', 'reference', 'bvh', 'a.bvh', '00', 2, 30, 1, 0.5, 'cmu31');
        INSERT INTO frame_table VALUES (3, x'0000000000000000000000000000F03F', x'0100');
        INSERT INTO problem VALUES (1, 'a.bvh', 'is odd', 0, 1))");
    transaction.commit();
    return folder.path();
}

Stream video_stream() {
    Stream stream;
    stream.id = StreamId{3};
    stream.take = TakeId{1};
    stream.kind = StreamKind::video;
    stream.role = StreamRole::reference;
    stream.frames = 3;
    stream.container_stream = 2;
    stream.clock_ratio = 1.001;
    return stream;
}

storage::StreamFacts facts_of(const Stream& stream) {
    Media media;
    media.id = stream.id;
    media.codec = "h264";
    media.recorded_at = 77;
    media.recorded_by = RecordingClock::time_code;
    return {stream.id, FrameTable{{0, 0.04, 0.05}, {1, 0, 0}, {-512, 0, 128}, {1, 12'800}}, media};
}

}  // namespace

TEST_CASE("invariant 7: a project of the first schema is backed up and keeps everything") {
    const tests::TemporaryFolder folder;
    const auto store = ProjectStore::open(project_of_the_first_schema(folder), Access::read_write);
    const auto streams = std::get<std::vector<Stream>>(store.load_rows());
    REQUIRE(streams.size() == 1);
    CHECK(streams[0].offset_seconds == 0.5);
    CHECK(streams[0].container_stream == 0);
    CHECK(streams[0].clock_ratio == 1);
    CHECK(std::get<RowChange<Stream>>(store.log().logged(EditId{5}).edit.changes.at(0)).after == streams[0]);
    CHECK(store.frame_table(StreamId{3}) == FrameTable{{0, 1}, {1, 0}});
    CHECK(store.problems().size() == 1);
    CHECK(store.integrity_problems().empty());
    CHECK(exists(folder.path() / "project.sqlite.v1.backup"));
}

TEST_CASE("invariant 7: a project of the second schema is backed up and takes corrections of key-points") {
    const tests::TemporaryFolder folder;
    {
        Connection connection(folder.path() / "project.sqlite", Access::create);
        storage::migrate(connection, embedded_sql().first(2));
    }
    auto store = ProjectStore::open(folder.path(), Access::read_write);
    CHECK(exists(folder.path() / "project.sqlite.v2.backup"));
    store.write(logged(1, tests::ProjectBuilder().clip(1, "walk").skeleton(9, 1).edit()));
    store.write(logged(2, {"Correct", {RowChange<JointCorrection>{std::nullopt, correction(EditId{2})}}}));
    CHECK(std::get<std::vector<JointCorrection>>(store.load_rows()).size() == 1);
}

TEST_CASE("a project of the first schema can be opened for reading") {
    const tests::TemporaryFolder folder;
    const auto store = ProjectStore::open(project_of_the_first_schema(folder), Access::read_only);
    CHECK(store.frame_table(StreamId{3})->frames() == 2);
    CHECK(store.read_only());
}

TEST_CASE_FIXTURE(Project, "frame tables and media come back as they were written") {
    const Stream stream = video_stream();
    store.write(logged(3, {"Import", {RowChange<Stream>{std::nullopt, stream}}}), {facts_of(stream)});
    CHECK(store.frame_table(stream.id) == facts_of(stream).frames);
    CHECK(store.frame_times(stream) == facts_of(stream).frames);
    CHECK(store.media(stream.id) == facts_of(stream).media);
    CHECK(std::get<std::vector<Stream>>(store.load_rows()) == std::vector{stream});
}

TEST_CASE_FIXTURE(Project, "a stream without times of its own has evenly spaced ones") {
    Stream stream = video_stream();
    stream.rate_numerator = 25;
    CHECK(store.frame_times(stream).seconds == std::vector{0.0, 1 / 25.0, 2 / 25.0});
    CHECK_FALSE(store.media(stream.id));
}

TEST_CASE_FIXTURE(Project, "facts about a stream are there again when its import is undone and redone") {
    const Stream stream = video_stream();
    const Edit import{"Import", {RowChange<Stream>{std::nullopt, stream}}};
    store.write(logged(3, import), {facts_of(stream)}, {{"a.mp4", {"is cut off", FrameSpan{2, 3}}}});
    CHECK(store.problems().size() == 1);
    LoggedEdit undo = logged(4, inverse(import));
    undo.kind = LogKind::undo;
    undo.target = EditId{3};
    store.write(undo);
    CHECK(store.problems().empty());
    LoggedEdit redo = logged(5, import);
    redo.kind = LogKind::redo;
    redo.target = EditId{3};
    store.write(redo);
    CHECK(store.frame_table(stream.id) == facts_of(stream).frames);
    CHECK(store.media(stream.id) == facts_of(stream).media);
    CHECK(store.problems().size() == 1);
}

TEST_CASE_FIXTURE(Project, "invariant 4: the database refuses a label that no edit writes") {
    CHECK_THROWS_WITH_AS(execute("INSERT INTO segment SELECT 99, layer, clip, track, performer, 50, 60, label, state, "
                                 "author, proposal, model, edit, time FROM segment"),
                         doctest::Contains("only by a person's edit"), DatabaseError);
    CHECK_THROWS_WITH_AS(execute("UPDATE segment SET label = 2"), doctest::Contains("only by a person's edit"),
                         DatabaseError);
    CHECK_THROWS_WITH_AS(execute("DELETE FROM segment"), doctest::Contains("only by a person's edit"), DatabaseError);
}

TEST_CASE_FIXTURE(Project, "invariant 4: the database refuses a corrected key-point that no edit writes") {
    store.write(logged(3, tests::ProjectBuilder().skeleton(9, 1).edit()));
    store.write(logged(4, {"Correct", {RowChange<JointCorrection>{std::nullopt, correction(EditId{4})}}}));
    for (const char* sql : {"INSERT INTO joint_correction SELECT 99, stream, 3, begin_frame, end_frame, state, points, "
                            "author, edit, time FROM joint_correction",
                            "UPDATE joint_correction SET joint = 3", "DELETE FROM joint_correction"})
        CHECK_THROWS_WITH_AS(execute(sql), doctest::Contains("only by a person's edit"), DatabaseError);
}

TEST_CASE_FIXTURE(Project, "corrected key-points come back bit for bit, from the rows and from the journal") {
    store.write(logged(3, tests::ProjectBuilder().skeleton(9, 1).edit()));
    const Edit edit{"Correct", {RowChange<JointCorrection>{std::nullopt, correction(EditId{4})}}};
    store.write(logged(4, edit));
    CHECK(std::get<std::vector<JointCorrection>>(store.load_rows()) == std::vector{correction(EditId{4})});
    CHECK(store.log().logged(EditId{4}).edit == edit);
    CHECK(store.integrity_problems().empty());
}

TEST_CASE_FIXTURE(Project, "a corrected key-point stays inside its recording and keeps a point for each frame") {
    store.write(logged(3, tests::ProjectBuilder().skeleton(9, 1).edit()));
    JointCorrection beyond = correction(EditId{4});
    beyond.begin_frame = 98, beyond.end_frame = 101;
    JointCorrection of_nothing = correction(EditId{4});
    of_nothing.stream = StreamId{77};
    JointCorrection lacking = correction(EditId{4});
    lacking.points.pop_back();
    for (const JointCorrection& row : {beyond, of_nothing, lacking})
        CHECK_THROWS_AS(store.write(logged(4, {"Correct", {RowChange<JointCorrection>{std::nullopt, row}}})),
                        DatabaseError);
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

TEST_CASE_FIXTURE(Project, "what another program writes is noticed, whatever it is") {
    const std::int64_t before = store.changes_of_others();
    store.set_setting("budget", "0.3");
    CHECK(store.changes_of_others() == before);
    ProjectStore::open(path, Access::read_write).set_setting("budget", "0.4");
    CHECK(store.changes_of_others() != before);
    CHECK(store.changes_of_others() == store.changes_of_others());
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
