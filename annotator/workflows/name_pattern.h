#pragma once

#include <map>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace annotator {

// What a recording's name says about it. `key` is what the streams of one take share.
struct NameFacts {
    std::string key;
    std::size_t performer_at = 0;  // where the performer's name begins in the key
    std::optional<std::string> category, performer, take, choreography, music, view, setup;

    bool operator==(const NameFacts&) const = default;
};

// A regular expression with named groups over the names of recordings, without folder and
// extension: "a(?<category>\d+)_s(?<performer>\d+)_e(?<take>\d+)". Known groups: category,
// performer, take, choreography, music, view, setup. The matched part is the take's key, so
// a01_s01_e01_skeleton3D and d_a01_s01_e01_sdepth belong together.
class NamePattern {
public:
    // A preset by name (msr, cmu, hdm05, aist) or an expression. Throws std::invalid_argument
    // that says what is wrong with it.
    explicit NamePattern(const std::string& preset_or_expression);

    // nullopt when the name does not fit.
    [[nodiscard]] std::optional<NameFacts> facts(const std::string& name) const;

    static std::vector<std::pair<std::string, std::string>> presets();

private:
    std::regex expression_;
    std::vector<std::string> groups_;  // in the order of the parentheses, "" where unnamed
};

// Without a pattern the name itself is the key, less the words that tell streams of one take
// apart: walk_skeleton3D, walk_depth and walk.keypoints are "walk".
NameFacts facts_without_pattern(const std::string& name);

}  // namespace annotator
