#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "schemas/row.h"
#include "storage/db/connection.h"

struct sqlite3_stmt;

namespace storage {

using Blob = std::vector<std::byte>;

// One prepared statement. Parameters and columns count from 0, in order. Ids and named
// enums are bound and read as what they are; an enum text that is not known throws.
//
//     Statement query(connection, "SELECT name FROM clip WHERE take = ?");
//     query.bind(take);
//     while (query.step()) names.push_back(query.column<std::string>(0));
class Statement {
public:
    Statement(Connection& connection, std::string_view sql);

    // Binds all parameters anew and rewinds.
    template <class... Values>
    Statement& bind(const Values&... values) {
        rewind();
        int index = 0;
        (bind_at(index++, values), ...);
        return *this;
    }

    // True while there is a row to read.
    bool step();
    // For statements without rows.
    template <class... Values>
    void run(const Values&... values) {
        bind(values...);
        step();
        rewind();
    }
    void rewind();

    template <class Value>
    void bind_at(int index, const Value& value) {
        if constexpr (std::is_same_v<Value, std::string> || std::is_convertible_v<Value, std::string_view>)
            bind_text(index, value);
        else if constexpr (std::is_same_v<Value, Blob>)
            bind_bytes(index, value);
        else if constexpr (schemas::is_packed<Value>)
            bind_bytes(index, std::as_bytes(std::span(value)));
        else if constexpr (std::is_floating_point_v<Value>)
            bind_real(index, value);
        else if constexpr (schemas::NamedEnum<Value>)
            bind_text(index, schemas::to_text(value));
        else if constexpr (std::is_integral_v<Value> || std::is_enum_v<Value>)
            bind_integer(index, static_cast<std::int64_t>(value));
        else
            value ? bind_at(index, *value) : bind_null(index);
    }

    template <class Value>
    [[nodiscard]] Value column(int index) const {
        if constexpr (std::is_same_v<Value, std::string>)
            return text(index);
        else if constexpr (std::is_same_v<Value, Blob>)
            return blob(index);
        else if constexpr (schemas::is_packed<Value>)
            return unpacked<Value>(blob(index));
        else if constexpr (std::is_floating_point_v<Value>)
            return static_cast<Value>(real(index));
        else if constexpr (schemas::NamedEnum<Value>)
            return named<Value>(index);
        else if constexpr (std::is_integral_v<Value> || std::is_enum_v<Value>)
            return static_cast<Value>(integer(index));
        else
            return is_null(index) ? Value{} : Value{column<typename Value::value_type>(index)};
    }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };

    template <class Values>
    [[nodiscard]] static Values unpacked(const Blob& bytes) {
        Values values(bytes.size() / sizeof(typename Values::value_type));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(values.front()));
        return values;
    }
    template <class Enum>
    [[nodiscard]] Enum named(int index) const {
        const std::string stored = text(index);
        if (const auto value = schemas::enum_from<Enum>(stored)) return *value;
        throw DatabaseError(DatabaseError::Kind::not_a_database, connection_->file().string() + ": the stored word '" +
                                                                     stored + "' is not known to this version");
    }

    void bind_text(int index, std::string_view value);
    void bind_bytes(int index, std::span<const std::byte> value);
    void bind_real(int index, double value);
    void bind_integer(int index, std::int64_t value);
    void bind_null(int index);
    [[nodiscard]] std::string text(int index) const;
    [[nodiscard]] Blob blob(int index) const;
    [[nodiscard]] double real(int index) const;
    [[nodiscard]] std::int64_t integer(int index) const;
    [[nodiscard]] bool is_null(int index) const;
    void check(int code) const;

    Connection* connection_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace storage
