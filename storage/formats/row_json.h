#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "schemas/row.h"
#include "storage/formats/base64.h"
#include "storage/text_file.h"

// Rows as JSON objects, from the one description of their fields. Ids are text, since JSON numbers lose
// 63-bit integers in many readers; enums are their names; an absent value is null; packed lists are base64.
namespace storage {

template <class Value>
struct JsonValue {
    static nlohmann::json from(const Value& value) { return value; }
    static Value to(const nlohmann::json& json) { return json.get<Value>(); }
};

template <schemas::NamedEnum Enum>
struct JsonValue<Enum> {
    static nlohmann::json from(Enum value) { return schemas::to_text(value); }
    static Enum to(const nlohmann::json& json) {
        const auto& name = json.get_ref<const std::string&>();
        if (const std::optional<Enum> value = schemas::enum_from<Enum>(name)) return *value;
        throw std::invalid_argument("the word " + in_quotes(name) + " is not known here");
    }
};

template <class Values>
requires schemas::is_packed<Values>
struct JsonValue<Values> {
    static nlohmann::json from(const Values& values) { return base64_from(std::as_bytes(std::span(values))); }
    static Values to(const nlohmann::json& json) {
        const std::vector<std::byte> bytes = bytes_from_base64(json.get_ref<const std::string&>());
        using Value = typename Values::value_type;
        if (bytes.size() % sizeof(Value) != 0) throw std::invalid_argument("a packed list ends within a value");
        Values values(bytes.size() / sizeof(Value));
        if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
        return values;
    }
};

template <class Id>
requires(std::is_enum_v<Id> && !schemas::NamedEnum<Id>) struct JsonValue<Id> {
    static nlohmann::json from(Id id) { return std::to_string(static_cast<std::int64_t>(id)); }
    static Id to(const nlohmann::json& json) {
        const auto& text = json.get_ref<const std::string&>();
        if (const std::optional<std::int64_t> number = integer_from(text)) return Id{*number};
        throw std::invalid_argument("expected an id, found " + in_quotes(text));
    }
};

template <class Value>
struct JsonValue<std::optional<Value>> {
    static nlohmann::json from(const std::optional<Value>& value) {
        return value ? JsonValue<Value>::from(*value) : nlohmann::json();
    }
    static std::optional<Value> to(const nlohmann::json& json) {
        return json.is_null() ? std::nullopt : std::optional<Value>(JsonValue<Value>::to(json));
    }
};

template <class Row>
nlohmann::json json_from_row(const Row& row) {
    nlohmann::json object = nlohmann::json::object();
    schemas::for_each_field<Row>([&](const auto& field) {
        using Value = std::remove_cvref_t<decltype(row.*field.member)>;
        object[std::string(field.name)] = JsonValue<Value>::from(row.*field.member);
    });
    return object;
}

// Throws nlohmann::json::exception or std::invalid_argument for a field that is missing, unless
// it came with a later schema than the row, or of another type.
template <class Row>
Row row_from_json(const nlohmann::json& object) {
    Row row;
    schemas::for_each_field<Row>([&](const auto& field) {
        using Value = std::remove_cvref_t<decltype(row.*field.member)>;
        const std::string name(field.name);
        if (field.when_absent == schemas::WhenAbsent::default_value && !object.contains(name)) return;
        row.*field.member = JsonValue<Value>::to(object.at(name));
    });
    return row;
}

// Of an id, an enum, an optional, a row or a plain value.
template <class Value>
nlohmann::json json_from(const Value& value) {
    if constexpr (requires { schemas::Table<Value>::fields; })
        return json_from_row(value);
    else
        return JsonValue<Value>::from(value);
}

template <class Value>
Value value_from(const nlohmann::json& json) {
    if constexpr (requires { schemas::Table<Value>::fields; })
        return row_from_json<Value>(json);
    else
        return JsonValue<Value>::to(json);
}

}  // namespace storage
