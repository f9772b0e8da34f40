#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "schemas/row.h"

namespace storage {

enum class Severity { error, warning };

struct Finding {
    Severity severity = Severity::error;
    std::string what;
    std::string where;  // path within the export, with the line or field

    bool operator==(const Finding&) const = default;
};

// Checks an export of ours against itself, without the project it came from:
// - every file has the hash that SHA256SUMS and export.json say, and none is missing or was added;
// - frame tables count from 0, their times never run backwards and agree with their pts and with clips.csv;
// - groundTruth and masks have a line for each frame and one line end at the end, no label that mapping.txt lacks,
//   features a column for each frame; ids of mapping.txt are contiguous from 0;
// - segments.csv lies within its clips, and its seconds and those of ActivityNet files are those of the frames;
// - subsets of a fold share no clip, no video and no value of the keys that the split was grouped by.
// An empty list means that all of this holds. Folders that are no exports of ours give one finding.
//
// Thread: any. Throws nothing but std::bad_alloc.
std::vector<Finding> verify_export(const std::filesystem::path& folder);

}  // namespace storage

template <>
struct schemas::EnumNames<storage::Severity> {
    static constexpr std::array<std::string_view, 2> names{"error", "warning"};
};
