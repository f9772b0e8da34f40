#include "storage/skeleton/sleap_layout.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>

#include "storage/read_error.h"

namespace storage {

namespace {

using nlohmann::json;

constexpr std::size_t most_nodes = 1000;
constexpr int body_edge = 1;

// Edges have a type that Python's pickle wrote: in full where it first occurs, later by the number of that place.
class EdgeTypes {
public:
    // Nothing where it is not to be told.
    std::optional<int> type_of(const json& link) {
        const json& type = link.at("type");
        if (const auto known = type.find("py/id"); known != type.end()) {
            const auto place = known->get<std::size_t>();
            return place >= 1 && place <= seen_.size() ? std::optional(seen_[place - 1]) : std::nullopt;
        }
        seen_.push_back(type.at("py/reduce").at(1).at("py/tuple").at(0).get<int>());
        return seen_.back();
    }

private:
    std::vector<int> seen_;
};

struct Edge {
    std::size_t from, to;
};

// The first edge that leads to a node says what it hangs from, unless that closes a ring; what then
// still hangs from nothing hangs from the first such node.
std::vector<int> parents_from(std::size_t nodes, const std::vector<Edge>& edges) {
    std::vector<int> parents(nodes, -1);
    const auto is_above = [&](std::size_t upper, std::size_t lower) {
        for (int at = static_cast<int>(lower); at != -1; at = parents[static_cast<std::size_t>(at)])
            if (at == static_cast<int>(upper)) return true;
        return false;
    };
    for (const auto& [from, to] : edges)
        if (parents[to] == -1 && !is_above(to, from)) parents[to] = static_cast<int>(from);
    const auto root = std::ranges::find(parents, -1) - parents.begin();
    for (std::size_t node = 0; node < nodes; ++node)
        if (parents[node] == -1 && static_cast<std::ptrdiff_t>(node) != root) parents[node] = static_cast<int>(root);
    return parents;
}

LayoutPtr layout_with_joints(const std::vector<std::string>& names) {
    const std::set<std::string> wanted(names.begin(), names.end());
    for (const LayoutPtr& known : all_layouts())
        if (std::set<std::string>(known->joints.begin(), known->joints.end()) == wanted) return known;
    return nullptr;
}

SleapSkeleton skeleton_from(const json& metadata) {
    const json& all_nodes = metadata.at("nodes");
    const json& skeleton = metadata.at("skeletons").at(0);
    const json& nodes = skeleton.at("nodes");
    if (nodes.empty() || nodes.size() > most_nodes) throw std::length_error("nodes");

    std::vector<std::string> names;
    std::map<std::size_t, std::size_t> place_of;  // of a node of the file in the skeleton
    for (const json& node : nodes) {
        const auto id = node.at("id").get<std::size_t>();
        place_of.emplace(id, names.size());
        names.push_back(all_nodes.at(id).at("name").get<std::string>());
    }
    if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) throw std::length_error("names");

    SleapSkeleton found;
    found.layout = layout_with_joints(names);
    if (!found.layout) {
        EdgeTypes types;
        std::vector<Edge> edges;
        for (const json& link : skeleton.at("links"))
            if (types.type_of(link) == body_edge)
                edges.push_back({place_of.at(link.at("source").get<std::size_t>()),
                                 place_of.at(link.at("target").get<std::size_t>())});
        found.layout = layout_from_file("sleap", names, parents_from(names.size(), edges));
    }
    for (const std::string& name : names)
        found.joint_of_node.push_back(static_cast<std::size_t>(*found.layout->joint_named(name)));
    return found;
}

}  // namespace

SleapSkeleton sleap_skeleton(const std::string& file_name, const std::string& metadata_json) {
    try {
        return skeleton_from(json::parse(metadata_json));
    } catch (const std::exception&) {
        throw ReadError(file_name + ": its metadata is not SLEAP's: expected JSON that names the nodes of a skeleton.");
    }
}

}  // namespace storage
