#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "annotator/document/document.h"
#include "schemas/edit.h"

namespace annotator {

// Makes an edit last before it counts. Throws when it could not.
class EditSink {
public:
    virtual ~EditSink() = default;
    virtual void write(const schemas::LoggedEdit& entry) = 0;
    // What an earlier entry did; undo and redo ask.
    [[nodiscard]] virtual schemas::LoggedEdit logged(schemas::EditId id) const = 0;
};

// Who edits, when, and under which id: what commands stamp on the rows that they write.
struct EditStamp {
    schemas::EditId edit{};
    schemas::Timestamp time = 0;
    schemas::Author author;
};

// Which edits can be undone and redone, oldest first.
struct JournalState {
    std::int64_t last_sequence = 0;
    std::vector<schemas::EditId> done;
    std::vector<schemas::EditId> undone;
};

// A step of the log without its changes.
struct JournalStep {
    schemas::EditId id{};
    std::int64_t sequence = 0;
    schemas::LogKind kind = schemas::LogKind::edit;
    std::optional<schemas::EditId> target;
};

// What the whole log, first to last, leaves to undo and redo. Undo takes back the newest
// edit that stands, so the target is always the last of its list.
JournalState state_after(std::span<const JournalStep> steps);

// The only door through which the document changes. Each step is written to the sink; a step that cannot be written
// leaves the document as it was.
//
// Thread: the document's.
class Journal {
public:
    using Clock = std::function<schemas::Timestamp()>;

    Journal(Document& document, EditSink& sink, schemas::IdSource& ids, Clock clock, JournalState state)
        : document_(document), sink_(sink), ids_(ids), clock_(std::move(clock)), state_(std::move(state)) {}

    // Builds the edit with the stamp it will carry and commits it. An edit without changes
    // is not logged and returns nullopt.
    std::optional<schemas::EditId> commit(const schemas::Author& author,
                                          const std::function<schemas::Edit(const EditStamp&)>& build);

    // The title of what was undone or redone; nullopt when there is nothing.
    std::optional<std::string> undo(const schemas::Author& author);
    std::optional<std::string> redo(const schemas::Author& author);

    [[nodiscard]] const JournalState& state() const { return state_; }

private:
    void write_and_apply(schemas::LoggedEdit entry);

    Document& document_;
    EditSink& sink_;
    schemas::IdSource& ids_;
    Clock clock_;
    JournalState state_;
};

// Rebuilds the document from nothing but the log.
Document replay(std::span<const schemas::LoggedEdit> log);

}  // namespace annotator
