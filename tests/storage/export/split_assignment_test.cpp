#include "storage/export/split_assignment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <stdexcept>

using namespace storage;
using schemas::Subset;

namespace {

SplitItem item(std::int64_t id, const std::string& performer, double weight = 1, const std::string& category = "") {
    SplitItem made{schemas::ClipId{id}, "clip " + std::to_string(id), {{"performer", performer}}, {}, weight};
    if (!category.empty()) made.strata = {{"category", category, weight}};
    return made;
}

std::vector<SplitItem> random_items(unsigned seed, int clips) {
    std::mt19937 random(seed);
    std::vector<SplitItem> items;
    for (int i = 0; i < clips; ++i) {
        SplitItem made = item(i + 1, "p" + std::to_string(random() % 12), static_cast<double>(20 + random() % 200),
                              "c" + std::to_string(random() % 5));
        made.groups.push_back({"music", random() % 2 == 0 ? "" : "m" + std::to_string(random() % 40)});
        if (random() % 10 == 0) made.groups.push_back({"performer", "p" + std::to_string(random() % 12)});
        items.push_back(made);
    }
    return items;
}

std::map<std::pair<std::int64_t, schemas::ClipId>, Subset> table_of(const SplitAssignment& assignment) {
    std::map<std::pair<std::int64_t, schemas::ClipId>, Subset> table;
    for (const schemas::SplitMember& member : assignment.members) table[{member.fold, member.clip}] = member.subset;
    return table;
}

SplitOptions options_for(const std::string& scheme, std::vector<std::string> groups = {}, std::uint64_t seed = 0) {
    SplitOptions options;
    options.scheme = scheme;
    options.group_keys = std::move(groups);
    options.stratify_keys = {"category"};
    options.seed = seed;
    return options;
}

}  // namespace

TEST_CASE("no group straddles two subsets, whatever the clips, keys, scheme and seed") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        const std::vector<SplitItem> items = random_items(seed, 10 + static_cast<int>(seed) * 3);
        for (const char* scheme : {"60/20/20", "70/10/20", "kfold:2", "cross-subject"})
            for (const std::vector<std::string>& keys : {std::vector<std::string>{"performer"}, {"music"}, {}}) {
                std::vector<std::string> grouped = keys;
                if (std::string(scheme) == "cross-subject") grouped.push_back("performer");
                try {
                    const SplitAssignment assignment = assign_split(items, options_for(scheme, keys, seed));
                    CHECK(leaks(items, assignment.members, grouped).empty());
                    std::set<std::int64_t> folds;
                    for (const auto& member : assignment.members) folds.insert(member.fold);
                    CHECK(assignment.members.size() == folds.size() * items.size());
                } catch (const std::invalid_argument&) {
                    // Everything was united into too few groups.
                    CHECK((std::string(scheme) == "kfold:2" || std::string(scheme) == "cross-subject"));
                }
            }
    }
}

TEST_CASE("ungrouped clips come within one clip of their shares, and labels within two") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const std::vector<SplitItem> items = random_items(seed, 200);
        for (const char* scheme : {"60/20/20", "70/10/20", "kfold:5"}) {
            const SplitAssignment assignment = assign_split(items, options_for(scheme, {}, seed));
            CHECK(assignment.worst_size_deviation < 1.0 / 200);
            CHECK(assignment.worst_stratum_deviation < 2.0 / 40);
            CHECK(assignment.warnings.empty());
        }
    }
}

TEST_CASE("the same clips in any order, options and seed give the same split; another seed another one") {
    std::vector<SplitItem> items = random_items(1, 150);
    const auto first = table_of(assign_split(items, options_for("60/20/20", {"performer"}, 7)));
    const auto free_one = table_of(assign_split(items, options_for("60/20/20", {}, 7)));
    const auto free_two = table_of(assign_split(items, options_for("60/20/20", {}, 8)));
    std::mt19937 random(3);
    std::shuffle(items.begin(), items.end(), random);
    CHECK(table_of(assign_split(items, options_for("60/20/20", {"performer"}, 7))) == first);
    CHECK(free_one != free_two);
}

TEST_CASE("every clip is tested in exactly one fold, and the rest parts 7 to 1") {
    const std::vector<SplitItem> items = random_items(5, 400);
    const SplitAssignment assignment = assign_split(items, options_for("kfold:5"));
    std::map<schemas::ClipId, int> tested;
    for (const auto& member : assignment.members) tested[member.clip] += member.subset == Subset::test ? 1 : 0;
    CHECK(std::all_of(tested.begin(), tested.end(), [](const auto& entry) { return entry.second == 1; }));
    for (const SubsetShare& share : assignment.shares) {
        const double target = share.subset == Subset::test ? 0.2 : share.subset == Subset::train ? 0.7 : 0.1;
        CHECK(share.target == doctest::Approx(target));
        CHECK(std::abs(share.reached - target) < 0.005);
    }
}

TEST_CASE("cross-subject without names leaves out one performer after another") {
    std::vector<SplitItem> items;
    for (std::int64_t i = 0; i < 20; ++i) items.push_back(item(i + 1, "p" + std::to_string(i % 5)));
    const SplitAssignment assignment = assign_split(items, options_for("cross-subject"));
    for (const auto& member : assignment.members)
        CHECK((member.subset == Subset::test) == ((static_cast<std::int64_t>(member.clip) - 1) % 5 == member.fold));
}

TEST_CASE("cross-subject tests on the performers that are named, and on those they dance with") {
    std::vector<SplitItem> items{item(1, "Ana"), item(2, "Li"), item(3, "Max"), item(4, "Li")};
    items[3].groups.push_back({"performer", "Ana"});
    SplitOptions options = options_for("cross-subject");
    options.test_performers = {"Ana"};
    const SplitAssignment assignment = assign_split(items, options);
    for (const auto& member : assignment.members)
        CHECK((member.subset == Subset::test) == (member.clip != schemas::ClipId{3}));
    CHECK(assignment.warnings.front() == "performers who share clips or groups stay together: Ana, Li");
    options.test_performers = {"Eve"};
    CHECK_THROWS_WITH_AS(assign_split(items, options), "split: no clip has performer 'Eve'", std::invalid_argument);
}

TEST_CASE("three groups fill three subsets, and two cannot, which is said") {
    const std::vector<SplitItem> three{item(1, "a", 100), item(2, "b", 1), item(3, "c", 1)};
    std::set<Subset> used;
    for (const auto& member : assign_split(three, options_for("60/20/20", {"performer"})).members)
        used.insert(member.subset);
    CHECK(used.size() == 3);
    const SplitAssignment two =
        assign_split(std::vector(three.begin(), three.begin() + 2), options_for("60/20/20", {"performer"}));
    CHECK(two.warnings.size() == 1);
    CHECK(two.warnings[0].find("is empty: there are too few groups (2)") != std::string::npos);
}

TEST_CASE("a subset of share zero stays empty") {
    const std::vector<SplitItem> items = random_items(2, 50);
    for (const auto& member : assign_split(items, options_for("80/0/20")).members)
        CHECK(member.subset != Subset::validation);
}

TEST_CASE("clips without any weight are still assigned") {
    std::vector<SplitItem> items = random_items(2, 10);
    for (SplitItem& made : items) made.weight = 0;
    CHECK(assign_split(items, options_for("60/20/20")).members.size() == 10);
}

TEST_CASE("what cannot be split says why") {
    const std::vector<SplitItem> items = random_items(2, 10);
    for (const char* scheme : {"", "60", "60/40", "60/20/20/0", "-1/1/1", "0/0/0", "a/b/c", "kfold:1",
                               "kfold:", "kfold:x", "nan/1/1", "1e308/1e308/1e308", "60/20/20 "})
        CHECK_THROWS_WITH_AS(assign_split(items, options_for(scheme)),
                             doctest::Contains("; write shares like 60/20/20, kfold:5, or cross-subject"),
                             std::invalid_argument);
    CHECK_THROWS_AS(assign_split({}, options_for("60/20/20")), std::invalid_argument);
    CHECK_THROWS_WITH_AS(assign_split(items, options_for("kfold:11")),
                         "split: 10 groups do not fill 11 folds; use fewer folds or group by less",
                         std::invalid_argument);
    CHECK_THROWS_AS(assign_split(std::vector{items[0], items[0]}, options_for("60/20/20")), std::invalid_argument);
    std::vector<SplitItem> heavy = items;
    heavy[0].weight = std::nan("");
    CHECK_THROWS_AS(assign_split(heavy, options_for("60/20/20")), std::invalid_argument);
    CHECK_THROWS_AS(assign_split(std::vector{item(1, "Ana"), item(2, "Ana")}, options_for("cross-subject")),
                    std::invalid_argument);
}

TEST_CASE("a leak names the fold, the key, the value and the subsets") {
    const std::vector<SplitItem> items{item(1, "Ana"), item(2, "Ana")};
    const std::vector<schemas::SplitMember> members{{schemas::ClipId{1}, 2, Subset::train},
                                                    {schemas::ClipId{2}, 2, Subset::test},
                                                    {schemas::ClipId{2}, 3, Subset::train}};
    CHECK(leaks(items, members, {"performer"}) ==
          std::vector<Leak>{{2, "performer", "Ana", {Subset::train, Subset::test}}});
    CHECK(leaks(items, members, {"music"}).empty());
    CHECK(leaks(items, std::vector<schemas::SplitMember>{members[1], {schemas::ClipId{2}, 2, Subset::train}}, {})
              .front()
              .key == "clip");
}

TEST_CASE("smaller budgets lie within larger ones, keep to their share and meet every label") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const std::vector<SplitItem> items = random_items(seed, 300);
        const std::vector<double> budgets{0.2, 0.05, 0.1, 1, 0};
        const auto masks = nested_masks(items, budgets, seed);
        double total = 0;
        for (const SplitItem& one : items) total += one.weight;
        for (std::size_t a = 0; a < budgets.size(); ++a) {
            const std::set<schemas::ClipId> larger(masks[a].begin(), masks[a].end());
            double weight = 0;
            std::set<std::string> labels;
            for (const SplitItem& one : items)
                if (larger.contains(one.clip)) {
                    weight += one.weight;
                    labels.insert(one.strata[0].value);
                }
            CHECK(weight <= budgets[a] * total * 1.0001);
            CHECK(weight >= budgets[a] * total - 220);
            CHECK(labels.size() == (budgets[a] > 0 ? 5 : 0));
            for (std::size_t b = 0; b < budgets.size(); ++b)
                if (budgets[b] <= budgets[a])
                    CHECK(std::all_of(masks[b].begin(), masks[b].end(),
                                      [&](schemas::ClipId clip) { return larger.contains(clip); }));
        }
    }
}

TEST_CASE("a positive budget has at least one clip, and a budget beyond one is refused") {
    const std::vector<SplitItem> items{item(1, "a", 100), item(2, "b", 100)};
    CHECK(nested_masks(items, std::vector{0.01}, 0)[0].size() == 1);
    CHECK(nested_masks({}, std::vector{0.5}, 0)[0].empty());
    CHECK_THROWS_AS(nested_masks(items, std::vector{1.1}, 0), std::invalid_argument);
    CHECK_THROWS_AS(nested_masks(items, std::vector{std::nan("")}, 0), std::invalid_argument);
}

TEST_CASE("ten thousand clips are split as evenly as a few") {
    const std::vector<SplitItem> items = random_items(9, 10'000);
    CHECK(assign_split(items, options_for("kfold:5")).worst_size_deviation < 0.001);
}
