#include "annotator/workflows/name_pattern.h"

#include <algorithm>
#include <stdexcept>

namespace annotator {

namespace {

std::optional<std::string> NameFacts::*member_named(const std::string& group) {
    static const std::map<std::string, std::optional<std::string> NameFacts::*> members{
        {"category", &NameFacts::category}, {"performer", &NameFacts::performer},
        {"take", &NameFacts::take},         {"choreography", &NameFacts::choreography},
        {"music", &NameFacts::music},       {"view", &NameFacts::view},
        {"setup", &NameFacts::setup}};
    const auto found = members.find(group);
    if (found != members.end()) return found->second;
    std::string known;
    for (const auto& [name, member] : members) known += " " + name;
    throw std::invalid_argument("name pattern: there is no group '" + group + "'; known are" + known);
}

std::string expanded(const std::string& text) {
    for (const auto& [name, expression] : NamePattern::presets())
        if (name == text) return expression;
    return text;
}

// std::regex knows no named groups: takes the names out and remembers their order.
std::string without_names(const std::string& expression, std::vector<std::string>& groups) {
    static const std::regex opening(R"(\\.|\[(?:\\.|[^\]])*\]|\((?:\?P?<([A-Za-z_]+)>|(\?[:=!]))?)");
    std::string plain;
    auto rest = expression.begin();
    for (std::sregex_iterator match(expression.begin(), expression.end(), opening), end; match != end; ++match) {
        plain.append(rest, expression.begin() + match->position());
        rest = expression.begin() + match->position() + match->length();
        const bool group = match->str().front() == '(' && !(*match)[2].matched;
        plain += group ? "(" : match->str();
        if (group) groups.push_back((*match)[1].str());
    }
    return plain.append(rest, expression.end());
}

}  // namespace

std::vector<std::pair<std::string, std::string>> NamePattern::presets() {
    return {
        {"msr", R"(a(?<category>\d+)_s(?<performer>\d+)_e(?<take>\d+))"},
        {"synth", R"((a(?<category>\d+)|stream)_s(?<performer>\d+)_e(?<take>\d+))"},
        {"cmu", R"((?<performer>\d+)_(?<take>\d+))"},
        {"hdm05", R"(HDM_(?<performer>[a-z]+)_(?<category>.+)_(?<take>\d+)_120)"},
        {"aist",
         R"(g[A-Z]{2}_s[A-Z]{2}_c(?<view>\d+|All)_d(?<performer>\d+)_m(?<music>[A-Z]{2}\d+)_ch(?<choreography>\d+))"}};
}

NamePattern::NamePattern(const std::string& preset_or_expression) {
    const std::string plain = without_names(expanded(preset_or_expression), groups_);
    for (const std::string& group : groups_)
        if (!group.empty()) member_named(group);
    try {
        expression_ = std::regex(plain);
    } catch (const std::regex_error& error) {
        throw std::invalid_argument("name pattern: '" + preset_or_expression +
                                    "' is neither a preset nor a regular expression (" + error.what() + ")");
    }
}

std::optional<NameFacts> NamePattern::facts(const std::string& name) const {
    std::smatch match;
    if (!std::regex_search(name, match, expression_)) return std::nullopt;
    NameFacts facts;
    facts.key = match.str();
    for (std::size_t i = 0; i < groups_.size(); ++i)
        if (!groups_[i].empty() && match[i + 1].matched) {
            facts.*member_named(groups_[i]) = match[i + 1].str();
            if (groups_[i] == "performer")
                facts.performer_at = static_cast<std::size_t>(match.position(i + 1) - match.position());
        }
    return facts;
}

NameFacts facts_without_pattern(const std::string& name) {
    static const std::regex stream_words(
        R"([_\-. ](s?depth|depths?|skeleton(3D)?|skel|key-?points?|rgb|colou?r|video|audio|sound|kinect|ir)$)",
        std::regex::icase);
    NameFacts facts;
    facts.key = std::regex_replace(name, stream_words, "");
    return facts;
}

}  // namespace annotator
