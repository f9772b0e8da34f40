#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;

namespace storage {

// The database refused or failed. The message names the file and what the engine said.
class DatabaseError : public std::runtime_error {
public:
    enum class Kind { other, busy, read_only, full, constraint, not_a_database };

    DatabaseError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    [[nodiscard]] Kind kind() const { return kind_; }

private:
    Kind kind_;
};

enum class Access { create, read_write, read_only };

// One open database file, in write-ahead mode with every commit on the disk before it
// returns. Another process that writes is waited for, up to `busy_timeout`.
//
// Thread: one at a time. Throws DatabaseError.
class Connection {
public:
    Connection(const std::filesystem::path& file, Access access,
               std::chrono::milliseconds busy_timeout = std::chrono::seconds(10));

    // Runs statements without parameters and without results.
    void execute(std::string_view sql);
    // How many rows the last statement inserted, updated or deleted.
    [[nodiscard]] int changed_rows() const;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] bool read_only() const { return access_ == Access::read_only; }

    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }
    // Throws the DatabaseError that `code` of the engine stands for.
    [[noreturn]] void fail(int code, std::string_view doing) const;

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };

    std::filesystem::path file_;
    Access access_;
    std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace storage
