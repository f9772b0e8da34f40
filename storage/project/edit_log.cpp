#include "storage/project/edit_log.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>

#include "storage/db/statement.h"
#include "storage/formats/row_json.h"

namespace storage {

namespace {

using nlohmann::json;
using schemas::Change;

template <class Row>
std::pair<std::string, std::function<Change(const json&)>> reader_of() {
    return {std::string(schemas::Table<Row>::name), [](const json& entry) {
                schemas::RowChange<Row> change;
                if (entry.contains("before")) change.before = value_from<Row>(entry.at("before"));
                if (entry.contains("after")) change.after = value_from<Row>(entry.at("after"));
                return Change(change);
            }};
}

template <class... Rows>
struct ReadersOf {
    std::map<std::string, std::function<Change(const json&)>> by_table{reader_of<Rows>()...};
};

json json_of(const Change& change) {
    return std::visit(
        []<class Row>(const schemas::RowChange<Row>& row) {
            json entry{{"row", std::string(schemas::Table<Row>::name)}};
            if (row.before) entry["before"] = json_from(*row.before);
            if (row.after) entry["after"] = json_from(*row.after);
            return entry;
        },
        change);
}

LogEntry entry_at(const Statement& query) {
    LogEntry entry;
    entry.id = query.column<schemas::EditId>(0);
    entry.sequence = query.column<std::int64_t>(1);
    entry.kind = query.column<schemas::LogKind>(2);
    entry.target = query.column<std::optional<schemas::EditId>>(3);
    entry.author = {query.column<std::string>(4), query.column<schemas::AuthorKind>(5)};
    entry.time = query.column<schemas::Timestamp>(6);
    entry.title = query.column<std::string>(7);
    return entry;
}

schemas::LoggedEdit logged_at(const Statement& query) {
    const LogEntry entry = entry_at(query);
    return {entry.id,
            entry.sequence,
            entry.kind,
            entry.target,
            entry.author,
            entry.time,
            {entry.title, changes_from(query.column<std::string>(8))}};
}

constexpr std::string_view entry_columns = "id, sequence, kind, target, author, author_kind, time, title";

}  // namespace

std::string text_from(const std::vector<Change>& changes) {
    json list = json::array();
    for (const Change& change : changes) list.push_back(json_of(change));
    return list.dump();
}

std::vector<Change> changes_from(const std::string& text) {
    static const schemas::EachEditableRow<ReadersOf> readers;
    std::vector<Change> changes;
    for (const json& entry : json::parse(text)) {
        const auto reader = readers.by_table.find(entry.at("row").get<std::string>());
        if (reader == readers.by_table.end())
            throw std::invalid_argument("the journal speaks of an unknown kind of row");
        changes.push_back(reader->second(entry));
    }
    return changes;
}

void EditLog::append(const schemas::LoggedEdit& entry) {
    if (const std::int64_t last = last_sequence(); entry.sequence != last + 1)
        throw StaleProject(connection_.file().string() +
                           ": another program changed the project meanwhile; read it again and repeat the edit");
    Statement(connection_,
              "INSERT INTO edit_log (" + std::string(entry_columns) + ", changes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .run(entry.id, entry.sequence, entry.kind, entry.target, entry.author.name, entry.author.kind, entry.time,
             entry.edit.title, text_from(entry.edit.changes));
}

std::vector<LogEntry> EditLog::entries() const {
    Statement query(connection_, "SELECT " + std::string(entry_columns) + " FROM edit_log ORDER BY sequence");
    std::vector<LogEntry> entries;
    while (query.step()) entries.push_back(entry_at(query));
    return entries;
}

schemas::LoggedEdit EditLog::logged(schemas::EditId id) const {
    Statement query(connection_, "SELECT " + std::string(entry_columns) + ", changes FROM edit_log WHERE id = ?");
    query.bind(id);
    if (!query.step())
        throw DatabaseError(DatabaseError::Kind::constraint,
                            connection_.file().string() + ": the journal has no such edit");
    return logged_at(query);
}

std::vector<schemas::LoggedEdit> EditLog::all() const {
    Statement query(connection_, "SELECT " + std::string(entry_columns) + ", changes FROM edit_log ORDER BY sequence");
    std::vector<schemas::LoggedEdit> entries;
    while (query.step()) entries.push_back(logged_at(query));
    return entries;
}

std::int64_t EditLog::last_sequence() const {
    Statement query(connection_, "SELECT coalesce(max(sequence), 0) FROM edit_log");
    query.step();
    return query.column<std::int64_t>(0);
}

}  // namespace storage
