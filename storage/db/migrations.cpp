#include "storage/db/migrations.h"

#include <sqlite3.h>

#include <regex>
#include <string>

#include "storage/db/statement.h"
#include "storage/db/transaction.h"

namespace storage {

namespace {

constexpr int application_id = 0x4b494e4f;  // "KINO"

int pragma_value(Connection& connection, std::string_view pragma) {
    Statement query(connection, "PRAGMA " + std::string(pragma));
    return query.step() ? query.column<int>(0) : 0;
}

bool is_empty(Connection& connection) {
    Statement query(connection, "SELECT count(*) FROM sqlite_master");
    return query.step() && query.column<int>(0) == 0;
}

// The files keep to the dialect that engines share; SQLite checks column types only in
// STRICT tables.
std::string strict(std::string_view sql) {
    static const std::regex table_end("\n\\);");
    return std::regex_replace(std::string(sql), table_end, "\n) STRICT;");
}

void back_up(Connection& connection, int version) {
    const std::filesystem::path copy = connection.file().string() + ".v" + std::to_string(version) + ".backup";
    std::filesystem::remove(copy);
    Statement(connection, "VACUUM INTO ?").run(copy.string());
}

}  // namespace

int schema_version(Connection& connection) { return pragma_value(connection, "user_version"); }

void migrate(Connection& connection, std::span<const schemas::EmbeddedFile> migrations) {
    const int newest = static_cast<int>(migrations.size());
    const int version = schema_version(connection);
    const std::string file = connection.file().string();
    const bool fresh = is_empty(connection);
    if (!fresh && pragma_value(connection, "application_id") != application_id)
        throw DatabaseError(DatabaseError::Kind::not_a_database, file + ": is no Kinetograph project");
    if (version > newest)
        throw DatabaseError(DatabaseError::Kind::not_a_database,
                            file + ": was made by a newer Kinetograph (schema " + std::to_string(version) +
                                ", this one knows " + std::to_string(newest) +
                                "); it was left as it is, open it with the newer version");
    if (version == newest) return;
    if (connection.read_only())
        throw DatabaseError(DatabaseError::Kind::read_only,
                            file + ": is of an older schema (" + std::to_string(version) +
                                ") and may not be written to, so it cannot be brought up to date");
    if (!fresh) back_up(connection, version);
    for (int next = version; next < newest; ++next) {
        Transaction transaction(connection);
        if (schema_version(connection) > next) continue;  // another program did it meanwhile
        connection.execute(strict(migrations[static_cast<std::size_t>(next)].text));
        connection.execute("PRAGMA application_id = " + std::to_string(application_id) +
                           "; PRAGMA user_version = " + std::to_string(next + 1));
        transaction.commit();
    }
}

}  // namespace storage
