#pragma once

#include <string>

#include "storage/export/dataset_writer.h"

namespace storage {

// datasheet.md: what is in the dataset, how its labels were made, how to read it, what the formats lost; after
// Gebru et al., Datasheets for Datasets (CACM 2021). The only date is the snapshot's.
std::string datasheet_from(const Dataset& dataset, const ExportOptions& options, const LossReport& losses);

// A time as "2026-03-01T12:00:00Z".
std::string utc_text(schemas::Timestamp time);

}  // namespace storage
