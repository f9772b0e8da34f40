#include "storage/export/split_assignment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

#include "storage/export/split_groups.h"
#include "storage/export/split_search.h"
#include "storage/hash.h"
#include "storage/text_file.h"

namespace storage {
namespace {

using schemas::Subset;

constexpr std::array<Subset, 3> subsets{Subset::train, Subset::validation, Subset::test};
constexpr const char* performer_key = "performer";

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument("split: " + what); }

std::string tie_of(std::uint64_t seed, const std::string& name) {
    return sha256_of(std::to_string(seed) + "\n" + name);
}

std::vector<std::string> group_keys_of(const SplitOptions& options, const SplitScheme& scheme) {
    std::vector<std::string> keys = options.group_keys;
    if (std::holds_alternative<CrossSubjectScheme>(scheme)) keys.emplace_back(performer_key);
    return keys;
}

void require_usable(std::span<const SplitItem> items, const SplitOptions& options) {
    if (items.empty()) refuse("there are no clips to assign");
    if (!(options.validation_share >= 0 && options.validation_share < 1))
        refuse("the validation share must lie between 0 and 1");
    std::set<std::string> names;
    for (const SplitItem& item : items) {
        if (!names.insert(item.name).second) refuse("two clips are called " + in_quotes(item.name));
        if (!std::isfinite(item.weight) || item.weight < 0)
            refuse("clip " + in_quotes(item.name) + " has no valid weight");
        for (const Stratum& stratum : item.strata)
            if (!std::isfinite(stratum.weight) || stratum.weight < 0)
                refuse("clip " + in_quotes(item.name) + ": stratum " + in_quotes(stratum.value) +
                       " has no valid weight");
    }
}

class Assigner {
public:
    Assigner(std::span<const SplitItem> items, const SplitOptions& options, const SplitScheme& scheme)
        : items_(items), options_(options), groups_(united_groups(items, group_keys_of(options, scheme))) {
        result_.groups = static_cast<std::int64_t>(groups_.size());
        for (const SplitItem& item : items) total_ += item.weight;
    }

    void assign(const RatioScheme& ratio) {
        const std::vector<double> targets{ratio.train, ratio.validation, ratio.test};
        const std::vector<std::size_t> bins = parts(all_groups(), targets);
        std::vector<Subset> of_group(groups_.size());
        for (std::size_t g = 0; g < bins.size(); ++g) of_group[g] = subsets[bins[g]];
        finish_fold(0, of_group, targets);
    }

    void assign(const KFoldScheme& scheme) {
        const auto folds = static_cast<std::size_t>(scheme.folds);
        if (groups_.size() < folds)
            refuse(std::to_string(groups_.size()) + " groups do not fill " + std::to_string(folds) +
                   " folds; use fewer folds or group by less");
        const double share = 1 / static_cast<double>(folds);
        const std::vector<std::size_t> fold_of = parts(all_groups(), std::vector<double>(folds, share));
        for (std::size_t fold = 0; fold < folds; ++fold) {
            std::vector<bool> tests(groups_.size());
            for (std::size_t g = 0; g < tests.size(); ++g) tests[g] = fold_of[g] == fold;
            assign_around(static_cast<std::int64_t>(fold), tests, share);
        }
    }

    void assign(const CrossSubjectScheme&) {
        std::vector<std::set<std::string>> performers(groups_.size());
        for (std::size_t g = 0; g < groups_.size(); ++g) performers[g] = performers_of(groups_[g]);
        if (!options_.test_performers.empty()) return test_on(performers);
        std::vector<std::size_t> order;
        for (std::size_t g = 0; g < groups_.size(); ++g)
            if (!performers[g].empty()) order.push_back(g);
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return performers[a] < performers[b]; });
        if (order.size() < 2) refuse("cross-subject needs two performers who never dance together; there are fewer");
        for (std::size_t fold = 0; fold < order.size(); ++fold) {
            std::vector<bool> tests(groups_.size());
            tests[order[fold]] = true;
            warn_about_company(performers[order[fold]]);
            assign_around(static_cast<std::int64_t>(fold), tests, std::nullopt);
        }
    }

    SplitAssignment take() { return std::move(result_); }

private:
    std::vector<std::size_t> all_groups() const {
        std::vector<std::size_t> all(groups_.size());
        for (std::size_t g = 0; g < all.size(); ++g) all[g] = g;
        return all;
    }

    std::set<std::string> performers_of(const ItemGroup& group) const {
        std::set<std::string> performers;
        for (const std::size_t item : group.items)
            for (const SplitGroup& value : items_[item].groups)
                if (value.key == performer_key && !value.value.empty()) performers.insert(value.value);
        return performers;
    }

    void warn_about_company(const std::set<std::string>& performers) {
        if (performers.size() < 2) return;
        std::string names;
        for (const std::string& performer : performers) names += (names.empty() ? "" : ", ") + performer;
        result_.warnings.push_back("performers who share clips or groups stay together: " + names);
    }

    void test_on(const std::vector<std::set<std::string>>& performers) {
        std::set<std::string> unknown(options_.test_performers.begin(), options_.test_performers.end());
        std::vector<bool> tests(groups_.size());
        for (std::size_t g = 0; g < groups_.size(); ++g)
            for (const std::string& name : options_.test_performers)
                if (performers[g].contains(name)) {
                    tests[g] = true;
                    unknown.erase(name);
                }
        if (!unknown.empty()) refuse("no clip has performer " + in_quotes(*unknown.begin()));
        if (std::find(tests.begin(), tests.end(), false) == tests.end())
            refuse("every clip is joined to a test performer, so nothing is left to train on");
        for (std::size_t g = 0; g < groups_.size(); ++g)
            if (tests[g]) warn_about_company(performers[g]);
        assign_around(0, tests, std::nullopt);
    }

    double weight_of(const ItemGroup& group) const {
        double weight = 0;
        for (const std::size_t item : group.items) weight += items_[item].weight;
        return weight;
    }

    // The bin of each of the chosen groups.
    std::vector<std::size_t> parts(const std::vector<std::size_t>& chosen, const std::vector<double>& targets) const {
        std::map<SplitGroup, std::size_t> index;
        std::vector<double> totals;
        std::vector<SplitUnit> units;
        double whole = 0;
        for (const std::size_t g : chosen) {
            SplitUnit unit{weight_of(groups_[g]), {}, tie_of(options_.seed, groups_[g].name)};
            whole += unit.share;
            std::map<std::size_t, double> strata;
            for (const std::size_t item : groups_[g].items)
                for (const Stratum& stratum : items_[item].strata) {
                    if (!is_stratified(stratum)) continue;
                    const std::size_t s = index.try_emplace({stratum.key, stratum.value}, totals.size()).first->second;
                    if (s == totals.size()) totals.push_back(0);
                    totals[s] += stratum.weight;
                    strata[s] += stratum.weight;
                }
            unit.strata.assign(strata.begin(), strata.end());
            units.push_back(std::move(unit));
        }
        for (SplitUnit& unit : units) {
            unit.share = whole > 0 ? unit.share / whole : 1 / static_cast<double>(units.size());
            for (auto& [s, share] : unit.strata) share = totals[s] > 0 ? share / totals[s] : 0;
        }
        return distribute(units, totals.size(), targets, options_.seed);
    }

    bool is_stratified(const Stratum& stratum) const {
        return std::find(options_.stratify_keys.begin(), options_.stratify_keys.end(), stratum.key) !=
               options_.stratify_keys.end();
    }

    // Tests on the groups that are given and parts the rest into train and validation. Without a
    // target share, the test subset's own size is the target.
    void assign_around(std::int64_t fold, const std::vector<bool>& tests, std::optional<double> test_target) {
        std::vector<std::size_t> rest;
        double tested = 0;
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            if (!tests[g]) rest.push_back(g);
            if (tests[g]) tested += weight_of(groups_[g]);
        }
        const double share = rest.size() > 1 ? options_.validation_share : 0;
        if (share < options_.validation_share)
            result_.warnings.push_back("fold " + std::to_string(fold) +
                                       ": only one group is left to train on, so there is no validation");
        const std::vector<std::size_t> bins = parts(rest, {1 - share, share});
        std::vector<Subset> of_group(groups_.size(), Subset::test);
        for (std::size_t i = 0; i < rest.size(); ++i)
            of_group[rest[i]] = bins[i] == 0 ? Subset::train : Subset::validation;
        const double test = test_target.value_or(total_ > 0 ? tested / total_ : 0);
        finish_fold(fold, of_group, {(1 - test) * (1 - share), (1 - test) * share, test});
    }

    void finish_fold(std::int64_t fold, const std::vector<Subset>& of_group, const std::vector<double>& targets) {
        std::vector<Subset> of_item(items_.size());
        for (std::size_t g = 0; g < groups_.size(); ++g)
            for (const std::size_t item : groups_[g].items) of_item[item] = of_group[g];
        for (std::size_t i = 0; i < items_.size(); ++i) result_.members.push_back({items_[i].clip, fold, of_item[i]});
        for (std::size_t s = 0; s < subsets.size(); ++s) add_share(fold, subsets[s], of_item, targets[s]);
        note_strata(fold, of_item, targets);
    }

    void add_share(std::int64_t fold, Subset subset, const std::vector<Subset>& of_item, double target) {
        SubsetShare share{fold, subset, 0, target, 0};
        for (std::size_t i = 0; i < items_.size(); ++i)
            if (of_item[i] == subset) {
                ++share.clips;
                share.reached += items_[i].weight;
            }
        share.reached = total_ > 0 ? share.reached / total_ : 0;
        if (target > 0 && share.clips == 0)
            result_.warnings.push_back("fold " + std::to_string(fold) + ": " + std::string(schemas::to_text(subset)) +
                                       " is empty: there are too few groups (" + std::to_string(groups_.size()) + ")");
        result_.worst_size_deviation = std::max(result_.worst_size_deviation, std::abs(share.reached - target));
        result_.shares.push_back(share);
    }

    void note_strata(std::int64_t fold, const std::vector<Subset>& of_item, const std::vector<double>& targets) {
        std::map<SplitGroup, std::array<double, 3>> strata;
        for (std::size_t i = 0; i < items_.size(); ++i)
            for (const Stratum& stratum : items_[i].strata)
                if (is_stratified(stratum))
                    strata[{stratum.key, stratum.value}][static_cast<std::size_t>(of_item[i])] += stratum.weight;
        for (const auto& [stratum, weights] : strata) {
            const double whole = weights[0] + weights[1] + weights[2];
            if (!(whole > 0)) continue;
            for (std::size_t s = 0; s < subsets.size(); ++s) {
                const double deviation = std::abs(weights[s] / whole - targets[s]);
                if (deviation <= result_.worst_stratum_deviation) continue;
                result_.worst_stratum_deviation = deviation;
                result_.worst_stratum = stratum.key + " " + stratum.value + ", fold " + std::to_string(fold) + ", " +
                                        std::string(schemas::to_text(subsets[s]));
            }
        }
    }

    std::span<const SplitItem> items_;
    const SplitOptions& options_;
    std::vector<ItemGroup> groups_;
    double total_ = 0;
    SplitAssignment result_;
};

}  // namespace

SplitAssignment assign_split(std::span<const SplitItem> items, const SplitOptions& options) {
    require_usable(items, options);
    const SplitScheme scheme = split_scheme_from(options.scheme);
    Assigner assigner(items, options, scheme);
    std::visit([&](const auto& chosen) { assigner.assign(chosen); }, scheme);
    return assigner.take();
}

std::vector<Leak> leaks(std::span<const SplitItem> items, std::span<const schemas::SplitMember> members,
                        const std::vector<std::string>& group_keys) {
    std::map<schemas::ClipId, const SplitItem*> item_of;
    for (const SplitItem& item : items) item_of.emplace(item.clip, &item);
    std::map<std::pair<std::int64_t, SplitGroup>, std::set<Subset>> seen;
    for (const schemas::SplitMember& member : members) {
        const auto item = item_of.find(member.clip);
        if (item == item_of.end()) continue;
        seen[{member.fold, {"clip", item->second->name}}].insert(member.subset);
        for (const SplitGroup& group : item->second->groups)
            if (!group.value.empty() && std::find(group_keys.begin(), group_keys.end(), group.key) != group_keys.end())
                seen[{member.fold, group}].insert(member.subset);
    }
    std::vector<Leak> found;
    for (const auto& [place, in] : seen)
        if (in.size() > 1) found.push_back({place.first, place.second.key, place.second.value, {in.begin(), in.end()}});
    return found;
}

SplitScheme split_scheme_from(const std::string& text) {
    const std::string forms = "; write shares like 60/20/20, kfold:5, or cross-subject";
    if (text == "cross-subject") return CrossSubjectScheme{};
    if (text.starts_with("kfold:")) {
        const std::optional<std::int64_t> folds = integer_from(std::string_view(text).substr(6));
        if (!folds || *folds < 2) refuse("scheme " + in_quotes(text) + ": expected at least 2 folds" + forms);
        return KFoldScheme{*folds};
    }
    std::vector<double> shares;
    for (std::string_view rest = text;;) {
        const std::size_t slash = rest.find('/');
        const std::optional<double> share = decimal_from(rest.substr(0, slash));
        if (!share || *share < 0) refuse("scheme " + in_quotes(text) + " is not known" + forms);
        shares.push_back(*share);
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    if (shares.size() != 3)
        refuse("scheme " + in_quotes(text) + ": expected three shares, of train, validation and test" + forms);
    const double sum = shares[0] + shares[1] + shares[2];
    if (!(sum > 0) || !std::isfinite(sum))
        refuse("scheme " + in_quotes(text) + ": the shares must not all be zero" + forms);
    return RatioScheme{shares[0] / sum, shares[1] / sum, shares[2] / sum};
}

}  // namespace storage
