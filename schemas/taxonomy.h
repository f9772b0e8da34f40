#pragma once

#include <array>
#include <optional>
#include <string>

#include "schemas/id.h"
#include "schemas/row.h"

namespace schemas {

// category: what a passage is. primitive: contiguous motion units. key_pose: points.
// free: any further spans (arms, support, facing …).
enum class TrackKind { category, primitive, key_pose, free };

// A line of labels that the project wants. Segments of one layer, clip and performer on
// an exclusive track never overlap.
struct Track {
    TrackId id{};
    std::string name;  // unique
    TrackKind kind = TrackKind::category;
    bool exclusive = true;
    bool per_performer = false;
    std::int64_t position = 0;

    bool operator==(const Track&) const = default;
};

// A word of the taxonomy. Labels never vanish: they are deprecated or merged into
// another, so that old work keeps its meaning.
struct Label {
    LabelId id{};
    TrackId track{};
    std::string name;    // unique in its track
    std::string colour;  // "#rrggbb"
    std::optional<std::string> hotkey;
    std::optional<LabelId> parent;
    std::optional<LabelId> mirror;  // the left/right partner
    std::string description;
    bool deprecated = false;
    std::optional<LabelId> merged_into;
    std::int64_t position = 0;

    bool operator==(const Label&) const = default;
};

template <>
struct EnumNames<TrackKind> {
    static constexpr std::array<std::string_view, 4> names{"category", "primitive", "key_pose", "free"};
};

template <>
struct Table<Track> {
    static constexpr std::string_view name = "track";
    static constexpr auto fields = std::tuple{field("id", &Track::id),
                                              field("name", &Track::name),
                                              field("kind", &Track::kind),
                                              field("exclusive", &Track::exclusive),
                                              field("per_performer", &Track::per_performer),
                                              field("position", &Track::position)};
};
template <>
struct Table<Label> {
    static constexpr std::string_view name = "label";
    static constexpr auto fields = std::tuple{field("id", &Label::id),
                                              field("track", &Label::track),
                                              field("name", &Label::name),
                                              field("colour", &Label::colour),
                                              field("hotkey", &Label::hotkey),
                                              field("parent", &Label::parent),
                                              field("mirror", &Label::mirror),
                                              field("description", &Label::description),
                                              field("deprecated", &Label::deprecated),
                                              field("merged_into", &Label::merged_into),
                                              field("position", &Label::position)};
};

}  // namespace schemas
