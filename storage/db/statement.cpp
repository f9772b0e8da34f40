#include "storage/db/statement.h"

#include <sqlite3.h>

#include <cstring>

namespace storage {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v2(connection.handle(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
    if (code != SQLITE_OK) connection.fail(code, sql);
    handle_.reset(raw);
}

bool Statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3_reset(handle_.get());
    connection_->fail(code, sqlite3_sql(handle_.get()));
}

void Statement::rewind() { sqlite3_reset(handle_.get()); }

void Statement::bind_text(int index, std::string_view value) {
    check(sqlite3_bind_text(handle_.get(), index + 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
}

void Statement::bind_bytes(int index, std::span<const std::byte> value) {
    check(sqlite3_bind_blob64(handle_.get(), index + 1, value.empty() ? "" : static_cast<const void*>(value.data()),
                              value.size(), SQLITE_TRANSIENT));
}

void Statement::bind_real(int index, double value) { check(sqlite3_bind_double(handle_.get(), index + 1, value)); }

void Statement::bind_integer(int index, std::int64_t value) {
    check(sqlite3_bind_int64(handle_.get(), index + 1, value));
}

void Statement::bind_null(int index) { check(sqlite3_bind_null(handle_.get(), index + 1)); }

std::string Statement::text(int index) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), index));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), index))};
}

Blob Statement::blob(int index) const {
    const void* bytes = sqlite3_column_blob(handle_.get(), index);
    Blob result(static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), index)));
    if (!result.empty()) std::memcpy(result.data(), bytes, result.size());
    return result;
}

double Statement::real(int index) const { return sqlite3_column_double(handle_.get(), index); }

std::int64_t Statement::integer(int index) const { return sqlite3_column_int64(handle_.get(), index); }

bool Statement::is_null(int index) const { return sqlite3_column_type(handle_.get(), index) == SQLITE_NULL; }

void Statement::check(int code) const {
    if (code != SQLITE_OK) connection_->fail(code, sqlite3_sql(handle_.get()));
}

}  // namespace storage
