#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/edit.h"
#include "storage/db/connection.h"

namespace storage {

// One line of the journal without its changes, for lists and for finding what undo means.
struct LogEntry {
    schemas::EditId id{};
    std::int64_t sequence = 0;
    schemas::LogKind kind = schemas::LogKind::edit;
    std::optional<schemas::EditId> target;
    schemas::Author author;
    schemas::Timestamp time = 0;
    std::string title;
};

// The journal's log in the database: append only.
class EditLog {
public:
    explicit EditLog(Connection& connection) : connection_(connection) {}

    // Within the caller's transaction. The sequence must be the next one: a gap or a repeat
    // means that somebody else wrote meanwhile, and throws StaleProject.
    void append(const schemas::LoggedEdit& entry);

    [[nodiscard]] std::vector<LogEntry> entries() const;
    [[nodiscard]] schemas::LoggedEdit logged(schemas::EditId id) const;
    // Every line with its changes, first to last.
    [[nodiscard]] std::vector<schemas::LoggedEdit> all() const;
    [[nodiscard]] std::int64_t last_sequence() const;

private:
    Connection& connection_;
};

// Another program changed the project since it was read.
class StaleProject : public DatabaseError {
public:
    explicit StaleProject(const std::string& message) : DatabaseError(Kind::busy, message) {}
};

std::string text_from(const std::vector<schemas::Change>& changes);
std::vector<schemas::Change> changes_from(const std::string& text);

}  // namespace storage
