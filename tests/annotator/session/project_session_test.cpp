#include "annotator/session/project_session.h"

#include <doctest/doctest.h>

#include "annotator/document/commands.h"
#include "tests/annotator/document/random_editor.h"
#include "tests/support/project_builder.h"
#include "tests/support/temporary_folder.h"

using namespace annotator;
using namespace schemas;

namespace {

SessionOptions options(std::uint64_t seed) {
    SessionOptions options;
    options.author = {"Ana", AuthorKind::person};
    options.seed = seed;
    options.clock = [time = Timestamp{0}]() mutable { return time += 1'000; };
    return options;
}

ProjectSession small_session(const std::filesystem::path& folder, std::uint64_t seed) {
    ProjectSession session = ProjectSession::create(folder, options(seed));
    session.commit([](const EditStamp&) { return tests::small_project().skeleton(9, 2).edit(); });
    return session;
}

// Makes `wanted` edits that fit, or `attempts` at most.
int edit_randomly(ProjectSession& session, std::uint64_t seed, int wanted) {
    tests::RandomEditor editor(seed, session.ids());
    int made = 0;
    for (int attempt = 0; made < wanted && attempt < 50 * wanted; ++attempt) try {
            if (session.commit([&](const EditStamp& stamp) { return editor.next(session.document(), stamp); })) ++made;
        } catch (const EditConflict&) {
        }
    return made;
}

Document stored(ProjectSession& session) { return Document(session.store().load_rows()); }
Document replayed(ProjectSession& session) { return replay(session.store().log().all()); }

}  // namespace

TEST_CASE("invariant 1: document, database and replay of the log are the same after random edits, undo and redo") {
    const tests::TemporaryFolder folder;
    ProjectSession session = small_session(folder.path() / "p", 1);
    REQUIRE(edit_randomly(session, 1, 150) == 150);
    for (int i = 0; i < 40; ++i) session.undo();
    for (int i = 0; i < 15; ++i) session.redo();
    edit_randomly(session, 2, 30);
    CHECK(stored(session) == session.document());
    CHECK(replayed(session) == session.document());
}

TEST_CASE("invariant 2: undo of everything is the first state, redo of everything the last, also after a restart") {
    const tests::TemporaryFolder folder;
    const Document empty;
    Document last;
    {
        ProjectSession session = small_session(folder.path() / "p", 3);
        edit_randomly(session, 3, 100);
        last = session.document();
    }
    {
        ProjectSession session(folder.path() / "p", options(4));
        CHECK(session.document() == last);
        while (session.undo()) {
        }
        CHECK(session.document() == empty);
        CHECK(stored(session) == empty);
    }
    ProjectSession session(folder.path() / "p", options(5));
    while (session.redo()) {
    }
    CHECK(session.document() == last);
    CHECK(stored(session) == last);
    CHECK(replayed(session) == last);
}

// In the document alone this is quick, so that it can be done for thousands of sequences.
TEST_CASE("10,000 random edit sequences undo to the first state and redo to the last in the document") {
    struct MemorySink : EditSink {
        std::map<EditId, LoggedEdit> log;
        std::vector<LoggedEdit> lines;
        void write(const LoggedEdit& entry) override {
            log[entry.id] = entry;
            lines.push_back(entry);
        }
        LoggedEdit logged(EditId id) const override { return log.at(id); }
    };
    for (std::uint64_t sequence = 0; sequence < 10'000; ++sequence) {
        IdSource ids(sequence);
        Document document(tests::small_project().skeleton(9, 2).rows);
        const Document first = document;
        MemorySink sink;
        Journal journal(document, sink, ids, [] { return Timestamp{1}; }, {});
        tests::RandomEditor editor(sequence, ids);
        for (int i = 0; i < 25; ++i) try {
                journal.commit({"Ana", AuthorKind::person},
                               [&](const EditStamp& stamp) { return editor.next(document, stamp); });
            } catch (const EditConflict&) {
            }
        const Document last = document;
        while (journal.undo({"Ana", AuthorKind::person})) {
        }
        REQUIRE(document == first);
        while (journal.redo({"Ana", AuthorKind::person})) {
        }
        REQUIRE(document == last);
        Document again = first;
        for (const LoggedEdit& entry : sink.lines) again.apply(entry.edit);
        REQUIRE(again == last);
    }
}

TEST_CASE("slow: 10,000 random edit sequences undo and redo in the database and by replay, with restarts") {
    const tests::TemporaryFolder folder(tests::Place::memory);
    small_session(folder.path() / "p", 0);
    auto session = std::make_unique<ProjectSession>(folder.path() / "p", options(1));
    for (std::uint64_t sequence = 0; sequence < 10'000; ++sequence) {
        const Document first = session->document();
        const int made = edit_randomly(*session, sequence, 3);
        const Document last = session->document();
        if (sequence % 500 == 0) {
            REQUIRE(stored(*session) == last);
            session = std::make_unique<ProjectSession>(folder.path() / "p", options(sequence + 2));
            REQUIRE(session->document() == last);
        }
        for (int i = 0; i < made; ++i) session->undo();
        REQUIRE(session->document() == first);
        if (sequence % 500 == 0) REQUIRE(stored(*session) == first);
        for (int i = 0; i < made; ++i) session->redo();
        REQUIRE(session->document() == last);
        for (int i = 0; sequence % 40 != 0 && i < made; ++i) session->undo();
    }
    CHECK(stored(*session) == session->document());
    CHECK(replayed(*session) == session->document());
}

TEST_CASE("an edit that the disk refuses leaves the document as it was") {
    const tests::TemporaryFolder folder;
    small_session(folder.path() / "p", 1);
    SessionOptions reading = options(2);
    reading.access = storage::Access::read_only;
    ProjectSession session(folder.path() / "p", std::move(reading));
    const Document before = session.document();
    CHECK_THROWS_AS(session.commit([](const EditStamp&) {
        return Edit{"Add", {RowChange<Performer>{std::nullopt, Performer{PerformerId{9}, "Eve"}}}};
    }),
                    storage::DatabaseError);
    CHECK(session.document() == before);
}

TEST_CASE("of two programs on one project the second edit is refused until it has read the first") {
    const tests::TemporaryFolder folder;
    ProjectSession one = small_session(folder.path() / "p", 1);
    ProjectSession two(folder.path() / "p", options(2));
    const auto add = [](std::int64_t id) {
        return [id](const EditStamp&) {
            return Edit{"Add",
                        {RowChange<Performer>{std::nullopt, Performer{PerformerId{id}, "P" + std::to_string(id)}}}};
        };
    };
    one.commit(add(10));
    CHECK_THROWS_AS(two.commit(add(11)), storage::StaleProject);
    ProjectSession again(folder.path() / "p", options(3));
    CHECK(again.commit(add(11)).has_value());
}
