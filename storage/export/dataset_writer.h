#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/export/dataset.h"
#include "storage/export/file_sink.h"
#include "storage/export/loss_report.h"
#include "storage/formats/activitynet.h"
#include "storage/formats/mstcn.h"

namespace storage {

enum class ExportFormat { mstcn, activitynet };

struct ExportOptions {
    std::vector<ExportFormat> formats;  // beside labels.json, which is always written
    MstcnOptions mstcn;
    ActivitynetOptions activitynet;
    std::string motivation;  // for the datasheet: why the dataset was made; may be empty
    std::string licence;     // its name or address; empty: the datasheet says plainly that there is none
    double budget = 0.2;     // share of the frames that people were asked to label
};

struct ExportReport {
    std::map<std::string, WrittenFile> files;  // by path within the export
    LossReport losses;
};

// Writes a dataset as a folder:
//   labels.json     everything, schemas/json/labels.schema.json
//   frames/<video>.csv, clips.csv, segments.csv, and with a split splits.csv, groups.csv (export_tables.h)
//   the files of the chosen formats (mstcn.h, activitynet.h)
//   datasheet.md    for people
//   croissant.json  for search engines and loaders
//   export.json     how it was made: versions, options, what the formats could not hold, each file's hash
//   SHA256SUMS      for `sha256sum --check`
// The folder appears as a whole or not at all; only an earlier export that nobody added to or changed is
// replaced. The same dataset and options give the same bytes, in whatever order clips and segments come.
//
// Throws std::invalid_argument (problems_of the dataset, unknown tracks, features of wrong length), WriteError.
ExportReport write_dataset(const Dataset& dataset, const std::filesystem::path& folder, const ExportOptions& options);

// A dry run: what write_dataset would write, to the byte, and lose. Writes nothing.
ExportReport plan_dataset(const Dataset& dataset, const ExportOptions& options);

}  // namespace storage

template <>
struct schemas::EnumNames<storage::ExportFormat> {
    static constexpr std::array<std::string_view, 2> names{"mstcn", "activitynet"};
};
template <>
struct schemas::EnumNames<storage::UnlabelledFrames> {
    static constexpr std::array<std::string_view, 2> names{"own_name", "background"};
};
