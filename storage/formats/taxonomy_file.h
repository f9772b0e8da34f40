#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "schemas/taxonomy.h"

namespace storage {

// A taxonomy as people write it down: names instead of ids. The layout is
// schemas/json/taxonomy.schema.json.
struct TaxonomyFile {
    struct LabelEntry {
        std::string name;
        std::optional<std::string> colour, hotkey, parent, mirror;
        std::string description;
    };
    struct TrackEntry {
        std::string name;
        schemas::TrackKind kind = schemas::TrackKind::category;
        bool exclusive = true;
        bool per_performer = false;
        std::vector<LabelEntry> labels;
    };
    std::string name;
    std::vector<TrackEntry> tracks;
};

// Throws ReadError naming the file and the field.
TaxonomyFile read_taxonomy(const std::filesystem::path& file);
// The taxonomy that a project gets when it names none.
TaxonomyFile default_taxonomy();

}  // namespace storage
