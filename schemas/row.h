#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

// One description of each stored row, from which its SQL and its JSON are made, so
// that a column is named in one place besides the migration that creates it.
namespace schemas {

// What a JSON row without the field means: it is damaged, or it was written before the field
// was invented and has the value that the row type gives it.
enum class WhenAbsent { damaged, default_value };

template <class Row, class Value>
struct Field {
    std::string_view name;  // column and JSON key
    Value Row::*member;
    WhenAbsent when_absent = WhenAbsent::damaged;
};

template <class Row, class Value>
constexpr Field<Row, Value> field(std::string_view name, Value Row::*member) {
    return {name, member};
}

// A field that came with a later schema than its row.
template <class Row, class Value>
constexpr Field<Row, Value> later_field(std::string_view name, Value Row::*member) {
    return {name, member, WhenAbsent::default_value};
}

// Specialised beside each row: `name` (the SQL table) and `fields` (a tuple whose
// first entry is the id).
template <class Row>
struct Table;

// Specialised beside each enum that is stored: `names`, an array in the order of the
// enumerators, which count from zero. Stored and exported as text.
template <class Enum>
struct EnumNames;

template <class Enum>
concept NamedEnum = requires {
    EnumNames<Enum>::names;
};

// A list of plain values that is stored as their bytes, and as base64 in JSON: true for the types that say so.
template <class Values>
inline constexpr bool is_packed = false;

template <NamedEnum Enum>
constexpr std::string_view to_text(Enum value) {
    return EnumNames<Enum>::names.at(static_cast<std::size_t>(value));
}

template <NamedEnum Enum>
std::optional<Enum> enum_from(std::string_view text) {
    const auto& names = EnumNames<Enum>::names;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == text) return static_cast<Enum>(i);
    return std::nullopt;
}

// Calls `visit(field)` for each field of the row type.
template <class Row, class Visitor>
void for_each_field(Visitor&& visit) {
    std::apply([&](const auto&... entry) { (visit(entry), ...); }, Table<Row>::fields);
}

template <class Row>
constexpr std::size_t field_count = std::tuple_size_v<std::remove_cvref_t<decltype(Table<Row>::fields)>>;

}  // namespace schemas
