#include "storage/export/split_groups.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace storage {
namespace {

class UnionFind {
public:
    explicit UnionFind(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }

    std::size_t root(std::size_t item) {
        while (parent_[item] != item) item = parent_[item] = parent_[parent_[item]];
        return item;
    }
    void unite(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }

private:
    std::vector<std::size_t> parent_;
};

}  // namespace

std::vector<ItemGroup> united_groups(std::span<const SplitItem> items, const std::vector<std::string>& keys) {
    UnionFind sets(items.size());
    std::map<SplitGroup, std::size_t> first_bearer;
    for (std::size_t i = 0; i < items.size(); ++i)
        for (const SplitGroup& group : items[i].groups)
            if (!group.value.empty() && std::find(keys.begin(), keys.end(), group.key) != keys.end())
                sets.unite(i, first_bearer.try_emplace(group, i).first->second);

    std::vector<std::size_t> by_name(items.size());
    std::iota(by_name.begin(), by_name.end(), std::size_t{0});
    std::sort(by_name.begin(), by_name.end(),
              [&](std::size_t a, std::size_t b) { return items[a].name < items[b].name; });
    std::vector<ItemGroup> groups;
    std::map<std::size_t, std::size_t> group_of_root;
    for (const std::size_t item : by_name) {
        const auto [entry, fresh] = group_of_root.try_emplace(sets.root(item), groups.size());
        if (fresh) groups.push_back({items[item].name, {}});
        groups[entry->second].items.push_back(item);
    }
    return groups;
}

}  // namespace storage
