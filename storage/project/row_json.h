#pragma once

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

#include "schemas/row.h"

// Rows as JSON objects, made from their descriptions in schemas. Ids are written as
// decimal text, because most JSON readers round integers beyond 2^53.
namespace storage {

template <class Value>
nlohmann::json json_from(const Value& value) {
    if constexpr (schemas::NamedEnum<Value>)
        return std::string(schemas::to_text(value));
    else if constexpr (std::is_enum_v<Value>)
        return std::to_string(static_cast<std::int64_t>(value));
    else if constexpr (requires { value.has_value(); })
        return value ? json_from(*value) : nlohmann::json(nullptr);
    else if constexpr (requires { schemas::Table<Value>::fields; }) {
        nlohmann::json object = nlohmann::json::object();
        schemas::for_each_field<Value>(
            [&](const auto& field) { object[std::string(field.name)] = json_from(value.*field.member); });
        return object;
    } else
        return value;
}

// Throws std::invalid_argument, or what nlohmann::json throws, naming the field.
template <class Value>
Value value_from(const nlohmann::json& json) {
    if constexpr (schemas::NamedEnum<Value>) {
        const auto text = json.get<std::string>();
        if (const auto value = schemas::enum_from<Value>(text)) return *value;
        throw std::invalid_argument("the word '" + text + "' is not known");
    } else if constexpr (std::is_enum_v<Value>)
        return static_cast<Value>(std::stoll(json.get<std::string>()));
    else if constexpr (requires(Value v) { v.has_value(); }) {
        if (json.is_null()) return Value{};
        return value_from<typename Value::value_type>(json);
    } else if constexpr (requires { schemas::Table<Value>::fields; }) {
        Value row{};
        schemas::for_each_field<Value>([&](const auto& field) {
            using Member = std::remove_cvref_t<decltype(row.*field.member)>;
            row.*field.member = value_from<Member>(json.at(std::string(field.name)));
        });
        return row;
    } else
        return json.get<Value>();
}

}  // namespace storage
