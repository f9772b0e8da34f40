#include "storage/skeleton/joint_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "storage/media/file_probe.h"
#include "storage/skeleton/joint_rules.h"

namespace storage {

namespace {

struct Swap {
    std::string_view left, right;
};
constexpr std::array<Swap, 3> words = {{{"Left", "Right"}, {"left", "right"}, {"LEFT", "RIGHT"}}};
constexpr std::array<Swap, 2> letters = {{{"l", "r"}, {"L", "R"}}};

// "LeftUpLeg", "L_UpLeg", "mixamorig:upleg.l": side "left", base "upleg".
struct SidedName {
    std::string_view side;
    std::string base;
};

std::string letters_and_digits(std::string_view name) {
    const std::size_t colon = name.rfind(':');
    if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
    std::string kept = lower_case(name);
    std::erase_if(kept, [](char c) { return !(('a' <= c && c <= 'z') || ('0' <= c && c <= '9')); });
    return kept;
}

// Every way in which a side may be read out of a name, the surest first.
std::vector<SidedName> sided_names(const std::string& plain) {
    std::vector<SidedName> readings;
    for (const auto& [mark, side] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
             {"left", "left"}, {"right", "right"}, {"l", "left"}, {"r", "right"}}) {
        if (plain.starts_with(mark)) readings.push_back({side, plain.substr(mark.size())});
        if (plain.ends_with(mark)) readings.push_back({side, plain.substr(0, plain.size() - mark.size())});
    }
    // An End Site carries its parent's name: "toe.l_end".
    if (plain.ends_with("lend")) readings.push_back({"left", plain.substr(0, plain.size() - 4) + "end"});
    if (plain.ends_with("rend")) readings.push_back({"right", plain.substr(0, plain.size() - 4) + "end"});
    return readings;
}

// Gives `shared` to the first joint that bears one of the names and has none yet.
template <class Matches>
void give(std::vector<std::string>& names, const std::string& shared, const std::vector<std::string>& synonyms,
          Matches matches) {
    for (const std::string& synonym : synonyms)
        for (std::size_t joint = 0; joint < names.size(); ++joint)
            if (names[joint].empty() && matches(joint, synonym)) {
                names[joint] = shared;
                return;
            }
}

std::optional<std::string> right_name(const std::string& name, const std::set<std::string>& known) {
    for (const auto& [left, right] : words)
        if (const std::size_t at = name.find(left); at != std::string::npos) {
            const std::string other = std::string(name).replace(at, left.size(), right);
            if (known.contains(other)) return other;
        }
    const std::size_t suffix = name.ends_with("_end") ? name.size() - 4 : name.size();
    for (const auto& [left, right] : letters)
        for (const std::size_t at : {std::size_t{0}, name.rfind(':') + 1, suffix - 1})
            if (at < name.size() && name.substr(at, 1) == left) {
                const std::string other = std::string(name).replace(at, 1, right);
                if (known.contains(other)) return other;
            }
    return std::nullopt;
}

std::uint64_t fnv1a(const std::vector<std::string>& joints, const std::vector<int>& parents) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (std::size_t joint = 0; joint < joints.size(); ++joint)
        for (const char c : joints[joint] + '\n' + std::to_string(parents[joint]) + '\n')
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return hash;
}

int common_ancestor(const std::vector<int>& parents, int a, int b) {
    std::set<int> above;
    for (; a != -1; a = parents[static_cast<std::size_t>(a)]) above.insert(a);
    while (!above.contains(b)) b = parents[static_cast<std::size_t>(b)];
    return b;
}

}  // namespace

std::vector<std::string> shared_names(const std::vector<std::string>& joints) {
    std::vector<std::string> plain, names(joints.size());
    std::vector<std::vector<SidedName>> sided;
    for (const std::string& joint : joints) {
        plain.push_back(letters_and_digits(joint));
        sided.push_back(sided_names(plain.back()));
    }
    for (const auto& [shared, synonyms] : joint_rules().middle_names)
        give(names, shared, synonyms,
             [&](std::size_t joint, const std::string& synonym) { return plain[joint] == synonym; });
    for (const auto& [shared, synonyms] : joint_rules().side_names)
        for (const std::string side : {"left", "right"})
            give(names, side + "_" + shared, synonyms, [&](std::size_t joint, const std::string& synonym) {
                return std::ranges::any_of(sided[joint], [&](const SidedName& reading) {
                    return reading.side == side && reading.base == synonym;
                });
            });
    return names;
}

std::vector<std::pair<int, int>> left_right_pairs(const std::vector<std::string>& joints) {
    const std::set<std::string> known(joints.begin(), joints.end());
    std::vector<std::pair<int, int>> pairs;
    for (std::size_t joint = 0; joint < joints.size(); ++joint)
        if (const std::optional<std::string> other = right_name(joints[joint], known))
            pairs.emplace_back(static_cast<int>(joint),
                               static_cast<int>(std::ranges::find(joints, *other) - joints.begin()));
    return pairs;
}

schemas::SkeletonLayout described_layout(std::string_view kind, std::vector<std::string> joints,
                                         std::vector<int> parents, const std::vector<std::string>& shared) {
    const int root = static_cast<int>(std::ranges::find(parents, -1) - parents.begin());
    const auto find = [&](std::initializer_list<std::string_view> names) -> std::optional<int> {
        for (const std::string_view name : names)
            if (const auto found = std::ranges::find(shared, name); found != shared.end())
                return static_cast<int>(found - shared.begin());
        return std::nullopt;
    };
    std::array<char, 17> hash{};
    std::snprintf(hash.data(), hash.size(), "%016llx", static_cast<unsigned long long>(fnv1a(joints, parents)));

    schemas::SkeletonLayout layout;
    layout.name = std::string(kind) + ":" + hash.data();
    layout.pairs = left_right_pairs(joints);
    layout.centre = find({"pelvis"}).value_or(root);
    layout.left_shoulder = find({"left_shoulder", "left_collar", "left_elbow"}).value_or(root);
    layout.right_shoulder = find({"right_shoulder", "right_collar", "right_elbow"}).value_or(root);
    layout.neck = find({"neck", "shoulder_centre"})
                      .value_or(common_ancestor(parents, layout.left_shoulder, layout.right_shoulder));
    layout.joints = std::move(joints);
    layout.parents = std::move(parents);
    return layout;
}

}  // namespace storage
