#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "schemas/annotation.h"

namespace schemas {

enum class Subset { train, validation, test };

struct SplitMember {
    ClipId clip{};
    std::int64_t fold = 0;
    Subset subset = Subset::train;

    bool operator==(const SplitMember&) const = default;
};

// A named assignment of clips to subsets, once for each fold. A group (performer, take,
// choreography …) is never on both sides of one fold.
struct Split {
    SplitId id{};
    std::string name;
    std::string scheme;   // "60/20/20", "kfold:5", "cross-subject" …
    std::string grouped;  // comma-separated group keys
    std::int64_t seed = 0;
    Timestamp time = 0;
    std::vector<SplitMember> members;

    bool operator==(const Split&) const = default;
};

template <>
struct EnumNames<Subset> {
    static constexpr std::array<std::string_view, 3> names{"train", "validation", "test"};
};
template <>
struct Table<Split> {
    static constexpr std::string_view name = "split";
    // `members` live in a table of their own, split_member.
    static constexpr auto fields =
        std::tuple{field("id", &Split::id),           field("name", &Split::name), field("scheme", &Split::scheme),
                   field("grouped", &Split::grouped), field("seed", &Split::seed), field("time", &Split::time)};
};

}  // namespace schemas
