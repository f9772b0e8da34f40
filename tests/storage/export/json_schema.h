#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace tests {

// Checks a value against the part of JSON Schema that schemas/json uses: $ref within the file, type, enum, const,
// required, properties, additionalProperties, items, minItems, maxItems, minimum.
class JsonSchema {
public:
    explicit JsonSchema(nlohmann::json schema) : schema_(std::move(schema)) {}

    std::vector<std::string> violations(const nlohmann::json& value) {
        found_.clear();
        check(schema_, value, "");
        return found_;
    }

private:
    using json = nlohmann::json;

    static bool is_type(const std::string& type, const json& value) {
        if (type == "integer") return value.is_number_integer();
        if (type == "number") return value.is_number();
        return type == (value.is_number() ? "number" : value.type_name());
    }

    void check(const json& rule, const json& value, const std::string& place) {
        if (rule.contains("$ref"))
            return check(schema_.at(json::json_pointer(rule["$ref"].get<std::string>().substr(1))), value, place);
        if (rule.contains("type")) {
            const json types = rule["type"].is_array() ? rule["type"] : json::array({rule["type"]});
            bool fits = false;
            for (const json& type : types) fits = fits || is_type(type, value);
            if (!fits) return found_.push_back(place + ": is no " + rule["type"].dump());
        }
        if (rule.contains("const") && value != rule["const"])
            found_.push_back(place + ": is not " + rule["const"].dump());
        if (rule.contains("enum") && std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end())
            found_.push_back(place + ": is none of " + rule["enum"].dump());
        if (rule.contains("minimum") && value.is_number() && value < rule["minimum"])
            found_.push_back(place + ": is too small");
        if (value.is_object()) check_object(rule, value, place);
        if (value.is_array()) check_array(rule, value, place);
    }

    void check_object(const json& rule, const json& value, const std::string& place) {
        for (const json& name : rule.value("required", json::array()))
            if (!value.contains(name.get<std::string>())) found_.push_back(place + ": lacks " + name.dump());
        const json properties = rule.value("properties", json::object()),
                   others = rule.value("additionalProperties", json(true));
        for (const auto& [name, member] : value.items()) {
            if (properties.contains(name))
                check(properties[name], member, place + "/" + name);
            else if (others == json(false))
                found_.push_back(place + "/" + name + ": is not described");
            else if (others.is_object())
                check(others, member, place + "/" + name);
        }
    }

    void check_array(const json& rule, const json& value, const std::string& place) {
        if (value.size() < rule.value("minItems", std::size_t{0}) ||
            value.size() > rule.value("maxItems", value.size()))
            found_.push_back(place + ": has the wrong number of items");
        for (std::size_t i = 0; rule.contains("items") && i < value.size(); ++i)
            check(rule["items"], value[i], place + "/" + std::to_string(i));
    }

    json schema_;
    std::vector<std::string> found_;
};

}  // namespace tests
