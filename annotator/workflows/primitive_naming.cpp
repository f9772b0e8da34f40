#include "annotator/workflows/primitive_naming.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <stdexcept>

namespace annotator {

namespace {

std::string number_of(int primitive) { return std::to_string(primitive); }

void require_primitive(const PrimitiveNaming& naming, int primitive) {
    if (primitive < 0 || primitive >= naming.size())
        throw std::invalid_argument("there is no primitive " + number_of(primitive) + "; this model has 0 to " +
                                    number_of(naming.size() - 1));
    if (const auto into = naming.primitives[static_cast<std::size_t>(primitive)].merged_into)
        throw std::invalid_argument("primitive " + number_of(primitive) + " is merged into " + number_of(*into) +
                                    "; name that one, or undo the merge");
}

// Steps that stand, oldest first.
std::vector<std::size_t> standing(const std::vector<NamingChange>& history) {
    std::vector<std::size_t> steps;
    for (std::size_t i = 0; i < history.size(); ++i) {
        if (history[i].kind == NamingChange::Kind::change)
            steps.push_back(i);
        else if (!steps.empty())
            steps.pop_back();
    }
    return steps;
}

int count_of(const PrimitiveNaming& naming, int primitive, int unit) {
    return naming.counts[static_cast<std::size_t>(primitive) * naming.units.size() + static_cast<std::size_t>(unit)];
}

}  // namespace

std::vector<PrimitiveGroup> groups_of(const PrimitiveNaming& naming) {
    const double all = std::accumulate(naming.appearances.begin(), naming.appearances.end(), 0.0);
    const int units = static_cast<int>(naming.units.size());
    std::vector<PrimitiveGroup> groups;
    for (int primitive = 0; primitive < naming.size(); ++primitive) {
        const NamedPrimitive& named = naming.primitives[static_cast<std::size_t>(primitive)];
        if (named.merged_into) continue;
        PrimitiveGroup group;
        group.primitive = primitive;
        group.name = named.name;
        group.by_person = named.by_person;
        for (int other = 0; other < naming.size(); ++other)
            if (naming.primitives[static_cast<std::size_t>(other)].merged_into == primitive)
                group.merged.push_back(other);
        std::vector<int> members = group.merged;
        members.push_back(primitive);
        std::vector<int> met(static_cast<std::size_t>(units));
        for (const int member : members) {
            group.appearances += naming.appearances[static_cast<std::size_t>(member)];
            for (int unit = 0; unit < units; ++unit)
                met[static_cast<std::size_t>(unit)] += count_of(naming, member, unit);
        }
        group.labelled = std::accumulate(met.begin(), met.end(), 0);
        // Together they may stand for another unit than each alone.
        group.unit = naming.unit[static_cast<std::size_t>(primitive)];
        if (!group.merged.empty() && group.labelled > 0)
            group.unit = static_cast<int>(std::ranges::max_element(met) - met.begin());
        if (group.unit >= 0 && group.labelled > 0)
            group.purity = static_cast<double>(met[static_cast<std::size_t>(group.unit)]) / group.labelled;
        group.usage = all > 0 ? group.appearances / all : 0;
        groups.push_back(std::move(group));
    }
    return groups;
}

void name_after_units(PrimitiveNaming& naming) {
    std::set<std::string> taken;
    for (const NamedPrimitive& each : naming.primitives)
        if (each.by_person) taken.insert(each.name);
    std::vector<int> order(static_cast<std::size_t>(naming.size()));
    std::iota(order.begin(), order.end(), 0);
    const auto met = [&](int primitive) {
        const int unit = naming.unit[static_cast<std::size_t>(primitive)];
        return unit < 0 ? 0 : count_of(naming, primitive, unit);
    };
    std::ranges::stable_sort(order, std::greater{}, met);
    for (const int primitive : order) {
        NamedPrimitive& named = naming.primitives[static_cast<std::size_t>(primitive)];
        if (named.by_person) continue;
        // Where each is to have a unit of its own, one may be given a unit that it never met.
        const int unit = met(primitive) > 0 ? naming.unit[static_cast<std::size_t>(primitive)] : -1;
        const std::string stem =
            unit < 0 ? "primitive " + number_of(primitive) : naming.units[static_cast<std::size_t>(unit)];
        named.name = stem;
        for (int next = 2; !taken.insert(named.name).second; ++next) named.name = stem + " " + number_of(next);
    }
}

void rename_primitive(PrimitiveNaming& naming, int primitive, const std::string& name, const Naming& by) {
    require_primitive(naming, primitive);
    if (name.find_first_not_of(" \t") == std::string::npos || name.find_first_of("\r\n") != std::string::npos)
        throw std::invalid_argument("a primitive's name is one line that is not empty");
    for (int other = 0; other < naming.size(); ++other) {
        const NamedPrimitive& named = naming.primitives[static_cast<std::size_t>(other)];
        if (other != primitive && !named.merged_into && named.name == name)
            throw std::invalid_argument("primitive " + number_of(other) + " is called '" + name +
                                        "' already; merge the two, or take another name");
    }
    NamedPrimitive& named = naming.primitives[static_cast<std::size_t>(primitive)];
    naming.history.push_back({NamingChange::Kind::change,
                              "rename " + number_of(primitive) + " from '" + named.name + "' to '" + name + "'",
                              by.author, by.time, naming.primitives});
    named.name = name;
    named.by_person = true;
}

void merge_primitives(PrimitiveNaming& naming, int into, const std::vector<int>& others, const Naming& by) {
    require_primitive(naming, into);
    if (others.empty()) throw std::invalid_argument("name what to merge into primitive " + number_of(into));
    std::string what = "merge";
    for (const int other : others) {
        require_primitive(naming, other);
        if (other == into)
            throw std::invalid_argument("primitive " + number_of(into) + " cannot be merged into itself");
        what += " " + number_of(other);
    }
    naming.history.push_back(
        {NamingChange::Kind::change, what + " into " + number_of(into), by.author, by.time, naming.primitives});
    for (int other = 0; other < naming.size(); ++other) {
        NamedPrimitive& named = naming.primitives[static_cast<std::size_t>(other)];
        const bool goes = std::ranges::find(others, named.merged_into.value_or(other)) != others.end();
        if (goes) named.merged_into = into;
    }
}

std::optional<std::string> undo_naming(PrimitiveNaming& naming, const Naming& by) {
    const auto steps = standing(naming.history);
    if (steps.empty()) return std::nullopt;
    const NamingChange& last = naming.history[steps.back()];
    std::string what = last.what;
    std::vector<NamedPrimitive> before = last.before;
    naming.history.push_back({NamingChange::Kind::undo, "undo: " + what, by.author, by.time, naming.primitives});
    naming.primitives = std::move(before);
    return what;
}

}  // namespace annotator
