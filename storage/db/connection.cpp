#include "storage/db/connection.h"

#include <sqlite3.h>

#include <cctype>
#include <string>

namespace storage {

namespace {

int open_flags(Access access) {
    switch (access) {
        case Access::create:
            return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        case Access::read_write:
            return SQLITE_OPEN_READWRITE;
        case Access::read_only:
            return SQLITE_OPEN_READONLY;
    }
    return SQLITE_OPEN_READONLY;
}

DatabaseError::Kind kind_of(int code) {
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return DatabaseError::Kind::busy;
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
            return DatabaseError::Kind::read_only;
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return DatabaseError::Kind::full;
        case SQLITE_CONSTRAINT:
            return DatabaseError::Kind::constraint;
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return DatabaseError::Kind::not_a_database;
        default:
            return DatabaseError::Kind::other;
    }
}

std::string_view advice(DatabaseError::Kind kind) {
    switch (kind) {
        case DatabaseError::Kind::busy:
            return "; another program is writing to it, try again when it is done";
        case DatabaseError::Kind::read_only:
            return "; check that the file and its folder exist and may be written to";
        case DatabaseError::Kind::full:
            return "; check that the disk has room; what was saved before is safe";
        case DatabaseError::Kind::not_a_database:
            return "; it is damaged or no project database";
        case DatabaseError::Kind::constraint:
        case DatabaseError::Kind::other:
            return "";
    }
    return "";
}

// Reading a database in WAL mode writes an index beside it, which a read-only medium forbids.
bool readable(sqlite3* database) {
    const int code = sqlite3_exec(database, "SELECT 1 FROM sqlite_master LIMIT 1", nullptr, nullptr, nullptr);
    return (code & 0xff) != SQLITE_CANTOPEN;
}

// Without a log beside it the file holds everything, and nobody can write to it there.
bool is_complete_without_log(const std::filesystem::path& file) {
    std::error_code none;
    return std::filesystem::exists(file, none) && !std::filesystem::exists(file.string() + "-wal", none);
}

// https://www.sqlite.org/uri.html: a file that cannot change needs neither locks nor an index.
std::string immutable_uri(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const unsigned char c : std::filesystem::absolute(file).string()) {
        if (std::isalnum(c) != 0 || c == '/' || c == '-' || c == '_' || c == '.') {
            uri += static_cast<char>(c);
        } else {
            constexpr const char* digits = "0123456789ABCDEF";
            uri += {'%', digits[c >> 4U], digits[c & 15U]};
        }
    }
    return uri + "?immutable=1";
}

}  // namespace

void Connection::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Connection::Connection(const std::filesystem::path& file, Access access, std::chrono::milliseconds busy_timeout)
    : file_(file), access_(access) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, open_flags(access), nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) fail(code, "opening");
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, static_cast<int>(busy_timeout.count()));
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (access == Access::read_only && !readable(raw) && is_complete_without_log(file)) {
        const int again =
            sqlite3_open_v2(immutable_uri(file).c_str(), &raw, open_flags(access) | SQLITE_OPEN_URI, nullptr);
        handle_.reset(raw);
        if (again != SQLITE_OK) fail(again, "opening");
        sqlite3_extended_result_codes(raw, 1);
        sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    }
    execute("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    if (access == Access::read_only) return;
    // The log is folded in where a person waits least (ProjectStore::fold_log), at the latest after 64 MiB.
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16384");
}

void Connection::execute(std::string_view sql) {
    const int code = sqlite3_exec(handle(), std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
}

int Connection::changed_rows() const { return sqlite3_changes(handle()); }

void Connection::fail(int code, std::string_view doing) const {
    const DatabaseError::Kind kind = kind_of(code);
    const char* said = handle_ ? sqlite3_errmsg(handle()) : sqlite3_errstr(code);
    std::string message = file_.string() + ": " + said + std::string(advice(kind));
    if (kind == DatabaseError::Kind::other) message += " (" + std::string(doing.substr(0, 200)) + ")";
    throw DatabaseError(kind, message);
}

}  // namespace storage
