#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "schemas/split.h"
#include "storage/export/dataset.h"

namespace storage {

// Something that every subset should have its share of: a label, and how much of it the clip holds.
struct Stratum {
    std::string key, value;  // "category", "rotation"
    double weight = 1;       // frames, or 1 for a trimmed clip
};

struct SplitItem {
    schemas::ClipId clip{};
    std::string name;                // unique; decides ties, so that ids may differ between copies
    std::vector<SplitGroup> groups;  // several values of a key unite their groups; an empty value is none
    std::vector<Stratum> strata;
    double weight = 1;  // frames
};

struct SplitOptions {
    // "A/B/C": shares of train, validation, test, of any sum ("60/20/20", "7/1/2").
    // "kfold:K": K folds, fold k tests on the k-th part.
    // "cross-subject": one fold that tests on `test_performers`; without them, one fold for each performer.
    std::string scheme = "60/20/20";
    std::vector<std::string> group_keys;     // "cross-subject" adds "performer"
    std::vector<std::string> stratify_keys;  // of Stratum::key
    std::vector<std::string> test_performers;
    double validation_share = 0.125;  // of what kfold and cross-subject leave for training: 7:1; 0: none
    std::uint64_t seed = 0;
};

struct SubsetShare {
    std::int64_t fold = 0;
    schemas::Subset subset = schemas::Subset::train;
    std::int64_t clips = 0;
    double target = 0, reached = 0;  // of the weight of all items

    bool operator==(const SubsetShare&) const = default;
};

struct SplitAssignment {
    std::vector<schemas::SplitMember> members;  // fold by fold, in the order of the items
    std::vector<SubsetShare> shares;            // of each fold and subset, empty ones too
    double worst_size_deviation = 0;            // greatest |reached - target| of `shares`
    double worst_stratum_deviation = 0;         // likewise of the share of one stratum
    std::string worst_stratum;                  // "category rotation, fold 0, test"
    std::int64_t groups = 0;                    // after uniting
    std::vector<std::string> warnings;          // what could not be as asked, in words
};

// Assigns every item to one subset of each fold. Items that share a value of any group key are united,
// also over third ones and over keys, and never part. Subsets come as close to their shares, and each
// stratum as evenly into them, as distribute() in split_search.h finds.
// The same items (in any order), options and seed give the same subsets. When clips are added, ties and the
// order of work stay (they are hashes of seed and names), but clips may still move, since shares are kept.
//
// Throws std::invalid_argument: no items, two of one name, a weight that is negative or not finite, an
// unknown scheme, shares that are negative or all zero, fewer groups than folds, unknown performers.
SplitAssignment assign_split(std::span<const SplitItem> items, const SplitOptions& options);

// A value of a group key that one fold has in several subsets, or (key "clip") a clip that is.
struct Leak {
    std::int64_t fold = 0;
    std::string key, value;
    std::vector<schemas::Subset> subsets;

    bool operator==(const Leak&) const = default;
};
std::vector<Leak> leaks(std::span<const SplitItem> items, std::span<const schemas::SplitMember> members,
                        const std::vector<std::string>& group_keys);

// For each budget (shares of the whole weight, 0 to 1), the clips to label within it. The clips of a
// smaller budget are among those of any larger one. Clips come stratum by stratum, the least covered
// first, so that small budgets meet every label; ties by hash of seed and name. A positive budget has at
// least one clip. Throws std::invalid_argument for a budget outside of 0 to 1.
std::vector<std::vector<schemas::ClipId>> nested_masks(std::span<const SplitItem> items,
                                                       std::span<const double> budgets, std::uint64_t seed);

// The scheme as read from its text; throws std::invalid_argument, naming the forms there are.
struct RatioScheme {
    double train = 0, validation = 0, test = 0;  // sum 1
};
struct KFoldScheme {
    std::int64_t folds = 0;  // at least 2
};
struct CrossSubjectScheme {};
using SplitScheme = std::variant<RatioScheme, KFoldScheme, CrossSubjectScheme>;
SplitScheme split_scheme_from(const std::string& text);

}  // namespace storage
