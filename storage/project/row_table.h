#pragma once

#include <string>
#include <vector>

#include "schemas/row.h"
#include "storage/db/statement.h"

namespace storage {

namespace detail {

template <class Row>
std::string column_list(std::string_view before, std::string_view after) {
    std::string list;
    schemas::for_each_field<Row>([&](const auto& field) {
        if (!list.empty()) list += ", ";
        list += std::string(before) + std::string(field.name) + std::string(after);
    });
    return list;
}

template <class Row>
std::string placeholders() {
    std::string list = "?";
    for (std::size_t i = 1; i < schemas::field_count<Row>; ++i) list += ", ?";
    return list;
}

template <class Row>
Row row_at(const Statement& statement) {
    Row row{};
    int index = 0;
    schemas::for_each_field<Row>([&](const auto& field) {
        using Value = std::remove_cvref_t<decltype(row.*field.member)>;
        row.*field.member = statement.column<Value>(index++);
    });
    return row;
}

template <class Row>
void bind_row(Statement& statement, const Row& row) {
    statement.rewind();
    int index = 0;
    schemas::for_each_field<Row>([&](const auto& field) { statement.bind_at(index++, row.*field.member); });
}

}  // namespace detail

// The SQL of one kind of row, made from its description in schemas.
template <class Row>
class RowTable {
public:
    using Id = decltype(Row::id);

    explicit RowTable(Connection& connection)
        : connection_(connection),
          insert_(connection, "INSERT INTO " + name() + " (" + detail::column_list<Row>("", "") + ") VALUES (" +
                                  detail::placeholders<Row>() + ")"),
          update_(connection, "UPDATE " + name() + " SET " + detail::column_list<Row>("", " = ?") + " WHERE id = ?"),
          erase_(connection, "DELETE FROM " + name() + " WHERE id = ?") {}

    void insert(const Row& row) {
        detail::bind_row(insert_, row);
        insert_.step();
        insert_.rewind();
    }
    // Throws DatabaseError when there is no row of that id.
    void update(const Row& row) {
        detail::bind_row(update_, row);
        update_.bind_at(static_cast<int>(schemas::field_count<Row>), row.id);
        update_.step();
        update_.rewind();
        expect_one_row();
    }
    void erase(Id id) {
        erase_.run(id);
        expect_one_row();
    }

    // Every row, by id; or those for which `where` (SQL) holds.
    static std::vector<Row> load(Connection& connection, const std::string& where = "1") {
        Statement query(connection, "SELECT " + detail::column_list<Row>("", "") + " FROM " + name() + " WHERE " +
                                        where + " ORDER BY id");
        std::vector<Row> rows;
        while (query.step()) rows.push_back(detail::row_at<Row>(query));
        return rows;
    }

private:
    static std::string name() { return std::string(schemas::Table<Row>::name); }
    void expect_one_row() const {
        if (connection_.changed_rows() != 1)
            throw DatabaseError(DatabaseError::Kind::constraint, connection_.file().string() + ": a row of " + name() +
                                                                     " that was to be changed is gone");
    }

    Connection& connection_;
    Statement insert_;
    Statement update_;
    Statement erase_;
};

}  // namespace storage
